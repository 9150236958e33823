// GatedDisk: a disk behind a gate. Once the gate is shut every call is refused, so a server that is killed
// writes nothing more, however far its disk thread had come; as a process that is killed.
#pragma once

#include "storage/disk.h"

#include <atomic>
#include <memory>

namespace zk::net {

class GatedDisk : public storage::Disk {
  public:
    explicit GatedDisk(std::unique_ptr<storage::Disk> disk);

    // Any thread: from now on every call fails with Errc::Io.
    void shut() { *shut_ = true; }

    Result<std::unique_ptr<storage::File>> open(const std::string& path) override;
    Result<std::unique_ptr<storage::File>> create(const std::string& path) override;
    Result<void> makeDirectories(const std::string& path) override;
    Result<std::vector<std::string>> list(const std::string& path) override;
    Result<bool> exists(const std::string& path) override;
    Result<void> remove(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> syncDirectory(const std::string& path) override;
    Result<std::unique_ptr<storage::DirectoryLock>> lock(const std::string& directory) override;
    Result<std::uint64_t> freeBytes(const std::string& path) override;

  private:
    Result<std::unique_ptr<storage::File>> gated(Result<std::unique_ptr<storage::File>> file) const;

    std::shared_ptr<std::atomic<bool>> shut_;
    std::unique_ptr<storage::Disk> disk_;
};

} // namespace zk::net
