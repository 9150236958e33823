// Listings: the answers that are too long to be written in one turn. The length of the whole is known at its
// start, so its head goes out at once; the names follow as the client takes them, a bounded number in a turn.
#include "server/impl.h"

namespace zk::server {

using jute::ErrorCode;

// Writes the head of the answer, and leaves the rest to continueListings().
void Node::Impl::beginListing(Connection& connection, Reply& reply, const tree::Znode& znode, bool withStat) {
    auto listing = std::make_unique<Listing>();
    listing->tree = tree_;
    listing->walk = tree_->walkChildren(znode);
    constexpr std::size_t lengthSize = 4, statSize = 68;
    const std::size_t count = listing->walk->count();
    const std::size_t names = listing->walk->nameBytes() + count * lengthSize;
    if (names > kLargestListing) {
        reply.fail(ErrorCode::MarshallingError);
        countResponse(reply.finish());
        return;
    }
    if (withStat) listing->stat = znode.stat();
    jute::Writer(connection.link.out).i32(static_cast<std::int32_t>(count));
    countResponse(reply.finish(names + (withStat ? statSize : 0)));
    connection.listing = std::move(listing);
    connection.link.listing = true;
    listings_.push_back(connection.link.id);
    ready_.wakeAt = now_;
}

// Writes a piece more wherever the client has taken the one before.
void Node::Impl::continueListings() {
    const std::vector<std::uint64_t> all = std::exchange(listings_, {});
    for (const std::uint64_t id : all) {
        const auto place = connections_.find(id);
        if (place == connections_.end() || !place->second.listing) continue;
        Connection& connection = place->second;
        ClientLink& link = connection.link;
        if (link.out.size() < kListingOutput) {
            dirty(link);
            if (!connection.listing->walk->next(link.out, kListedInATurn)) {
                endListing(connection);
                continue;
            }
            ready_.wakeAt = now_;
        }
        if (connection.listing->behind.size() > kOutputLimit) {
            refuse(connection, "it does not read its answers");
            continue;
        }
        listings_.push_back(id);
    }
}

void Node::Impl::endListing(Connection& connection) {
    const std::unique_ptr<Listing> done = std::move(connection.listing);
    std::string& out = connection.link.out;
    jute::Writer writer(out);
    if (done->stat) jute::write(writer, *done->stat);
    out += done->behind;
    connection.link.listing = false;
    drain(connection);
}

} // namespace zk::server
