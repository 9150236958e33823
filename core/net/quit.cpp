#include "net/quit.h"

#include "net/loop_thread.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <condition_variable>
#include <csignal>
#include <mutex>

namespace zk::net {

struct Quit::Impl {
    std::mutex mutex;
    std::condition_variable changed;
    bool requested = false;
};

Quit::Quit() : impl_(std::make_unique<Impl>()) {}
Quit::~Quit() = default;

void Quit::request() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->requested = true;
    }
    impl_->changed.notify_all();
}

void Quit::wait() {
    std::unique_lock lock(impl_->mutex);
    impl_->changed.wait(lock, [this] { return impl_->requested; });
}

struct EndSignals::Impl {
    LoopThread thread;
    boost::asio::signal_set signals{thread.loop().context(), SIGINT, SIGTERM};
};

EndSignals::EndSignals(std::function<void(int)> arrived) : impl_(std::make_unique<Impl>()) {
    impl_->thread.post([impl = impl_.get(), arrived = std::move(arrived)] {
        impl->signals.async_wait([arrived](const boost::system::error_code& error, int number) {
            if (!error) arrived(number);
        });
    });
}

EndSignals::~EndSignals() { impl_->thread.finish(); }

} // namespace zk::net
