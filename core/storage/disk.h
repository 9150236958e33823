// Disk: the one door to the file system. posix and windows implement it for servers, memory for tests and the simulator,
// where the n-th call can be made to fail and a crash loses what was never synced.
//
// Every call may block and belongs on a host's disk thread (or in a test). Paths are UTF-8 with "/" between names.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace zk::storage {

enum class Errc {
    Io = 1,      // the system refused: no space, no permission, a broken device
    Corrupt = 2, // bytes on the disk that are not what was written
    Locked = 3,  // another process has this directory
    Missing = 4, // a file that should be there is not
};
const boost::system::error_category& storageCategory();
inline boost::system::error_code make_error_code(Errc code) { return {static_cast<int>(code), storageCategory()}; }

// An open file. Closing it (its destructor) does not sync.
class File {
  public:
    virtual ~File() = default;
    // Writes all of `bytes` at `offset`, growing the file where needed.
    virtual Result<void> write(std::uint64_t offset, std::string_view bytes) = 0;
    // Makes the file's bytes and size durable.
    virtual Result<void> sync() = 0;
    virtual Result<void> truncate(std::uint64_t size) = 0;
    // Reserves zero bytes up to `size`; the file's size becomes at least that.
    virtual Result<void> allocate(std::uint64_t size) = 0;
    virtual Result<std::uint64_t> size() = 0;
    // Up to `size` bytes from `offset`; fewer only at the end of the file.
    virtual Result<std::string> read(std::uint64_t offset, std::size_t size) = 0;
};

// Holds a directory for this process while it lives.
class DirectoryLock {
  public:
    virtual ~DirectoryLock() = default;
};

class Disk {
  public:
    virtual ~Disk() = default;
    virtual Result<std::unique_ptr<File>> open(const std::string& path) = 0;   // must exist
    virtual Result<std::unique_ptr<File>> create(const std::string& path) = 0; // truncates what is there
    virtual Result<void> makeDirectories(const std::string& path) = 0;
    // The names in a directory, sorted; empty where there is no such directory.
    virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
    virtual Result<bool> exists(const std::string& path) = 0;
    virtual Result<void> remove(const std::string& path) = 0;
    // Replaces `to` where it exists. Durable after syncDirectory.
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    virtual Result<void> syncDirectory(const std::string& path) = 0;
    // Errors: Errc::Locked, with the holder's process id in the sentence where the system tells it.
    virtual Result<std::unique_ptr<DirectoryLock>> lock(const std::string& directory) = 0;
    // Bytes that the file system has left for this directory.
    virtual Result<std::uint64_t> freeBytes(const std::string& path) = 0;
};

// The disk of this system.
std::unique_ptr<Disk> systemDisk();

// The whole of a small file (epochs, myid).
Result<std::string> readFile(Disk& disk, const std::string& path);
// Replaces a file so that a crash leaves the old or the new one, whole: .tmp, sync, rename, sync of the directory.
Result<void> replaceFile(Disk& disk, const std::string& path, std::string_view bytes);

} // namespace zk::storage

template <>
struct boost::system::is_error_code_enum<zk::storage::Errc> : std::true_type {};
