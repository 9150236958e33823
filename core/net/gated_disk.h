// GatedDisk: a disk behind a gate. Once the gate is shut every call is refused, so a server that is killed
// writes nothing more, however far its disk thread had come; as a process that is killed.
#pragma once

#include "admin/status.h"
#include "base/time.h"
#include "storage/disk.h"

#include <atomic>
#include <mutex>
#include <memory>

namespace zk::net {

class GatedDisk : public storage::Disk {
  public:
    // A sync of a transaction log that takes longer than `slow` is remembered with a sentence.
    explicit GatedDisk(std::unique_ptr<storage::Disk> disk, Duration slow = std::chrono::seconds(1));

    // Any thread: from now on every call fails with Errc::Io.
    void shut() { *shut_ = true; }
    // Any thread: how long the logs' syncs took, into the summary fsynctime and slowSyncs.
    void fillSyncTimes(admin::NodeStatus& status) const;
    // Any thread: the sentences since the last call.
    std::vector<std::string> takeSlowSyncs();

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
    friend class GatedFile;
    struct Shared {
        std::atomic<bool> shut = false;
        Duration slow{};
        std::mutex mutex; // of what follows
        admin::Distribution syncTimes; // of logs, in ms
        std::int64_t slowSyncs = 0;
        std::vector<std::string> warnings;
    };
    Result<std::unique_ptr<storage::File>> gated(Result<std::unique_ptr<storage::File>> file, const std::string& path) const;

    std::shared_ptr<Shared> shared_;
    std::atomic<bool>* shut_;
    std::unique_ptr<storage::Disk> disk_;
};

} // namespace zk::net
