// What operators ask of a server: four-letter words and the AdminServer's commands, and what these change.
// Rules: Apache's Commands, FourLetterCommands and SnapshotCommand.
#include "server/impl.h"

#include "tree/acl.h"

namespace zk::server {

using admin::Effect;

namespace {

constexpr std::size_t kWordBytes = 4, kTraceMaskBytes = 8;

// The identities that the header Authorization proves: "digest user:password", or "ip" for whence it comes. Empty: none.
std::vector<jute::Id> identitiesOf(const admin::CommandRequest& request, const std::string& superDigest) {
    const std::string& header = *request.authorization;
    const auto blank = header.find(' ');
    const std::string scheme = header.substr(0, blank);
    const std::string secret = blank == std::string::npos ? std::string() : header.substr(blank + 1);
    if (secret.find(' ') != std::string::npos) return {};
    if (scheme == "ip") return {{"ip", request.address}};
    if (scheme != "digest" || secret.empty()) return {};
    const std::string id = tree::digestId(secret);
    std::vector<jute::Id> identities{{"digest", id}};
    if (!superDigest.empty() && id == superDigest) identities.push_back({"super", ""});
    return identities;
}

} // namespace

// False: the word is not whole yet.
bool Node::Impl::word(Connection& connection, std::string_view bytes) {
    const std::string_view word = bytes.substr(0, kWordBytes);
    if (admin::isAllowed(word, config_.whitelist)) {
        if (word == "crst" && serving_) carryOut(Effect::ResetConnections, 0);
        if (word == "srst" && serving_) carryOut(Effect::ResetServer, 0);
        if (word == "stmk") { // the mask follows the word
            if (bytes.size() < kWordBytes + kTraceMaskBytes) return false;
            carryOut(Effect::SetTraceMask, loadBigEndian<std::int64_t>(bytes.data() + kWordBytes));
        }
    }
    const bool ofWatches = word == "wchc" || word == "wchp";
    connection.link.out += admin::answer(
        word, status(ofWatches ? admin::StatusDetail::Watches : admin::StatusDetail::Usual), config_.whitelist);
    close(connection);
    return true;
}

void Node::Impl::carryOut(Effect effect, std::int64_t traceMask) {
    switch (effect) {
    case Effect::ResetConnections:
        for (auto& [id, connection] : connections_) {
            connection.received = connection.sent = 0;
            connection.lastCxid = -1;
            connection.lastZxid = Zxid(-1);
            connection.lastOp = jute::OpCode::Error;
            connection.lastResponseMs = 0;
            connection.latency = {};
        }
        break;
    case Effect::ResetServer:
        latency_ = {};
        packetsReceived_ = packetsSent_ = bytesReceived_ = bytesSent_ = watchBytes_ = proposals_ = commits_ = 0;
        responses_ = proposalSizes_ = {};
        std::erase_if(counters_, [](const auto& counter) { return counter.first != "auth_failed_count"; });
        measures_.reset();
        break;
    case Effect::SetTraceMask: traceMask_ = traceMask; break;
    case Effect::None:
    case Effect::Snapshot:
    case Effect::Restore: break;
    }
}

// Why a command that asks for authority is not carried out; null: it may be.
std::optional<admin::CommandResponse> Node::Impl::refusal(const admin::CommandRow& row,
                                                          const admin::CommandRequest& request) {
    const std::string_view name = row.names.front();
    if (!row.authenticated) return {};
    if (!request.authorization) return admin::failed(request.name, 401, "Auth info is missing for the command");
    const std::vector<jute::Id> identities = identitiesOf(request, config_.superDigest);
    if (identities.empty()) return admin::failed(request.name, 401, "Not authenticated");
    const tree::Znode* const root = tree_->find("/");
    for (std::int32_t permission = 1; permission <= jute::kPermAll; permission *= 2)
        if (!tree::permits(tree_->acl(*root), permission, identities))
            return admin::failed(request.name, 403, "Not authorized");
    if (row.effect != Effect::Snapshot) return {};
    if (!config_.admin.snapshotEnabled) return admin::plain(name, 503);
    if (now_ < snapshotsAllowedFrom_) {
        ++counters_["snapshot_rate_limited_count"];
        return admin::plain(name, 429);
    }
    snapshotsAllowedFrom_ = now_ + config_.admin.rateLimit;
    return {};
}

Node::Commanded Node::Impl::command(const admin::CommandRequest& request) {
    const admin::CommandRow* const row = admin::findCommand(request.name);
    if (row != nullptr && (serving_ || !row->needsServer)) {
        if (auto refused = refusal(*row, request)) return {std::move(*refused), false};
        if (row->effect == Effect::Snapshot) return {{}, true};
        const auto mask = admin::traceMaskOf(request);
        if (row->effect != Effect::SetTraceMask || mask) carryOut(row->effect, mask.value_or(0));
    }
    const bool ofWatches = row != nullptr && row->names.front().starts_with("watches");
    return {admin::answer(request, status(ofWatches ? admin::StatusDetail::Watches : admin::StatusDetail::Usual)), false};
}

void Node::Impl::takeSnapshot(std::function<void(std::optional<Zxid>)> done) {
    if (!serving_) return done({});
    snapshotAsked_.push_back(std::move(done));
    if (!snapshot_) beginSnapshot();
}

} // namespace zk::server
