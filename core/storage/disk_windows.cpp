// The disk of Windows. A sync is FlushFileBuffers; names are durable with the journal of NTFS, so
// syncDirectory has nothing to do. A directory is locked by a file that this process has open for writing and
// that others may only read: it holds the owner's process id, and the system gives it free with the process.
#if defined(_WIN32)

#include "storage/disk.h"

#include <algorithm>
#include <utility>

#if !defined(NOMINMAX)
#define NOMINMAX
#endif
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

namespace zk::storage {

namespace {

std::wstring wide(const std::string& text) {
    const int size = MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0);
    std::wstring result(static_cast<std::size_t>(size), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), result.data(), size);
    return result;
}

std::string narrow(const wchar_t* text) {
    const int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, nullptr, 0, nullptr, nullptr);
    std::string result(static_cast<std::size_t>(size), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text, -1, result.data(), size, nullptr, nullptr);
    result.resize(result.size() - 1); // the zero at its end
    return result;
}

const char* advice(DWORD code) {
    switch (code) {
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL: return "; make room on the disk";
    case ERROR_ACCESS_DENIED:
    case ERROR_WRITE_PROTECT: return "; let this user write there, or choose another directory";
    case ERROR_SHARING_VIOLATION: return "; close the program that has it open";
    default: return "";
    }
}

// "cannot write C:/data/log.1: there is not enough space on the disk (112); make room on the disk"
Error systemError(const char* verb, const std::string& path, DWORD code = GetLastError()) {
    wchar_t text[256] = L"";
    const DWORD size = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr,
                                      code, 0, text, 256, nullptr);
    std::string reason = size > 0 ? narrow(text) : "error";
    while (!reason.empty() && (reason.back() == '\n' || reason.back() == '\r' || reason.back() == '.'))
        reason.pop_back();
    const bool missing = code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND;
    return {missing ? Errc::Missing : Errc::Io, std::string("cannot ") + verb + " " + path + ": " + reason +
                                                    " (" + std::to_string(code) + ")" + advice(code)};
}

// A handle that closes itself.
class Handle {
  public:
    explicit Handle(HANDLE value) : value_(value) {}
    Handle(Handle&& other) noexcept : value_(std::exchange(other.value_, INVALID_HANDLE_VALUE)) {}
    Handle& operator=(Handle&&) = delete;
    ~Handle() {
        if (value_ != INVALID_HANDLE_VALUE) CloseHandle(value_);
    }
    HANDLE get() const { return value_; }

  private:
    HANDLE value_;
};

OVERLAPPED at(std::uint64_t offset) {
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32);
    return place;
}

class WindowsFile : public File {
  public:
    WindowsFile(Handle handle, std::string path) : handle_(std::move(handle)), path_(std::move(path)) {}

    Result<void> write(std::uint64_t offset, std::string_view bytes) override {
        while (!bytes.empty()) {
            OVERLAPPED place = at(offset);
            DWORD written = 0;
            const auto size = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), kMost));
            if (!WriteFile(handle_.get(), bytes.data(), size, &written, &place))
                return systemError("write", path_);
            bytes.remove_prefix(written);
            offset += written;
        }
        return {};
    }

    Result<void> sync() override {
        if (!FlushFileBuffers(handle_.get())) return systemError("sync", path_);
        return {};
    }

    Result<void> truncate(std::uint64_t size) override {
        FILE_END_OF_FILE_INFO end{};
        end.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
        if (!SetFileInformationByHandle(handle_.get(), FileEndOfFileInfo, &end, sizeof end))
            return systemError("truncate", path_);
        return {};
    }

    Result<void> allocate(std::uint64_t size) override {
        const auto before = this->size();
        if (!before) return before.error();
        return *before < size ? truncate(size) : Result<void>();
    }

    Result<std::uint64_t> size() override {
        LARGE_INTEGER size{};
        if (!GetFileSizeEx(handle_.get(), &size)) return systemError("look at", path_);
        return static_cast<std::uint64_t>(size.QuadPart);
    }

    Result<std::string> read(std::uint64_t offset, std::size_t size) override {
        const auto whole = this->size();
        if (!whole) return whole.error();
        if (offset >= *whole) return std::string();
        std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, *whole - offset)), '\0');
        std::size_t filled = 0;
        while (filled < bytes.size()) {
            OVERLAPPED place = at(offset + filled);
            DWORD got = 0;
            const auto most = static_cast<DWORD>(std::min<std::size_t>(bytes.size() - filled, kMost));
            if (!ReadFile(handle_.get(), bytes.data() + filled, most, &got, &place)) {
                if (GetLastError() == ERROR_HANDLE_EOF) break;
                return systemError("read", path_);
            }
            if (got == 0) break;
            filled += got;
        }
        bytes.resize(filled);
        return bytes;
    }

  private:
    static constexpr std::size_t kMost = 1 << 30; // of one call

    Handle handle_;
    std::string path_;
};

