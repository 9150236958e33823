#include "net/gated_disk.h"

#include "net/clock.h"

#include <utility>

namespace zk::net {

namespace {

constexpr std::size_t kWarnings = 16; // that wait to be told

Error refused() { return {storage::Errc::Io, "the server was killed"}; }

bool isLog(const std::string& path) {
    return path.substr(path.rfind('/') + 1).starts_with("log.");
}

} // namespace

class GatedFile : public storage::File {
  public:
    GatedFile(std::unique_ptr<storage::File> file, std::shared_ptr<GatedDisk::Shared> shared, const std::string& path)
        : file_(std::move(file)), shared_(std::move(shared)), shut_(&shared_->shut), log_(isLog(path) ? path : "") {}

    Result<void> write(std::uint64_t offset, std::string_view bytes) override {
        if (*shut_) return refused();
        return file_->write(offset, bytes);
    }
    Result<void> sync() override {
        if (*shut_) return refused();
        if (log_.empty()) return file_->sync();
        const Instant begun = now();
        auto done = file_->sync();
        remember(now() - begun);
        return done;
    }
    Result<void> truncate(std::uint64_t size) override {
        if (*shut_) return refused();
        return file_->truncate(size);
    }
    Result<void> allocate(std::uint64_t size) override {
        if (*shut_) return refused();
        return file_->allocate(size);
    }
    Result<std::uint64_t> size() override {
        if (*shut_) return refused();
        return file_->size();
    }
    Result<std::string> read(std::uint64_t offset, std::size_t size) override {
        if (*shut_) return refused();
        return file_->read(offset, size);
    }

  private:
    void remember(Duration took) {
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
        const std::lock_guard lock(shared_->mutex);
        shared_->syncTimes.add(ms);
        if (took <= shared_->slow) return;
        ++shared_->slowSyncs;
        if (shared_->warnings.size() < kWarnings)
            shared_->warnings.push_back("syncing " + log_ + " took " + std::to_string(ms) +
                                        " ms, which every write waits for; see the disk (fsync.warningthresholdms)");
    }

    std::unique_ptr<storage::File> file_;
    std::shared_ptr<GatedDisk::Shared> shared_;
    std::atomic<bool>* const shut_;
    const std::string log_; // its path, where it is a transaction log
};

GatedDisk::GatedDisk(std::unique_ptr<storage::Disk> disk, Duration slow)
    : shared_(std::make_shared<Shared>()), shut_(&shared_->shut), disk_(std::move(disk)) {
    shared_->slow = slow;
}

void GatedDisk::fillSyncTimes(admin::NodeStatus& status) const {
    const std::lock_guard lock(shared_->mutex);
    status.summaries[std::string(admin::nameOf(admin::Summary::Fsynctime))] = shared_->syncTimes;
    status.slowSyncs = shared_->slowSyncs;
}

std::vector<std::string> GatedDisk::takeSlowSyncs() {
    const std::lock_guard lock(shared_->mutex);
    return std::exchange(shared_->warnings, {});
}

Result<std::unique_ptr<storage::File>> GatedDisk::gated(Result<std::unique_ptr<storage::File>> file,
                                                        const std::string& path) const {
    if (!file) return file;
    return std::unique_ptr<storage::File>(std::make_unique<GatedFile>(std::move(*file), shared_, path));
}

Result<std::unique_ptr<storage::File>> GatedDisk::open(const std::string& path) {
    if (*shut_) return refused();
    return gated(disk_->open(path), path);
}

Result<std::unique_ptr<storage::File>> GatedDisk::create(const std::string& path) {
    if (*shut_) return refused();
    return gated(disk_->create(path), path);
}

Result<void> GatedDisk::makeDirectories(const std::string& path) {
    if (*shut_) return refused();
    return disk_->makeDirectories(path);
}

Result<std::vector<std::string>> GatedDisk::list(const std::string& path) {
    if (*shut_) return refused();
    return disk_->list(path);
}

Result<bool> GatedDisk::exists(const std::string& path) {
    if (*shut_) return refused();
    return disk_->exists(path);
}

Result<void> GatedDisk::remove(const std::string& path) {
    if (*shut_) return refused();
    return disk_->remove(path);
}

Result<void> GatedDisk::rename(const std::string& from, const std::string& to) {
    if (*shut_) return refused();
    return disk_->rename(from, to);
}

Result<void> GatedDisk::syncDirectory(const std::string& path) {
    if (*shut_) return refused();
    return disk_->syncDirectory(path);
}

Result<std::unique_ptr<storage::DirectoryLock>> GatedDisk::lock(const std::string& directory) {
    if (*shut_) return refused();
    return disk_->lock(directory);
}

Result<std::uint64_t> GatedDisk::freeBytes(const std::string& path) {
    if (*shut_) return refused();
    return disk_->freeBytes(path);
}

} // namespace zk::net
