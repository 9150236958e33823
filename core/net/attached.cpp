#include "net/attached.h"

#include "net/clock.h"
#include "net/loop_thread.h"

#include <future>
#include <map>
#include <mutex>

namespace zk::net {

namespace {

constexpr const char* kGone = "The process that hosts this ensemble has ended. Open the ensemble again to host it here.";

class Attached : public AttachedEnsemble, private StreamUser {
  public:
    Attached() = default;
    ~Attached() override {
        thread_.post([this] {
            dial_.reset();
            stream_.reset();
            first_ = nullptr;
            failAll();
        });
        thread_.finish();
    }

    void open(std::uint16_t port, const std::string& token, Duration patience, std::function<void(std::string)> first) {
        thread_.post([=, this] {
            first_ = first;
            dial_ = std::make_unique<Dial>(thread_.loop(), "127.0.0.1", port, patience,
                                           [this, token](Result<std::unique_ptr<Stream>> stream) {
                                               if (!stream) return opened(stream.error().message());
                                               stream_ = std::move(*stream);
                                               stream_->start(*this, out_);
                                               appendFrame(out_, ControlHello{kControlVersion, token});
                                               stream_->flush();
                                           });
        });
    }

    ensemble::EnsembleView view() const override {
        const std::lock_guard lock(mutex_);
        return view_;
    }

    std::vector<ensemble::Verb> verbs() const override {
        using ensemble::Verb;
        return {Verb::Start, Verb::Stop, Verb::Crash, Verb::Restart, Verb::Pause, Verb::Resume};
    }

    void act(ensemble::Verb verb, Sid sid, std::function<void(std::string)> done) override {
        ask({0, static_cast<std::int32_t>(ControlOp::Act), static_cast<std::int32_t>(verb), sid, false}, std::move(done));
    }
    void actOnAll(ensemble::Verb verb, std::function<void(std::string)> done) override {
        ask({0, static_cast<std::int32_t>(ControlOp::ActOnAll), static_cast<std::int32_t>(verb), 0, false}, std::move(done));
    }
    void addServer(bool observer, std::function<void(std::string)> done) override {
        ask({0, static_cast<std::int32_t>(ControlOp::AddServer), 0, 0, observer}, std::move(done));
    }
    void shutDown(std::function<void(std::string)> done) override {
        ask({0, static_cast<std::int32_t>(ControlOp::ShutDown), 0, 0, false}, std::move(done));
    }
    void listenToTransactions(bool on) override {
        ask({0, static_cast<std::int32_t>(ControlOp::Transactions), 0, 0, on}, [](const std::string&) {});
    }

    void status(Sid sid, std::function<void(std::optional<admin::NodeStatus>)> done) override {
        send({0, static_cast<std::int32_t>(ControlOp::Status), 0, sid, false},
             [done = std::move(done)](const ControlMessage& answer) {
                 auto status = answer.body.empty() ? Result<admin::NodeStatus>(Error{Errc::Malformed, {}})
                                                   : decodeStatus(answer.body);
                 if (status) done(std::move(*status));
                 else done(std::nullopt);
             });
    }

    void observe(ensemble::Observer* observer) override {
        const std::lock_guard lock(observerMutex_);
        observer_ = observer;
    }

  private:
    using Answered = std::function<void(const ControlMessage&)>;

    void ask(const ControlRequest& request, std::function<void(std::string)> done) {
        send(request, [done = std::move(done)](const ControlMessage& answer) { done(answer.text); });
    }

    void send(ControlRequest request, Answered answered) {
        thread_.post([this, request, answered = std::move(answered)]() mutable {
            if (!stream_) return answered({static_cast<std::int32_t>(ControlWhat::Answer), 0, kGone, {}});
            request.id = ++lastId_;
            waiting_[request.id] = std::move(answered);
            appendFrame(out_, request);
            stream_->flush();
        });
    }

    void received(std::string_view bytes) override {
        in_.append(bytes);
        std::size_t at = 0;
        for (;;) {
            const auto frame = takeFrame(in_, at);
            if (!frame) return lost(frame.error().message());
            if (!*frame) break;
            auto message = jute::decode<ControlMessage>(**frame);
            if (!message) return lost(message.error().message());
            take(*message);
        }
        in_.erase(0, at);
    }

    void take(const ControlMessage& message) {
        switch (static_cast<ControlWhat>(message.what)) {
        case ControlWhat::Answer:
            if (const auto found = waiting_.extract(message.id); !found.empty()) found.mapped()(message);
            return;
        case ControlWhat::View:
            if (auto view = decodeView(message.body)) show(std::move(*view));
            return opened({});
        case ControlWhat::Event: {
            const auto event = jute::decode<trace::Event>(message.body);
            const std::lock_guard lock(observerMutex_);
            if (event && observer_ != nullptr) observer_->event(*event);
            return;
        }
        }
    }

    void show(ensemble::EnsembleView view) {
        {
            const std::lock_guard lock(mutex_);
            view_ = std::move(view);
        }
        const std::lock_guard lock(observerMutex_);
        if (observer_ != nullptr) observer_->changed();
    }

    void lost(std::string_view) override {
        stream_.reset();
        if (first_) return opened("the control port closed the connection: the token of ensemble.json is not accepted");
        ensemble::EnsembleView last = view();
        for (ensemble::ServerView& server : last.servers) {
            server.state = trace::ServerState::Stopped;
            server.serving = false;
            server.inferred = true;
            server.problem = kGone;
        }
        show(std::move(last));
        failAll();
    }

    void failAll() {
        for (auto& [id, answered] : std::exchange(waiting_, {}))
            answered({static_cast<std::int32_t>(ControlWhat::Answer), id, kGone, {}});
    }

    void opened(const std::string& problem) {
        if (const auto told = std::exchange(first_, nullptr)) told(problem);
    }

    mutable std::mutex mutex_; // of the view
    ensemble::EnsembleView view_;
    std::mutex observerMutex_; // held while the observer is called
    ensemble::Observer* observer_ = nullptr;
    // The thread's own:
    std::unique_ptr<Dial> dial_;
    std::unique_ptr<Stream> stream_;
    std::string in_, out_;
    std::int64_t lastId_ = 0;
    std::map<std::int64_t, Answered> waiting_;
    std::function<void(std::string)> first_;
    LoopThread thread_;
};

} // namespace

Result<std::shared_ptr<AttachedEnsemble>> attach(std::uint16_t controlPort, const std::string& token, Duration patience) {
    const auto attached = std::make_shared<Attached>();
    const auto first = std::make_shared<std::promise<std::string>>();
    auto opened = first->get_future();
    attached->open(controlPort, token, patience, [first](std::string problem) { first->set_value(std::move(problem)); });
    const bool inTime = opened.wait_for(patience + std::chrono::seconds(1)) == std::future_status::ready;
    const std::string problem = inTime ? opened.get() : "it does not answer";
    if (!problem.empty())
        return Error{boost::system::errc::make_error_code(boost::system::errc::connection_refused), problem};
    return std::shared_ptr<AttachedEnsemble>(attached);
}

} // namespace zk::net
