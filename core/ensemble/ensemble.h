// Ensemble, Stage and Dialer: the ports through which the window, the shell and the tests work with servers and sessions,
// whoever runs them. net, sim and launch implement them; app/ hands a Stage& and a Dialer& to the window.
//
// Every call may be made from any thread and returns at once. What happens is told to an Observer, on threads of the
// implementation's own: it hands the values to its own thread (Mailbox) and never blocks.
#pragma once

#include "admin/status.h"
#include "client/client.h"
#include "trace/trace.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace zk::ensemble {

using trace::ServerState;

// One server as cards show it.
struct ServerView {
    Sid sid = 0;
    ServerState state = ServerState::Stopped;
    bool observer = false;
    bool inferred = false;        // polled or guessed, not told by the server itself
    bool serving = false;
    std::string host = "127.0.0.1";
    std::uint16_t clientPort = 0, quorumPort = 0, electionPort = 0;
    std::string directory;        // empty where it is not on this machine
    std::int64_t epoch = 0;
    Zxid zxid;
    std::string problem;          // a plain sentence where it cannot run: the port is taken, the directory read-only
};

struct EnsembleView {
    std::string name;
    std::string directory;
    std::string connectString;    // "127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183"
    std::vector<ServerView> servers;
};

// What may be asked of a server. An implementation offers some of them: see Ensemble::verbs().
enum class Verb { Start, Stop, Crash, Restart, Pause, Resume };
std::string_view name(Verb verb);

class Observer {
  public:
    virtual ~Observer() = default;
    virtual void event(const trace::Event& event) = 0;
    // Something of the view changed; read it with view().
    virtual void changed() = 0;
};

class Ensemble {
  public:
    virtual ~Ensemble() = default;
    virtual EnsembleView view() const = 0;
    virtual std::vector<Verb> verbs() const = 0;
    // Asks for it and returns; the outcome comes to the callback (an empty string, or a sentence that says what is wrong)
    // on a thread of the implementation's own.
    virtual void act(Verb verb, Sid sid, std::function<void(std::string)> done) = 0;
    virtual void actOnAll(Verb verb, std::function<void(std::string)> done) = 0;
    // Adds a server that is stopped; before the first start only, as the others' configuration must name it.
    virtual void addServer(bool observer, std::function<void(std::string)> done) = 0;
    // Everything that a server tells of itself; null where it does not run.
    virtual void status(Sid sid, std::function<void(std::optional<admin::NodeStatus>)> done) = 0;
    // At most one observer; null: nobody. It is not called any more once this returns.
    virtual void observe(Observer* observer) = 0;
    // Per-transaction events are told while this is set.
    virtual void listenToTransactions(bool on) = 0;
};

// What a local pseudo-distributed ensemble is to be.
struct LabOptions {
    enum class Data {
        Kept,      // in the directory
        Temporary, // in a new directory, which goes when the lab is closed
        Memory,    // no directory at all; what was written goes with the process
    };
    Data data = Data::Kept;
    int servers = 3, observers = 0;
    std::uint16_t clientPort = 2181;   // of the first server; the others count up. 0: any free ports
    std::string directory;             // empty: the user's data directory + "lab"; of Kept only
    int tickTimeMs = 2000;
};

// Opens ensembles. Closing one (destroying it) stops what it hosts cleanly; an attached one is only left.
class Stage {
  public:
    virtual ~Stage() = default;
    // Hosts a local ensemble in this process, or attaches to it where another process hosts it already (`attached`).
    // Makes directories and configurations that are missing. Does not start the servers.
    struct Opened {
        std::shared_ptr<Ensemble> ensemble;
        bool attached = false;
    };
    virtual void openLab(LabOptions options, std::function<void(Result<Opened>)> done) = 0;
};

// Opens client sessions on a thread of its own.
// A Session's calls may come from any thread; callbacks come on the dialer's thread.
class Dialer {
  public:
    virtual ~Dialer() = default;
    // The session is on its way at once; its state tells how far. `use` runs work on the dialer's thread.
    class Connection {
      public:
        virtual ~Connection() = default; // closes the session in the background
        // Runs `work` with the client, on the dialer's thread.
        virtual void use(std::function<void(client::Client&)> work) = 0;
    };
    virtual std::shared_ptr<Connection> dial(client::Options options,
                                             std::function<void(const client::Status&)> onStatus) = 0;
};

} // namespace zk::ensemble
