// Systems without fork: a server runs in the foreground, or under the system's own services.
#include "background.h"

namespace zk::viv {

Result<long> runInBackground(const std::function<int(const Report&)>&) {
    return Error{boost::system::errc::make_error_code(boost::system::errc::not_supported),
                 "this system has no background processes of that kind: use viv server run, or a service"};
}
std::optional<long> runningProcess(const std::string&) {
    return std::nullopt;
}
bool isRunning(long) {
    return false;
}
long ownProcess() {
    return 0;
}
bool askToEnd(long) {
    return false;
}

} // namespace zk::viv
