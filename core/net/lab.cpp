#include "net/lab.h"

#include "net/clock.h"
#include "net/control.h"
#include "net/lab_layout.h"
#include "net/quit.h"

#include <boost/process/environment.hpp>
#include <boost/property_tree/json_parser.hpp>

#include <filesystem>
#include <future>
#include <random>
#include <sstream>

namespace zk::net {

namespace {

namespace fs = std::filesystem;

constexpr Duration kAttachPatience = std::chrono::seconds(3);
constexpr auto kAttachPause = std::chrono::milliseconds(50); // between two tries, while the other process is starting
constexpr std::size_t kTokenWords = 4;

struct Pass {
    int pid = 0;
    std::uint16_t port = 0;
    std::string token;
};

std::string passFile(const std::string& directory) { return directory + "/ensemble.json"; }

std::string newToken() {
    std::random_device chance;
    std::string bytes;
    jute::Writer out(bytes);
    for (std::size_t word = 0; word < kTokenWords; ++word) out.i32(static_cast<std::int32_t>(chance()));
    return toHex(bytes);
}

// Nobody but the owner may read the token: the permissions come before the contents.
Result<void> writePass(storage::Disk& disk, const std::string& directory, const Pass& pass) {
    boost::property_tree::ptree tree;
    tree.put("pid", pass.pid);
    tree.put("port", pass.port);
    tree.put("token", pass.token);
    std::ostringstream text;
    boost::property_tree::write_json(text, tree);
    const std::string path = passFile(directory), draft = path + ".new";
    {
        const auto file = disk.create(draft);
        if (!file) return file.error();
        std::error_code error;
        fs::permissions(draft, fs::perms::owner_read | fs::perms::owner_write, fs::perm_options::replace, error);
        if (error) return Error{storage::Errc::Io, "The permissions of " + draft + " cannot be set: " + error.message()};
        if (auto written = (*file)->write(0, text.str()); !written) return written;
    }
    return disk.rename(draft, path);
}

std::optional<Pass> readPass(storage::Disk& disk, const std::string& directory) {
    const auto text = storage::readFile(disk, passFile(directory));
    if (!text) return std::nullopt;
    try {
        std::istringstream in(*text);
        boost::property_tree::ptree tree;
        boost::property_tree::read_json(in, tree);
        return Pass{tree.get<int>("pid"), tree.get<std::uint16_t>("port"), tree.get<std::string>("token")};
    } catch (const boost::property_tree::ptree_error&) {
        return std::nullopt; // being written, or damaged
    }
}

// A lab that this process hosts. Its parts end in this order: control port, servers, ensemble.json, lock, and the
// directory where that is temporary.
struct Hosted {
    std::unique_ptr<storage::Disk> disk;
    std::string directory;
    bool temporary = false;
    std::unique_ptr<storage::DirectoryLock> lock;
    std::unique_ptr<EmbeddedEnsemble> ensemble;
    std::unique_ptr<ControlServer> control;

