// A disk in memory, for tests and the simulator: it knows what has been synced and what has not, so that a
// crash can lose the rest, and any one of its operations can be made to fail, to tear or to be the last
// before a crash.
//
// What a file system promises and no more: a file's bytes and size are durable after its sync(), a name
// (created, removed, renamed) after syncDirectory(); until then a crash keeps any part of it. Directories are
// durable at once. After a sync that failed, what it should have made durable is lost for good, whatever
// later syncs say, as on Linux. One thread at a time. The files of a disk may outlive it.
#pragma once

#include "storage/disk.h"

#include <cstdint>
#include <optional>

namespace zk::storage {

enum class Fault {
    Fail,  // the operation gives an error and does nothing
    Tear,  // of a write half of the bytes land, then it gives an error; of other operations the same as Fail
    Crash, // the operation may or may not happen, and it and all that follow give errors; see survivors()
};

class MemoryDisk : public Disk {
  public:
    MemoryDisk();
    ~MemoryDisk() override;

    // Calls of Disk and File so far, refused ones included.
    std::uint64_t operations() const;
    // The operation with this number, counted from 1 since the disk was made, meets the fault.
    void failAt(std::uint64_t operation, Fault fault);
    // From now on every operation gives an error.
    void crash();
    // The disk as it is after a loss of power now. Without a seed everything that was not synced is lost;
    // with one, a part of it that the seed chooses survives, a write perhaps by half. This disk goes on as it
    // was; locks are not kept.
    std::unique_ptr<MemoryDisk> survivors(std::optional<std::uint64_t> seed = {}) const;

    Result<std::unique_ptr<File>> open(const std::string& path) override;
    Result<std::unique_ptr<File>> create(const std::string& path) override;
    Result<void> makeDirectories(const std::string& path) override;
    Result<std::vector<std::string>> list(const std::string& path) override;
    Result<bool> exists(const std::string& path) override;
    Result<void> remove(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> syncDirectory(const std::string& path) override;
    Result<std::unique_ptr<DirectoryLock>> lock(const std::string& directory) override;
    Result<std::uint64_t> freeBytes(const std::string& path) override;

  private:
    struct State;
    struct Inode;
    class MemoryFile;
    class MemoryLock;
    std::shared_ptr<State> state_;
};

} // namespace zk::storage
