#include "storage/disk.h"

namespace zk::storage {

namespace {

class StorageCategory : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "zk.storage"; }
    std::string message(int code) const override {
        switch (static_cast<Errc>(code)) {
        case Errc::Io: return "the disk refused an operation";
        case Errc::Corrupt: return "a file does not hold what was written to it";
        case Errc::Locked: return "another process uses this directory";
        case Errc::Missing: return "a file that should be there is not";
        }
        return "unknown storage error";
    }
};

// The directory of a path: "a/b" of "a/b/c", "." of a bare name.
std::string parentOf(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace

const boost::system::error_category& storageCategory() {
    static const StorageCategory category;
    return category;
}

Result<std::string> readFile(Disk& disk, const std::string& path) {
    auto file = disk.open(path);
    if (!file) return file.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    return (*file)->read(0, static_cast<std::size_t>(*size));
}

Result<void> replaceFile(Disk& disk, const std::string& path, std::string_view bytes) {
    const std::string temporary = path + ".tmp";
    {
        auto file = disk.create(temporary);
        if (!file) return file.error();
        if (auto done = (*file)->write(0, bytes); !done) return done;
        if (auto done = (*file)->sync(); !done) return done;
    } // closed: some systems do not rename an open file
    if (auto done = disk.rename(temporary, path); !done) return done;
    return disk.syncDirectory(parentOf(path));
}

} // namespace zk::storage
