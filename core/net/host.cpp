#include "net/host.h"

#include "base/assert.h"
#include "net/clock.h"
#include "net/run.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace zk::net {

using trace::ServerState;

struct Host::Impl {
    Impl(Sid of, trace::Sink& to, std::function<void()> onChange, std::function<std::unique_ptr<storage::Disk>()> makeDisk)
        : sid(of), sink(to), tracer(of, to), changed(std::move(onChange)), disk(std::move(makeDisk)),
          thread([this] { live(); }) {}

    // --- Any thread ---
    void request(std::function<void()> command) {
        {
            const std::lock_guard lock(mutex);
            commands.push_back(std::move(command));
        }
        commanded.notify_all();
        loop.post([this] { obey(); });
    }

    // --- The host's thread ---
    void live() {
        while (!ending) {
            try {
                loop.run([this] { endOfTurn(); });
            } catch (const std::exception& fault) {
                crash(std::string("a fault of the server's own: ") + fault.what());
            }
        }
    }

    // Carries out what was requested; while paused it waits here for more.
    void obey() {
        std::unique_lock lock(mutex);
        for (;;) {
            while (!commands.empty()) {
                const std::function<void()> command = std::move(commands.front());
                commands.pop_front();
                lock.unlock();
                command();
                lock.lock();
            }
            if (!paused) return;
            commanded.wait(lock, [this] { return !commands.empty(); });
        }
    }

    void endOfTurn() {
        if (!run) return;
        run->finishTurn();
        if (run->peek().state() == ServerState::Crashed)
            crash(run->fault().empty() ? "the server gave up; its log says why" : "the disk failed: " + run->fault());
        else publish();
    }

    void publish() {
        HostView next;
        next.state = down;
        next.problem = problem;
        if (run) {
            const server::Node& node = run->peek();
            next = {paused ? ServerState::Paused : node.state(), node.serving(), node.epoch(), node.lastZxid(),
                    run->clientPort(), run->secureClientPort(), {}};
        } else {
            next.epoch = view.epoch;
            next.zxid = view.zxid;
        }
        if (next == view) return;
        bool told = false;
        {
            const std::lock_guard lock(viewMutex);
            HostView same = next;
            same.zxid = view.zxid;
            told = same != view;
            view = std::move(next);
        }
        if (told && changed) changed();
    }

    void say(ServerState state, std::string text) {
        tracer.setTime(now(), wallNow());
        trace::Event event;
        event.kind = static_cast<std::int32_t>(trace::Kind::StateChanged);
        event.state = static_cast<std::int32_t>(state);
        event.zxid = view.zxid;
        event.epoch = view.epoch;
        event.text = std::move(text);
        tracer.tell(std::move(event));
    }

    void start(const std::function<Result<config::Parsed>()>& config, const Done& done) {
        if (run) return done("Server " + std::to_string(sid) + " runs already.");
        tracer.setTime(now(), wallNow());
        auto parsed = config();
        if (!parsed) return fail(parsed.error().message(), done);
        for (std::string& warning : parsed->warnings) tracer.log(trace::Severity::Warning, std::move(warning));
        auto started = Run::start(loop, std::move(parsed->config), disk(), sink);
        if (!started) return fail(started.error().message(), done);
        run = std::move(*started);
        problem.clear();
        run->finishTurn();
        publish();
        done({});
    }

    void fail(std::string why, const Done& done) {
        problem = std::move(why);
        down = ServerState::Stopped;
        tracer.log(trace::Severity::Error, problem);
        publish();
        done(problem);
    }

    void stop(const Done& done) {
        paused = false;
        if (run) {
            run->stop();
            end(ServerState::Stopped, {});
        }
        done({});
    }

    void kill(const Done& done) {
        if (run) {
            run->kill();
            end(ServerState::Crashed, {});
            say(ServerState::Crashed, "killed");
        }
        done({});
    }

    void crash(std::string why) {
        if (!run) return;
        const bool told = run->peek().state() == ServerState::Crashed;
        run->kill();
        end(ServerState::Crashed, why);
        if (!told) say(ServerState::Crashed, std::move(why));
    }

    void end(ServerState state, std::string why) {
        paused = false;
        run.reset();
        down = state;
        problem = std::move(why);
        publish();
    }

    void pause(const Done& done) {
        if (!run) return done("Server " + std::to_string(sid) + " does not run.");
        if (!paused) {
            run->finishTurn();
            paused = true;
            publish();
            say(ServerState::Paused, {});
        }
        done({});
    }

    void resume(const Done& done) {
        if (!paused) return done("Server " + std::to_string(sid) + " is not paused.");
        paused = false;
        publish();
        say(run->peek().state(), "resumed");
        done({});
    }

    const Sid sid;
    trace::Sink& sink;
    trace::Tracer tracer;
    const std::function<void()> changed;
    const std::function<std::unique_ptr<storage::Disk>()> disk;
    Loop loop;

    std::mutex mutex; // of the commands
    std::condition_variable commanded;
    std::deque<std::function<void()>> commands;

    mutable std::mutex viewMutex; // taken by the host's thread to write `view`, and by others to read it
    HostView view;

    // The host's thread only:
    std::unique_ptr<Run> run;
    bool paused = false, ending = false;
    ServerState down = ServerState::Stopped; // what it is while nothing runs
    std::string problem;
    std::thread thread; // last: it uses all of the above
};

Host::Host(Sid sid, trace::Sink& sink, std::function<void()> changed, std::function<std::unique_ptr<storage::Disk>()> disk)
    : impl_(std::make_unique<Impl>(sid, sink, std::move(changed), std::move(disk))) {}

Host::~Host() {
    Impl* const impl = impl_.get();
    impl->request([impl] {
        impl->stop([](const std::string&) {});
        impl->ending = true;
        impl->loop.stop();
    });
    impl->thread.join();
}

void Host::start(config::ServerConfig config, Done done) {
    start([config = std::move(config)]() -> Result<config::Parsed> { return config::Parsed{config, {}}; }, std::move(done));
}

void Host::start(std::function<Result<config::Parsed>()> config, Done done) {
    impl_->request([impl = impl_.get(), config = std::move(config), done = std::move(done)] { impl->start(config, done); });
}

void Host::stop(Done done) {
    impl_->request([impl = impl_.get(), done = std::move(done)] { impl->stop(done); });
}

void Host::kill(Done done) {
    impl_->request([impl = impl_.get(), done = std::move(done)] { impl->kill(done); });
}

void Host::pause(Done done) {
    impl_->request([impl = impl_.get(), done = std::move(done)] { impl->pause(done); });
}

void Host::resume(Done done) {
    impl_->request([impl = impl_.get(), done = std::move(done)] { impl->resume(done); });
}

void Host::status(std::function<void(std::optional<admin::NodeStatus>)> done) {
    impl_->request([impl = impl_.get(), done = std::move(done)] {
        if (impl->run && !impl->paused) done(impl->run->peek().status());
        else done(std::nullopt);
    });
}

HostView Host::view() const {
    const std::lock_guard lock(impl_->viewMutex);
    return impl_->view;
}

} // namespace zk::net
