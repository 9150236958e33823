// The disk of POSIX systems. A sync is fdatasync, or F_FULLFSYNC where the system's fsync stops at the
// drive's cache. A directory is locked by flock on a file that holds the owner's process id, so that a second
// opener can be told who has it; the system drops the lock with the process.
#if !defined(_WIN32)

#include "storage/disk.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace zk::storage {

namespace {

const char* advice(int code) {
    switch (code) {
    case ENOSPC:
    case EDQUOT: return "; make room on the disk";
    case EACCES:
    case EPERM:
    case EROFS: return "; let this user write there, or choose another directory";
    case EMFILE:
    case ENFILE: return "; raise the limit of open files";
    default: return "";
    }
}

// "cannot write /data/log.1: No space left on device; make room on the disk"
Error systemError(const char* verb, const std::string& path, int code) {
    return {code == ENOENT ? Errc::Missing : Errc::Io,
            std::string("cannot ") + verb + " " + path + ": " + std::strerror(code) + advice(code)};
}

// A descriptor that closes itself.
class Descriptor {
  public:
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    int get() const { return value_; }

  private:
    int value_;
};

template <class Call>
auto retrying(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR)
        result = call();
    return result;
}

Result<Descriptor> openDescriptor(const char* verb, const std::string& path, int flags) {
    const int value = retrying([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0644); });
    if (value < 0) return systemError(verb, path, errno);
    return Descriptor(value);
}

int syncDescriptor(int descriptor) {
#if defined(__APPLE__)
    return retrying([&] { return ::fcntl(descriptor, F_FULLFSYNC); });
#else
    return retrying([&] { return ::fdatasync(descriptor); });
#endif
}

class PosixFile : public File {
  public:
    PosixFile(Descriptor descriptor, std::string path)
        : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

    Result<void> write(std::uint64_t offset, std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto written = retrying([&] {
                return ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
            });
            if (written < 0) return systemError("write", path_, errno);
            bytes.remove_prefix(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
        return {};
    }

    Result<void> sync() override {
        if (syncDescriptor(descriptor_.get()) != 0) return systemError("sync", path_, errno);
        return {};
    }

    Result<void> truncate(std::uint64_t size) override {
        if (retrying([&] { return ::ftruncate(descriptor_.get(), static_cast<off_t>(size)); }) != 0)
            return systemError("truncate", path_, errno);
        return {};
    }

    Result<void> allocate(std::uint64_t size) override {
        const auto before = this->size();
        if (!before) return before.error();
        if (*before >= size) return {};
#if defined(__APPLE__)
        return truncate(size);
#else
        int code = EINTR;
        while (code == EINTR)
            code = ::posix_fallocate(descriptor_.get(), static_cast<off_t>(*before),
                                     static_cast<off_t>(size - *before));
        if (code == EINVAL || code == EOPNOTSUPP) return truncate(size);
        if (code != 0) return systemError("reserve space for", path_, code);
        return {};
#endif
    }

    Result<std::uint64_t> size() override {
        struct stat status {};
        if (::fstat(descriptor_.get(), &status) != 0) return systemError("look at", path_, errno);
        return static_cast<std::uint64_t>(status.st_size);
    }

    Result<std::string> read(std::uint64_t offset, std::size_t size) override {
        const auto whole = this->size();
        if (!whole) return whole.error();
        if (offset >= *whole) return std::string();
        std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, *whole - offset)), '\0');
        std::size_t filled = 0;
        while (filled < bytes.size()) {
            const auto got = retrying([&] {
                return ::pread(descriptor_.get(), bytes.data() + filled, bytes.size() - filled,
                               static_cast<off_t>(offset + filled));
            });
            if (got < 0) return systemError("read", path_, errno);
            if (got == 0) break;
            filled += static_cast<std::size_t>(got);
        }
        bytes.resize(filled);
        return bytes;
    }

  private:
    Descriptor descriptor_;
    std::string path_;
};

class PosixLock : public DirectoryLock {
  public:
    explicit PosixLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  private:
    Descriptor descriptor_; // closing it frees the lock
};

class PosixDisk : public Disk {
  public:
    Result<std::unique_ptr<File>> open(const std::string& path) override {
        auto descriptor = openDescriptor("open", path, O_RDWR);
        if (!descriptor) return descriptor.error();
        return std::make_unique<PosixFile>(std::move(*descriptor), path);
    }

