// The records of jute: clients' requests and replies, transactions, the packets of the quorum port.
#include "input.h"
#include "targets.h"

#include "jute/quorum_records.h"
#include "jute/txn.h"

namespace zk::fuzz {

namespace {

// Decodes, and where that works, what is encoded again must decode to the same record.
template <class T>
void record(std::string_view bytes) {
    const auto decoded = jute::decode<T>(bytes);
    if (!decoded) return;
    (void)jute::describe(*decoded);
    const auto again = jute::decode<T>(jute::encode(*decoded));
    require(again.has_value() && *again == *decoded);
}

} // namespace

void clientRequest(std::string_view bytes) {
    record<jute::RequestHeader>(bytes);
    record<jute::CreateRequest>(bytes);
    record<jute::CreateTtlRequest>(bytes);
    record<jute::DeleteRequest>(bytes);
    record<jute::ReadRequest>(bytes);
    record<jute::SetDataRequest>(bytes);
    record<jute::SetAclRequest>(bytes);
    record<jute::CheckVersionRequest>(bytes);
    record<jute::SetWatchesRequest>(bytes);
    record<jute::SetWatches2Request>(bytes);
    record<jute::WatcherTypeRequest>(bytes);
    record<jute::AddWatchRequest>(bytes);
    record<jute::AuthPacket>(bytes);
}

void clientReply(std::string_view bytes) {
    record<jute::ReplyHeader>(bytes);
    record<jute::Create2Response>(bytes);
    record<jute::GetDataResponse>(bytes);
    record<jute::GetAclResponse>(bytes);
    record<jute::GetChildren2Response>(bytes);
    record<jute::GetEphemeralsResponse>(bytes);
    record<jute::GetAllChildrenNumberResponse>(bytes);
    record<jute::WhoAmIResponse>(bytes);
    record<jute::WatcherEvent>(bytes);
}

void connect(std::string_view bytes) {
    if (const auto request = jute::decodeConnectRequest(bytes))
        require(jute::decodeConnectRequest(jute::encode(*request)).has_value());
    if (const auto response = jute::decodeConnectResponse(bytes))
        require(jute::decodeConnectResponse(jute::encode(*response)).has_value());
}

void multi(std::string_view bytes) {
    const auto ops = jute::decodeMulti(bytes);
    if (!ops) return;
    const auto again = jute::decodeMulti(jute::encodeMulti(*ops));
    require(again.has_value() && *again == *ops);
}

void txn(std::string_view bytes) {
    const auto decoded = jute::decodeTxn(bytes);
    if (!decoded) return;
    (void)jute::describe(*decoded);
    const auto again = jute::decodeTxn(jute::encode(*decoded));
    require(again.has_value() && *again == *decoded);
}

void quorumPacket(std::string_view bytes) {
    std::string_view stream = bytes;
    for (;;) {
        const std::size_t before = stream.size();
        const auto taken = jute::takePacket(stream);
        if (!taken || !*taken) break;
        require(stream.size() < before);
        const Buffer& data = (*taken)->data;
        if (!data) continue;
        (void)jute::decodeLearnerInfo(*data);
        (void)jute::decodeForwardedRequest(*data);
        (void)jute::decodeTouches(*data);
        txn(*data);
    }
}

} // namespace zk::fuzz
