// Snapshots: snapshot.<zxid>, in Apache's format. 16 bytes of header (magic "ZKSN", version 2, database id
// -1), the body (sessions, ACLs, znodes, "/": what tree::View writes), a seal; then, each optional and each
// with a seal of its own: zxid, int 2 and digest of the tree; the last processed zxid. A seal is a long with
// the Adler-32 of every byte before it, and "/".
//
// A snapshot is written under another name and gets its own when it is durable: a snapshot with its name is
// whole, or somebody has changed it. Used by Store, on its thread.
#pragma once

#include "storage/store.h"

namespace zk::storage {

// What a snapshot is called until it is whole.
inline constexpr std::string_view kUnfinishedPrefix = "unfinished.";

// Errors: Corrupt with file and offset; Io.
Result<StoredSnapshot> readSnapshot(Disk& disk, const std::string& path, Zxid zxid);

// Does it begin and end as a snapshot does? Cheap; says nothing about what lies between.
Result<bool> looksWhole(Disk& disk, const std::string& path);

class SnapshotWriter {
  public:
    SnapshotWriter(Disk& disk, std::string directory, Zxid zxid, Compression method = Compression::None);
    SnapshotWriter(const SnapshotWriter&) = delete;
    SnapshotWriter& operator=(const SnapshotWriter&) = delete;
    // Removes the file where finish() has not succeeded.
    ~SnapshotWriter();

    Result<void> begin();
    Result<void> piece(std::string_view bytes);
    Result<void> finish(std::optional<std::uint64_t> digest, bool withLastZxid);
    Zxid zxid() const { return zxid_; }

  private:
    void seal(std::string& tail);
    Result<void> write(std::string_view bytes);

    Disk& disk_;
    std::string directory_, name_, temporary_;
    Zxid zxid_;
    std::unique_ptr<Compressor> compressor_;
    std::unique_ptr<File> file_;
    std::uint64_t written_ = 0;
    std::uint32_t adler_ = 1;
};

} // namespace zk::storage
