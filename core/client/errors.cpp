#include "client/client.h"

namespace zk::client {

namespace {

class ClientCategory : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "zookeeper"; }
    std::string message(int value) const override {
        return std::string(jute::describe(static_cast<jute::ErrorCode>(value)));
    }
};

} // namespace

const boost::system::error_category& clientCategory() {
    static const ClientCategory category;
    return category;
}

boost::system::error_code toErrorCode(jute::ErrorCode code) {
    return {static_cast<int>(code), clientCategory()};
}

jute::ErrorCode toErrorCode(const Error& error) {
    if (error.code.category() != clientCategory()) return jute::ErrorCode::SystemError;
    return static_cast<jute::ErrorCode>(error.code.value());
}

std::string_view name(SessionState state) {
    switch (state) {
    case SessionState::Connecting: return "connecting";
    case SessionState::Connected: return "connected";
    case SessionState::AuthFailed: return "authentication failed";
    case SessionState::Expired: return "expired";
    case SessionState::Closed: return "closed";
    }
    return "unknown";
}

} // namespace zk::client