    ~Hosted() {
        control.reset();
        ensemble.reset();
        if (disk && lock) (void)disk->remove(passFile(directory));
        lock.reset();
        std::error_code ignored;
        if (temporary) fs::remove_all(directory, ignored);
    }
};

std::string plainDirectory(const std::string& wanted) {
    std::error_code error;
    const fs::path whole = fs::absolute(wanted.empty() ? defaultLabDirectory() : wanted, error).lexically_normal();
    std::string text = whole.generic_string();
    while (text.size() > 1 && text.back() == '/') text.pop_back();
    return text;
}

// Tries as long as the other process may be on its way up, or down.
Result<std::shared_ptr<AttachedEnsemble>> attachSoon(storage::Disk& disk, const std::string& directory, Duration patience) {
    const Instant until = now() + patience;
    std::string why = "there is no ensemble.json";
    do {
        if (const auto pass = readPass(disk, directory)) {
            auto attached = attach(pass->port, pass->token, kAttachPatience);
            if (attached) return attached;
            why = attached.error().message();
        }
        std::this_thread::sleep_for(kAttachPause);
    } while (now() < until);
    return Error{storage::Errc::Locked, "Another process hosts the ensemble in " + directory + " and cannot be reached (" + why +
                                            "). End that process, or choose another directory."};
}

Result<OpenedLab> host(std::unique_ptr<storage::Disk> disk, const std::string& directory,
                       std::unique_ptr<storage::DirectoryLock> lock, const ensemble::LabOptions& options,
                       std::function<void()> onShutDown) {
    auto hosted = std::make_shared<Hosted>();
    hosted->disk = std::move(disk);
    hosted->directory = directory;
    hosted->temporary = options.data == ensemble::LabOptions::Data::Temporary;
    hosted->lock = std::move(lock);
    auto servers = openLayout(*hosted->disk, directory, options);
    if (!servers) return servers.error();
    hosted->ensemble = std::make_unique<EmbeddedEnsemble>(directory, std::move(*servers));
    Pass pass{boost::this_process::get_id(), 0, newToken()};
    auto control = ControlServer::open(*hosted->ensemble, pass.token);
    if (!control) return control.error();
    hosted->control = std::move(*control);
    if (onShutDown) hosted->control->onShutDown(std::move(onShutDown));
    pass.port = hosted->control->port();
    if (auto written = writePass(*hosted->disk, directory, pass); !written) return written.error();
    return OpenedLab{std::shared_ptr<ensemble::Ensemble>(hosted, hosted->ensemble.get()), nullptr};
}

// No directory, so nothing to lock and no control port to leave word of.
Result<OpenedLab> hostInMemory(const ensemble::LabOptions& options) {
    const std::string directory = "/memory";
    VolatileDisk disk;
    auto servers = openLayout(disk, directory, options);
    if (!servers) return servers.error();
    return OpenedLab{std::make_shared<EmbeddedEnsemble>(directory, std::move(*servers), disk), nullptr};
}

constexpr std::string_view kTemporaryPrefix = "vivarium-lab-";

// What processes that were killed have left behind. Theirs have an ensemble.json and a lock that nobody holds.
void removeAbandoned(storage::Disk& disk, const fs::path& where) {
    std::error_code error;
    for (auto each = fs::directory_iterator(where, error); !error && each != fs::directory_iterator(); each.increment(error)) {
        const std::string directory = each->path().generic_string();
        if (!each->path().filename().generic_string().starts_with(kTemporaryPrefix)) continue;
        if (const auto there = disk.exists(passFile(directory)); !there || !*there) continue;
        const auto lock = disk.lock(directory);
        std::error_code ignored;
        if (lock) fs::remove_all(each->path(), ignored);
    }
}

// A new directory that nobody else may look into.
Result<std::string> makeTemporary(storage::Disk& disk) {
    std::error_code error;
    const fs::path where = fs::temp_directory_path(error);
    if (error) return Error{storage::Errc::Io, "There is no directory for temporary files: " + error.message() + ". Set TMPDIR."};
    removeAbandoned(disk, where);
    const fs::path made = where / (std::string(kTemporaryPrefix) + newToken());
    fs::create_directory(made, error);
    if (!error) fs::permissions(made, fs::perms::owner_all, fs::perm_options::replace, error);
    if (error) return Error{storage::Errc::Io, made.generic_string() + " cannot be made: " + error.message()};
    return made.generic_string();
}

class LocalStage : public ensemble::Stage {
  public:
    void openLab(ensemble::LabOptions options, std::function<void(Result<Opened>)> done) override {
        thread_.post([options = std::move(options), done = std::move(done)] {
            auto opened = net::openLab(options);
            if (!opened) return done(opened.error());
            done(Opened{std::move(opened->ensemble), opened->attached != nullptr});
        });
    }

  private:
    LoopThread thread_;
};

} // namespace

std::unique_ptr<ensemble::Stage> makeStage() { return std::make_unique<LocalStage>(); }

Result<OpenedLab> openLab(const ensemble::LabOptions& options, std::function<void()> onShutDown) {
    using Data = ensemble::LabOptions::Data;
    if (options.data != Data::Kept && !options.directory.empty())
        return Error{config::Errc::Contradiction, "A lab that keeps nothing has no directory of its own. Leave out " +
                                                      options.directory + ", or keep the data."};
    if (options.data == Data::Memory) return hostInMemory(options);
    auto disk = storage::systemDisk();
    std::string directory = plainDirectory(options.directory);
    if (options.data == Data::Temporary) {
        auto made = makeTemporary(*disk);
        if (!made) return made.error();
        directory = std::move(*made);
    }
    if (const auto made = disk->makeDirectories(directory); !made) return made.error();
    auto lock = disk->lock(directory);
    if (lock) return host(std::move(disk), directory, std::move(*lock), options, std::move(onShutDown));
    if (lock.error().code != storage::Errc::Locked) return lock.error();
    auto attached = attachSoon(*disk, directory, kAttachPatience);
    if (!attached) return attached.error();
    return OpenedLab{*attached, *attached};
}

Result<std::shared_ptr<AttachedEnsemble>> attachLab(const std::string& wanted) {
    const auto disk = storage::systemDisk();
    const std::string directory = plainDirectory(wanted);
    const auto there = disk->exists(passFile(directory));
    bool isHosted = there && *there;
    if (isHosted) { // by a process that lives?
        const auto lock = disk->lock(directory);
        isHosted = !lock && lock.error().code == storage::Errc::Locked;
    }
    if (!isHosted)
        return Error{storage::Errc::Missing,
                     "Nobody hosts an ensemble in " + directory + ". Start it, or name the directory it was started in."};
    return attachSoon(*disk, directory, kAttachPatience);
}

Result<void> hostLab(const ensemble::LabOptions& options, Quit& quit,
                     const std::function<void(ensemble::Ensemble&, const std::string& problem)>& up) {
    auto opened = openLab(options, [&quit] { quit.request(); });
    if (!opened) return opened.error();
    if (opened->attached)
        return Error{storage::Errc::Locked, "Another process hosts the ensemble in " + opened->ensemble->view().directory +
                                                " already. Work with it there, or end it first."};
    std::promise<std::string> started;
    opened->ensemble->actOnAll(ensemble::Verb::Start, [&started](std::string problem) { started.set_value(std::move(problem)); });
    up(*opened->ensemble, started.get_future().get());
    quit.wait();
    opened->ensemble->observe(nullptr);
    return {};
}

} // namespace zk::net
