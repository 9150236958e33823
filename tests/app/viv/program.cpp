#include "program.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/process/args.hpp>
#include <boost/process/async.hpp>
#include <boost/process/child.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/io.hpp>

#include <future>

namespace zk::viv {

namespace process = boost::process;

Ran runViv(const std::vector<std::string>& arguments, const std::string& input) {
    boost::asio::io_context context;
    std::future<std::string> out, err;
    const auto in = boost::asio::buffer(input);
    process::child child(process::exe = VIV_PROGRAM, process::args = arguments,
                         process::std_in<in, process::std_out> out, process::std_err > err, context);
    context.run();
    child.wait();
    return {child.exit_code(), out.get(), err.get()};
}

int freePort() {
    using boost::asio::ip::tcp;
    // Below what systems give to outgoing connections, and from another place in each test program.
    constexpr int kFirst = 14000, kCount = 6000;
    static int next = static_cast<int>(boost::this_process::get_id() * 37 % kCount);
    boost::asio::io_context context;
    for (int tries = 0; tries < kCount; ++tries) {
        next = (next + 1) % kCount;
        const tcp::endpoint endpoint(boost::asio::ip::make_address("127.0.0.1"),
                                     static_cast<std::uint16_t>(kFirst + next));
        tcp::acceptor acceptor(context, endpoint.protocol());
        boost::system::error_code error;
        acceptor.bind(endpoint, error);
        if (!error) return kFirst + next;
    }
    return 0;
}

} // namespace zk::viv
