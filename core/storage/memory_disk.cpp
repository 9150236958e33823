#include "storage/memory_disk.h"

#include "base/rng.h"

#include <algorithm>
#include <map>
#include <set>

namespace zk::storage {

namespace {

std::string parentOf(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

// A change of a file's bytes.
struct Change {
    enum class Kind { Write, Truncate, Allocate } kind;
    std::uint64_t at; // a write's offset; otherwise the size
    std::string bytes;

    void applyTo(std::string& content) const {
        switch (kind) {
        case Kind::Write:
            if (content.size() < at + bytes.size()) content.resize(at + bytes.size());
            content.replace(at, bytes.size(), bytes);
            break;
        case Kind::Truncate: content.resize(at); break;
        case Kind::Allocate: content.resize(std::max<std::uint64_t>(content.size(), at)); break;
        }
    }
};

} // namespace

struct MemoryDisk::Inode {
    std::string content; // as a reader sees it
    std::string durable; // as after a crash that loses all it may
    std::vector<Change> unsynced;

    void apply(Change change) {
        change.applyTo(content);
        unsynced.push_back(std::move(change));
    }
    void sync() {
        for (const Change& change : unsynced)
            change.applyTo(durable);
        unsynced.clear();
    }
};

struct MemoryDisk::State {
    using Names = std::map<std::string, std::shared_ptr<Inode>>;

    // A change of names: `remove` goes, `add` stands for `inode`. Empty: neither.
    struct NameChange {
        std::string directory, remove, add;
        std::shared_ptr<Inode> inode;

        void applyTo(Names& names) const {
            if (!remove.empty()) names.erase(remove);
            if (!add.empty()) names[add] = inode;
        }
    };

    Names names, durableNames;
    std::vector<NameChange> unsynced;
    std::set<std::string> directories{".", "/"};
    std::set<std::string> locked;
    std::uint64_t operations = 0, faultAt = 0;
    Fault fault = Fault::Fail;
    bool crashed = false;

    // What happens to the operation that begins now: nothing, a fault, or an error as the disk has crashed.
    enum class Fate { Goes, Fails, Tears, Crashes };
    Fate next() {
        ++operations;
        if (crashed) return Fate::Fails;
        if (operations != faultAt) return Fate::Goes;
        if (fault == Fault::Crash) crashed = true;
        return fault == Fault::Crash ? Fate::Crashes : fault == Fault::Tear ? Fate::Tears : Fate::Fails;
    }
    // For operations that happen or do not.
    bool refuses() { return next() != Fate::Goes; }

    Error error(const std::string& path) const {
        return {Errc::Io, (crashed ? "the disk crashed: " : "the disk failed on request: ") + path};
    }

    void change(NameChange step) {
        step.applyTo(names);
        unsynced.push_back(std::move(step));
    }
};

class MemoryDisk::MemoryFile : public File {
  public:
    MemoryFile(std::shared_ptr<State> state, std::shared_ptr<Inode> inode, std::string path)
        : state_(std::move(state)), inode_(std::move(inode)), path_(std::move(path)) {}

    Result<void> write(std::uint64_t offset, std::string_view bytes) override {
        return change({Change::Kind::Write, offset, std::string(bytes)});
    }
    Result<void> truncate(std::uint64_t size) override { return change({Change::Kind::Truncate, size, {}}); }
    Result<void> allocate(std::uint64_t size) override { return change({Change::Kind::Allocate, size, {}}); }

    Result<void> sync() override {
        if (state_->refuses()) {
            if (!state_->crashed) inode_->unsynced.clear(); // lost: the system has dropped them
            return state_->error(path_);
        }
        inode_->sync();
        return {};
    }
    Result<std::uint64_t> size() override {
        if (state_->refuses()) return state_->error(path_);
        return static_cast<std::uint64_t>(inode_->content.size());
    }
    Result<std::string> read(std::uint64_t offset, std::size_t size) override {
        if (state_->refuses()) return state_->error(path_);
        if (offset >= inode_->content.size()) return std::string();
        return inode_->content.substr(static_cast<std::size_t>(offset), size);
    }

  private:
    Result<void> change(Change change) {
        switch (state_->next()) {
        case State::Fate::Goes: inode_->apply(std::move(change)); return {};
        case State::Fate::Fails: break;
        case State::Fate::Tears:
            if (change.kind != Change::Kind::Write) break;
            change.bytes.resize(change.bytes.size() / 2);
            inode_->apply(std::move(change));
            break;
        case State::Fate::Crashes: inode_->apply(std::move(change)); break;
        }
        return state_->error(path_);
    }

    std::shared_ptr<State> state_;
    std::shared_ptr<Inode> inode_;
    std::string path_;
};

class MemoryDisk::MemoryLock : public DirectoryLock {
  public:
    MemoryLock(std::shared_ptr<State> state, std::string directory)
        : state_(std::move(state)), directory_(std::move(directory)) {}
    ~MemoryLock() override { state_->locked.erase(directory_); }