class WindowsLock : public DirectoryLock {
  public:
    explicit WindowsLock(WindowsFile file) : file_(std::move(file)) {}

  private:
    WindowsFile file_; // closing it frees the lock
};

class WindowsDisk : public Disk {
  public:
    Result<std::unique_ptr<File>> open(const std::string& path) override {
        return openFile("open", path, OPEN_EXISTING);
    }
    Result<std::unique_ptr<File>> create(const std::string& path) override {
        return openFile("create", path, CREATE_ALWAYS);
    }

    Result<void> makeDirectories(const std::string& path) override {
        for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
            const std::string part = path.substr(0, end);
            if (!part.ends_with(':') && !CreateDirectoryW(wide(part).c_str(), nullptr)) {
                const DWORD code = GetLastError();
                const DWORD attributes = GetFileAttributesW(wide(part).c_str());
                if (attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY))
                    return systemError("make the directory", part, code);
            }
            if (end == std::string::npos) return {};
        }
    }

    Result<std::vector<std::string>> list(const std::string& path) override {
        WIN32_FIND_DATAW entry{};
        const HANDLE search = FindFirstFileW(wide(path + "/*").c_str(), &entry);
        std::vector<std::string> names;
        if (search == INVALID_HANDLE_VALUE) {
            const DWORD code = GetLastError();
            if (code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND) return names;
            return systemError("list", path, code);
        }
        do {
            const std::string name = narrow(entry.cFileName);
            if (name != "." && name != "..") names.push_back(name);
        } while (FindNextFileW(search, &entry));
        const DWORD code = GetLastError();
        FindClose(search);
        if (code != ERROR_NO_MORE_FILES) return systemError("list", path, code);
        std::sort(names.begin(), names.end());
        return names;
    }

    Result<bool> exists(const std::string& path) override {
        if (GetFileAttributesW(wide(path).c_str()) != INVALID_FILE_ATTRIBUTES) return true;
        const DWORD code = GetLastError();
        if (code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND) return false;
        return systemError("look at", path, code);
    }

    Result<void> remove(const std::string& path) override {
        if (!DeleteFileW(wide(path).c_str())) return systemError("remove", path);
        return {};
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        if (!MoveFileExW(wide(from).c_str(), wide(to).c_str(),
                         MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
            return systemError("rename", from);
        return {};
    }

    Result<void> syncDirectory(const std::string&) override { return {}; }

    Result<std::unique_ptr<DirectoryLock>> lock(const std::string& directory) override {
        const std::string path = directory + "/vivarium.lock";
        Handle handle(CreateFileW(wide(path).c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, nullptr,
                                  OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr));
        if (handle.get() == INVALID_HANDLE_VALUE) {
            if (GetLastError() != ERROR_SHARING_VIOLATION) return systemError("lock", path);
            return heldByAnother(directory, path);
        }
        WindowsFile file(std::move(handle), path);
        if (auto done = file.truncate(0); !done) return done.error();
        if (auto done = file.write(0, std::to_string(GetCurrentProcessId()) + "\n"); !done)
            return done.error();
        return std::make_unique<WindowsLock>(std::move(file));
    }

    Result<std::uint64_t> freeBytes(const std::string& path) override {
        ULARGE_INTEGER bytes{};
        if (!GetDiskFreeSpaceExW(wide(path).c_str(), &bytes, nullptr, nullptr))
            return systemError("look at the disk of", path);
        return static_cast<std::uint64_t>(bytes.QuadPart);
    }

  private:
    static Result<std::unique_ptr<File>> openFile(const char* verb, const std::string& path, DWORD how) {
        Handle handle(CreateFileW(wide(path).c_str(), GENERIC_READ | GENERIC_WRITE,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, how,
                                  FILE_ATTRIBUTE_NORMAL, nullptr));
        if (handle.get() == INVALID_HANDLE_VALUE) return systemError(verb, path);
        return std::make_unique<WindowsFile>(std::move(handle), path);
    }

    static Error heldByAnother(const std::string& directory, const std::string& path) {
        Handle handle(CreateFileW(wide(path).c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                  nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
        std::string owner = "another process";
        if (handle.get() != INVALID_HANDLE_VALUE) {
            const auto text = WindowsFile(std::move(handle), path).read(0, 31);
            if (text && !text->empty()) owner = "process " + text->substr(0, text->find('\n'));
        }
        return {Errc::Locked, directory + " is in use by " + owner + "; stop it, or attach to it"};
    }
};

} // namespace

std::unique_ptr<Disk> systemDisk() {
    return std::make_unique<WindowsDisk>();
}

} // namespace zk::storage

#endif
