// Transaction logs: log.<zxid of the first transaction>, in Apache's format. 16 bytes of header (magic
// "ZKLG", version 2, database id 0), then records: long Adler-32 of the transaction's bytes, int length, the
// bytes, 0x42; then zeros that were reserved in advance.
//
// What ends a log well: the end of the file, or zeros up to it. A record without its 0x42, or cut off by the
// end of the file, is a torn tail when no whole record follows. A wrong checksum before a 0x42, or any damage
// that a whole record follows, is an error: something that was written has changed. Used by Store, on its
// thread.
#pragma once

#include "base/ids.h"
#include "storage/disk.h"

#include <functional>
#include <optional>

namespace zk::storage {

// "log.100000001", "snapshot.0"
std::string nameOf(std::string_view prefix, Zxid zxid);
// The zxid in such a name; null where the name is another's.
std::optional<Zxid> zxidOfName(std::string_view prefix, std::string_view name);

struct LogScan {
    std::uint64_t end = 0;    // the offset after the last whole record; 0: not even the header is there
    std::optional<Zxid> last; // of the last whole record
    std::optional<std::string>
        torn; // a sentence about what stands after `end` where that is not zeros or nothing
};

// Reads a log from its start and calls `take` with every record: zxid, transaction, offset after the record.
// Errors: Corrupt with file and offset; Io; and what `take` returns.
using TakeRecord = std::function<Result<void>(Zxid, std::string_view txn, std::uint64_t end)>;
Result<LogScan> scanLog(Disk& disk, const std::string& path, const TakeRecord& take);

// Writes the logs of one directory. Appends gather in memory; sync() writes them with one write and one sync.
// After a failure it must not be used again: a system that failed to sync may have dropped the bytes and say
// yes the next time.
class LogWriter {
  public:
    LogWriter(Disk& disk, std::string directory, std::uint64_t preallocateBytes, bool forceSync);

    Result<void> append(Zxid zxid, std::string_view txn);
    Result<void> sync();
    // A file that has grown beyond this many bytes is followed by a new one; 0: never for its size.
    void limitSize(std::uint64_t bytes) { sizeLimit_ = bytes; }
    // The next append starts a new file.
    void roll() { rollAsked_ = true; }
    // Closes the file and forgets what was not synced. The next append starts a new file.
    void close();
    std::uint64_t bytes() const { return end_ + pending_.size(); }

  private:
    Result<void> startFile();
    Result<void> reserve(std::uint64_t end);

    Disk& disk_;
    std::string directory_;
    std::uint64_t preallocateBytes_, sizeLimit_ = 0;
    bool forceSync_;
    std::unique_ptr<File> file_;
    std::uint64_t end_ = 0, reserved_ = 0; // offsets in the file
    std::string pending_;                  // appended, not yet written
    Zxid firstPending_;
    bool rollAsked_ = false;
};

} // namespace zk::storage