  private:
    std::shared_ptr<State> state_;
    std::string directory_;
};

MemoryDisk::MemoryDisk() : state_(std::make_shared<State>()) {}
MemoryDisk::~MemoryDisk() = default;

std::uint64_t MemoryDisk::operations() const {
    return state_->operations;
}

void MemoryDisk::failAt(std::uint64_t operation, Fault fault) {
    state_->faultAt = operation;
    state_->fault = fault;
}

void MemoryDisk::crash() {
    state_->crashed = true;
}

std::unique_ptr<MemoryDisk> MemoryDisk::survivors(std::optional<std::uint64_t> seed) const {
    Rng rng(seed.value_or(0));
    State::Names names = state_->durableNames;
    for (const State::NameChange& change : state_->unsynced)
        if (seed && rng.chance(0.5)) change.applyTo(names);
    auto disk = std::make_unique<MemoryDisk>();
    disk->state_->directories = state_->directories;
    std::map<const Inode*, std::shared_ptr<Inode>> copies; // one file may still have two names
    for (const auto& [path, inode] : names) {
        auto& copy = copies[inode.get()];
        if (!copy) {
            copy = std::make_shared<Inode>();
            copy->durable = inode->durable;
            for (Change change : inode->unsynced) {
                if (!seed || !rng.chance(0.5)) continue;
                if (rng.chance(0.25)) change.bytes.resize(rng.below(change.bytes.size() + 1));
                change.applyTo(copy->durable);
            }
            copy->content = copy->durable;
        }
        disk->state_->names[path] = copy;
    }
    disk->state_->durableNames = disk->state_->names;
    return disk;
}

Result<std::unique_ptr<File>> MemoryDisk::open(const std::string& path) {
    if (state_->refuses()) return state_->error(path);
    const auto found = state_->names.find(path);
    if (found == state_->names.end())
        return Error{Errc::Missing, "cannot open " + path + ": there is no such file"};
    return std::make_unique<MemoryFile>(state_, found->second, path);
}

Result<std::unique_ptr<File>> MemoryDisk::create(const std::string& path) {
    const State::Fate fate = state_->next();
    if (fate != State::Fate::Goes && fate != State::Fate::Crashes) return state_->error(path);
    if (!state_->directories.contains(parentOf(path)))
        return Error{Errc::Missing, "cannot create " + path + ": there is no such directory"};
    auto& inode = state_->names[path];
    if (inode) {
        inode->apply({Change::Kind::Truncate, 0, {}});
    } else {
        inode = std::make_shared<Inode>();
        state_->unsynced.push_back({parentOf(path), {}, path, inode});
    }
    if (fate == State::Fate::Crashes) return state_->error(path);
    return std::make_unique<MemoryFile>(state_, inode, path);
}

Result<void> MemoryDisk::makeDirectories(const std::string& path) {
    if (state_->refuses()) return state_->error(path);
    for (std::string part = path; state_->directories.insert(part).second;)
        part = parentOf(part);
    return {};
}

Result<std::vector<std::string>> MemoryDisk::list(const std::string& path) {
    if (state_->refuses()) return state_->error(path);
    std::vector<std::string> names;
    for (const auto& [name, inode] : state_->names)
        if (parentOf(name) == path) names.push_back(name.substr(name.rfind('/') + 1));
    for (const std::string& directory : state_->directories)
        if (directory.find('/') != std::string::npos && directory != "/" && parentOf(directory) == path)
            names.push_back(directory.substr(directory.rfind('/') + 1));
    std::sort(names.begin(), names.end());
    return names;
}

Result<bool> MemoryDisk::exists(const std::string& path) {
    if (state_->refuses()) return state_->error(path);
    return state_->names.contains(path) || state_->directories.contains(path);
}

Result<void> MemoryDisk::remove(const std::string& path) {
    const State::Fate fate = state_->next();
    if (fate != State::Fate::Goes && fate != State::Fate::Crashes) return state_->error(path);
    if (!state_->names.contains(path))
        return Error{Errc::Missing, "cannot remove " + path + ": there is no such file"};
    state_->change({parentOf(path), path, {}, {}});
    if (fate == State::Fate::Crashes) return state_->error(path);
    return {};
}

Result<void> MemoryDisk::rename(const std::string& from, const std::string& to) {
    const State::Fate fate = state_->next();
    if (fate != State::Fate::Goes && fate != State::Fate::Crashes) return state_->error(from);
    const auto found = state_->names.find(from);
    if (found == state_->names.end())
        return Error{Errc::Missing, "cannot rename " + from + ": there is no such file"};
    state_->change({parentOf(to), from, to, found->second});
    if (fate == State::Fate::Crashes) return state_->error(from);
    return {};
}

Result<void> MemoryDisk::syncDirectory(const std::string& path) {
    const bool refused = state_->refuses();
    if (refused && state_->crashed) return state_->error(path);
    std::erase_if(state_->unsynced, [&](const State::NameChange& change) {
        if (change.directory != path) return false;
        if (!refused) change.applyTo(state_->durableNames);
        return true;
    });
    if (refused) return state_->error(path);
    return {};
}

Result<std::unique_ptr<DirectoryLock>> MemoryDisk::lock(const std::string& directory) {
    if (state_->refuses()) return state_->error(directory);
    if (!state_->locked.insert(directory).second)
        return Error{Errc::Locked, directory + " is in use by another server; stop it, or attach to it"};
    return std::make_unique<MemoryLock>(state_, directory);
}

Result<std::uint64_t> MemoryDisk::freeBytes(const std::string& path) {
    if (state_->refuses()) return state_->error(path);
    return std::uint64_t(1) << 40;
}

} // namespace zk::storage
