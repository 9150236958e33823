// VolatileDisk: files in this process's memory, for servers that are to leave nothing behind.
//
// What is written is there at once, for every copy of the disk, until the last copy and the last open file have gone;
// syncing has nothing to do. Copies and their files may be used by several threads, one file by one at a time.
#pragma once

#include "storage/disk.h"

namespace zk::net {

class VolatileDisk : public storage::Disk {
  public:
    VolatileDisk();
    // A copy is another door to the same files.
    VolatileDisk(const VolatileDisk& other);
    ~VolatileDisk() override;

    Result<std::unique_ptr<storage::File>> open(const std::string& path) override;
    Result<std::unique_ptr<storage::File>> create(const std::string& path) override;
    Result<void> makeDirectories(const std::string& path) override;
    Result<std::vector<std::string>> list(const std::string& path) override;
    Result<bool> exists(const std::string& path) override;
    Result<void> remove(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> syncDirectory(const std::string& path) override;
    Result<std::unique_ptr<storage::DirectoryLock>> lock(const std::string& directory) override;
    // As much as a file system of ordinary size: what memory there is, only the system knows.
    Result<std::uint64_t> freeBytes(const std::string& path) override;

  private:
    struct Files;
    class VolatileFile;
    class VolatileLock;
    std::shared_ptr<Files> files_;
};

} // namespace zk::net
