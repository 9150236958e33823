#include "trace/trace.h"

namespace zk::trace {

std::string_view name(ServerState state) {
    switch (state) {
    case ServerState::Looking: return "LOOKING";
    case ServerState::Following: return "FOLLOWING";
    case ServerState::Leading: return "LEADING";
    case ServerState::Observing: return "OBSERVING";
    case ServerState::Stopped: return "STOPPED";
    case ServerState::Crashed: return "CRASHED";
    case ServerState::Standalone: return "STANDALONE";
    case ServerState::Paused: return "PAUSED";
    }
    return "UNKNOWN";
}

std::string_view name(Kind kind) {
    constexpr std::string_view names[] = {
        "Log",           "StateChanged",   "VoteSent",      "VoteReceived",    "ElectionDecided",    "EpochProposed",
        "EpochAgreed",   "SyncStarted",    "SyncFinished",  "Serving",         "Proposed",           "Acknowledged",
        "Committed",     "SessionOpened",  "SessionClosed", "LinkUp",          "LinkDown",           "LogTruncated",
        "SnapshotTaken", "ClientConnected", "ClientDisconnected", "DigestMismatch"};
    const auto index = static_cast<std::size_t>(kind);
    return index < std::size(names) ? names[index] : "Unknown";
}

namespace {

std::string vote(const Event& event) {
    return "leader " + std::to_string(event.leader) + ", zxid " + hex(event.zxid) + ", epoch " +
           std::to_string(event.epoch) + ", round " + std::to_string(event.round);
}

} // namespace

std::string sentence(const Event& event) {
    const std::string peer = std::to_string(event.peer);
    switch (event.what()) {
    case Kind::Log: return event.text;
    case Kind::StateChanged:
        return std::string(name(event.serverState())) + " at " + hex(event.zxid) + ", epoch " +
               std::to_string(event.epoch) + (event.text.empty() ? "" : ": " + event.text);
    case Kind::VoteSent: return "vote to " + peer + ": " + vote(event);
    case Kind::VoteReceived:
        return "vote from " + peer + " (" + std::string(name(event.serverState())) + "): " + vote(event);
    case Kind::ElectionDecided: return "election decided: " + vote(event);
    case Kind::EpochProposed: return "epoch " + std::to_string(event.epoch) + " proposed";
    case Kind::EpochAgreed: return "epoch " + std::to_string(event.epoch) + " agreed by a quorum";
    case Kind::SyncStarted: return "synchronising server " + peer + " by " + event.text + " to " + hex(event.zxid);
    case Kind::SyncFinished: return "server " + peer + " is up to date at " + hex(event.zxid);
    case Kind::Serving: return "serving clients in epoch " + std::to_string(event.epoch);
    case Kind::Proposed: return "proposed " + hex(event.zxid);
    case Kind::Acknowledged: return hex(event.zxid) + " acknowledged by server " + peer;
    case Kind::Committed: return "committed " + hex(event.zxid);
    case Kind::SessionOpened:
        return "session " + hex(event.session) + " opened, timeout " + std::to_string(event.round) + " ms";
    case Kind::SessionClosed: return "session " + hex(event.session) + " closed: " + event.text;
    case Kind::LinkUp: return event.text + " link to server " + peer + " is up";
    case Kind::LinkDown: return "link to server " + peer + " is down: " + event.text;
    case Kind::LogTruncated: return "log truncated after " + hex(event.zxid);
    case Kind::SnapshotTaken: return "snapshot taken at " + hex(event.zxid);
    case Kind::ClientConnected: return "client " + event.text + " connected, session " + hex(event.session);
    case Kind::ClientDisconnected: return "client " + event.text + " disconnected";
    case Kind::DigestMismatch: return "the tree's digest differs from the leader's at " + hex(event.zxid);
    }
    return std::string(name(event.what())) + " " + event.text;
}

void Tracer::tell(Event event) {
    event.atNs = now_.time_since_epoch().count();
    event.wallMs = wall_.ms;
    event.server = server_;
    sink_.event(event);
}

void Tracer::tellTransaction(Kind kind, Zxid zxid, Sid peer) {
    if (!sink_.wantsTransactions()) return;
    Event event;
    event.kind = static_cast<std::int32_t>(kind);
    event.zxid = zxid;
    event.peer = peer;
    tell(std::move(event));
}

void Tracer::log(Severity severity, std::string text) {
    Event event;
    event.kind = static_cast<std::int32_t>(Kind::Log);
    event.state = static_cast<std::int32_t>(severity);
    event.text = std::move(text);
    tell(std::move(event));
}

} // namespace zk::trace
