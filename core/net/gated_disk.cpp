#include "net/gated_disk.h"

namespace zk::net {

namespace {

Error refused() { return {storage::Errc::Io, "the server was killed"}; }

class GatedFile : public storage::File {
  public:
    GatedFile(std::unique_ptr<storage::File> file, std::shared_ptr<std::atomic<bool>> shut)
        : file_(std::move(file)), shut_(std::move(shut)) {}

    Result<void> write(std::uint64_t offset, std::string_view bytes) override {
        if (*shut_) return refused();
        return file_->write(offset, bytes);
    }
    Result<void> sync() override {
        if (*shut_) return refused();
        return file_->sync();
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
    std::unique_ptr<storage::File> file_;
    std::shared_ptr<std::atomic<bool>> shut_;
};

} // namespace

GatedDisk::GatedDisk(std::unique_ptr<storage::Disk> disk)
    : shut_(std::make_shared<std::atomic<bool>>(false)), disk_(std::move(disk)) {}

Result<std::unique_ptr<storage::File>> GatedDisk::gated(Result<std::unique_ptr<storage::File>> file) const {
    if (!file) return file;
    return std::unique_ptr<storage::File>(std::make_unique<GatedFile>(std::move(*file), shut_));
}

Result<std::unique_ptr<storage::File>> GatedDisk::open(const std::string& path) {
    if (*shut_) return refused();
    return gated(disk_->open(path));
}

Result<std::unique_ptr<storage::File>> GatedDisk::create(const std::string& path) {
    if (*shut_) return refused();
    return gated(disk_->create(path));
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