    Result<std::unique_ptr<File>> create(const std::string& path) override {
        auto descriptor = openDescriptor("create", path, O_RDWR | O_CREAT | O_TRUNC);
        if (!descriptor) return descriptor.error();
        return std::make_unique<PosixFile>(std::move(*descriptor), path);
    }

    Result<void> makeDirectories(const std::string& path) override {
        for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
            const std::string part = path.substr(0, end);
            if (::mkdir(part.c_str(), 0755) == 0) {
                if (auto done = syncDirectory(parentOf(part)); !done) return done;
            } else if (const int code = errno; !isDirectory(part)) {
                return systemError("make the directory", part, code == EEXIST ? ENOTDIR : code);
            }
            if (end == std::string::npos) return {};
        }
    }

    Result<std::vector<std::string>> list(const std::string& path) override {
        const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()),
                                                            [](DIR* open) { return ::closedir(open); });
        if (!directory) {
            if (errno == ENOENT) return std::vector<std::string>();
            return systemError("list", path, errno);
        }
        std::vector<std::string> names;
        errno = 0;
        while (const dirent* entry = ::readdir(directory.get())) {
            const std::string name = entry->d_name;
            if (name != "." && name != "..") names.push_back(name);
        }
        if (errno != 0) return systemError("list", path, errno);
        std::sort(names.begin(), names.end());
        return names;
    }

    Result<bool> exists(const std::string& path) override {
        struct stat status {};
        if (::stat(path.c_str(), &status) == 0) return true;
        if (errno == ENOENT || errno == ENOTDIR) return false;
        return systemError("look at", path, errno);
    }

    Result<void> remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0) return systemError("remove", path, errno);
        return {};
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) return systemError("rename", from, errno);
        return {};
    }

    Result<void> syncDirectory(const std::string& path) override {
        const auto descriptor = openDescriptor("sync the directory", path, O_RDONLY | O_DIRECTORY);
        if (!descriptor) return descriptor.error();
        if (retrying([&] { return ::fsync(descriptor->get()); }) != 0)
            return systemError("sync the directory", path, errno);
        return {};
    }

    Result<std::unique_ptr<DirectoryLock>> lock(const std::string& directory) override {
        const std::string path = directory + "/vivarium.lock";
        auto descriptor = openDescriptor("lock", path, O_RDWR | O_CREAT);
        if (!descriptor) return descriptor.error();
        if (retrying([&] { return ::flock(descriptor->get(), LOCK_EX | LOCK_NB); }) != 0) {
            if (errno != EWOULDBLOCK) return systemError("lock", path, errno);
            return heldByAnother(directory, descriptor->get());
        }
        const std::string owner = std::to_string(::getpid()) + "\n";
        if (::ftruncate(descriptor->get(), 0) != 0 ||
            ::pwrite(descriptor->get(), owner.data(), owner.size(), 0) != static_cast<ssize_t>(owner.size()))
            return systemError("write", path, errno);
        return std::make_unique<PosixLock>(std::move(*descriptor));
    }

    Result<std::uint64_t> freeBytes(const std::string& path) override {
        struct statvfs status {};
        if (::statvfs(path.c_str(), &status) != 0) return systemError("look at the disk of", path, errno);
        return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
    }

  private:
    static bool isDirectory(const std::string& path) {
        struct stat status {};
        return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    }

    static std::string parentOf(const std::string& path) {
        const auto slash = path.rfind('/');
        if (slash == std::string::npos) return ".";
        return slash == 0 ? "/" : path.substr(0, slash);
    }

    static Error heldByAnother(const std::string& directory, int descriptor) {
        char text[32] = {};
        const auto got = ::pread(descriptor, text, sizeof text - 1, 0);
        const std::string pid(text, got > 0 ? std::strcspn(text, "\n") : 0);
        return {Errc::Locked, directory + " is in use by " +
                                  (pid.empty() ? std::string("another process") : "process " + pid) +
                                  "; stop it, or attach to it"};
    }
};

} // namespace

std::unique_ptr<Disk> systemDisk() {
    return std::make_unique<PosixDisk>();
}

} // namespace zk::storage

#endif
