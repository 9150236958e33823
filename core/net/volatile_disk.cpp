#include "net/volatile_disk.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>

namespace zk::net {

namespace {

constexpr std::uint64_t kFreeBytes = std::uint64_t(1) << 40;

std::string parentOf(const std::string& path) {
    const std::string parent = std::filesystem::path(path).parent_path().generic_string();
    return parent.empty() ? "." : parent;
}

Error missing(const std::string& path, const char* deed) {
    return {storage::Errc::Missing, std::string("cannot ") + deed + " " + path + ": there is no such file"};
}

} // namespace

struct VolatileDisk::Files {
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<std::string>> contents; // by path
    std::set<std::string> directories{".", "/"};
    std::set<std::string> locked;
};

class VolatileDisk::VolatileFile : public storage::File {
  public:
    explicit VolatileFile(std::shared_ptr<std::string> content) : content_(std::move(content)) {}

    Result<void> write(std::uint64_t offset, std::string_view bytes) override {
        const auto at = static_cast<std::size_t>(offset);
        if (content_->size() < at + bytes.size()) content_->resize(at + bytes.size());
        content_->replace(at, bytes.size(), bytes);
        return {};
    }
    Result<void> sync() override { return {}; }
    Result<void> truncate(std::uint64_t size) override {
        content_->resize(static_cast<std::size_t>(size));
        return {};
    }
    Result<void> allocate(std::uint64_t size) override {
        if (content_->size() < size) content_->resize(static_cast<std::size_t>(size));
        return {};
    }
    Result<std::uint64_t> size() override { return static_cast<std::uint64_t>(content_->size()); }
    Result<std::string> read(std::uint64_t offset, std::size_t size) override {
        if (offset >= content_->size()) return std::string();
        return content_->substr(static_cast<std::size_t>(offset), size);
    }

  private:
    std::shared_ptr<std::string> content_;
};

class VolatileDisk::VolatileLock : public storage::DirectoryLock {
  public:
    VolatileLock(std::shared_ptr<Files> files, std::string directory)
        : files_(std::move(files)), directory_(std::move(directory)) {}
    ~VolatileLock() override {
        const std::lock_guard lock(files_->mutex);
        files_->locked.erase(directory_);
    }

  private:
    std::shared_ptr<Files> files_;
    std::string directory_;
};

VolatileDisk::VolatileDisk() : files_(std::make_shared<Files>()) {}
VolatileDisk::VolatileDisk(const VolatileDisk& other) = default;
VolatileDisk::~VolatileDisk() = default;

Result<std::unique_ptr<storage::File>> VolatileDisk::open(const std::string& path) {
    const std::lock_guard lock(files_->mutex);
    const auto found = files_->contents.find(path);
    if (found == files_->contents.end()) return missing(path, "open");
    return std::make_unique<VolatileFile>(found->second);
}

Result<std::unique_ptr<storage::File>> VolatileDisk::create(const std::string& path) {
    const std::lock_guard lock(files_->mutex);
    if (!files_->directories.contains(parentOf(path)))
        return Error{storage::Errc::Missing, "cannot create " + path + ": there is no such directory"};
    auto& content = files_->contents[path];
    if (content) content->clear();
    else content = std::make_shared<std::string>();
    return std::make_unique<VolatileFile>(content);
}

Result<void> VolatileDisk::makeDirectories(const std::string& path) {
    const std::lock_guard lock(files_->mutex);
    for (std::string part = path; files_->directories.insert(part).second;) part = parentOf(part);
    return {};
}

Result<std::vector<std::string>> VolatileDisk::list(const std::string& path) {
    const std::lock_guard lock(files_->mutex);
    std::vector<std::string> names;
    const auto add = [&](const std::string& each) {
        if (each != path && parentOf(each) == path) names.push_back(std::filesystem::path(each).filename().generic_string());
    };
    for (const auto& [each, content] : files_->contents) add(each);
    for (const std::string& each : files_->directories) add(each);
    std::sort(names.begin(), names.end());
    return names;
}

Result<bool> VolatileDisk::exists(const std::string& path) {
    const std::lock_guard lock(files_->mutex);
    return files_->contents.contains(path) || files_->directories.contains(path);
}

Result<void> VolatileDisk::remove(const std::string& path) {
    const std::lock_guard lock(files_->mutex);
    if (files_->contents.erase(path) == 0) return missing(path, "remove");
    return {};
}

Result<void> VolatileDisk::rename(const std::string& from, const std::string& to) {
    const std::lock_guard lock(files_->mutex);
    auto taken = files_->contents.extract(from);
    if (taken.empty()) return missing(from, "rename");
    files_->contents[to] = std::move(taken.mapped());
    return {};
}

Result<void> VolatileDisk::syncDirectory(const std::string&) { return {}; }

Result<std::unique_ptr<storage::DirectoryLock>> VolatileDisk::lock(const std::string& directory) {
    const std::lock_guard lock(files_->mutex);
    if (!files_->locked.insert(directory).second)
        return Error{storage::Errc::Locked, directory + " is in use by another server of this process"};
    return std::make_unique<VolatileLock>(files_, directory);
}

Result<std::uint64_t> VolatileDisk::freeBytes(const std::string&) { return kFreeBytes; }

} // namespace zk::net
