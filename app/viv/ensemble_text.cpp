#include "ensemble_text.h"

#include <boost/json/array.hpp>
#include <fmt/chrono.h>

namespace zk::viv {

std::string viewText(const ensemble::EnsembleView& view) {
    std::string text;
    for (const ensemble::ServerView& server : view.servers) {
        text += fmt::format("server {}  {:<10}  {}:{}  epoch {}  zxid {}{}\n", server.sid,
                            trace::name(server.state), server.host, server.clientPort, server.epoch,
                            hex(server.zxid), server.observer ? "  observer" : "");
        if (!server.problem.empty()) text += "          " + server.problem + "\n";
    }
    return text;
}

boost::json::object viewJson(const ensemble::EnsembleView& view) {
    boost::json::array servers;
    for (const ensemble::ServerView& server : view.servers)
        servers.push_back(boost::json::object{{"sid", server.sid},
                                              {"state", trace::name(server.state)},
                                              {"serving", server.serving},
                                              {"observer", server.observer},
                                              {"host", server.host},
                                              {"clientPort", server.clientPort},
                                              {"quorumPort", server.quorumPort},
                                              {"electionPort", server.electionPort},
                                              {"epoch", server.epoch},
                                              {"zxid", hex(server.zxid)},
                                              {"directory", server.directory},
                                              {"problem", server.problem}});
    return {{"directory", view.directory},
            {"connectString", view.connectString},
            {"servers", std::move(servers)}};
}

std::string eventLine(const trace::Event& event) {
    switch (event.what()) {
    case trace::Kind::StateChanged:
    case trace::Kind::Serving: break;
    case trace::Kind::Log:
        if (static_cast<trace::Severity>(event.state) == trace::Severity::Info) return {};
        break;
    default: return {};
    }
    const auto seconds = static_cast<std::time_t>(event.wallMs / 1000);
    return fmt::format("{:%H:%M:%S}.{:03} server {}: {}\n", fmt::localtime(seconds), event.wallMs % 1000,
                       event.server, trace::sentence(event));
}

} // namespace zk::viv
