// The data tree: snapshots' bodies as they come from a file or a leader, transactions applied, ACLs.
#include "input.h"
#include "targets.h"

#include "jute/txn.h"
#include "tree/acl.h"
#include "tree/data_tree.h"
#include "tree/path.h"

namespace zk::fuzz {

namespace {

constexpr std::size_t kFileHeader = 16; // of a snapshot or a log

std::string bodyOf(tree::DataTree& tree) {
    const auto view = tree.view();
    std::string body;
    while (view->next(body, 100)) {}
    return body;
}

// A tree that can be written can be loaded, and is the same then.
void requireSound(tree::DataTree& tree) {
    tree::Loader loader;
    const std::string body = bodyOf(tree);
    const auto taken = loader.feed(body);
    require(taken.has_value() && *taken == body.size() && loader.done());
    const auto again = loader.finish(tree.lastZxid());
    require(again->digest() == tree.digest() && again->znodeCount() == tree.znodeCount());
    require(again->ephemeralsBySession() == tree.ephemeralsBySession() && again->sessions() == tree.sessions());
    require(again->approximateDataSize() == tree.approximateDataSize());
}

// A view has kept what it saw, whatever became of its tree.
void requireKept(tree::View& view) {
    std::string body;
    while (view.next(body, 100)) {}
    tree::Loader loader;
    require(loader.feed(body).has_value() && loader.done() && loader.finish(Zxid(1))->digest() == view.digest());
}

} // namespace

// A snapshot's body; a file's header before it is left out.
void snapshotBody(std::string_view bytes) {
    if (bytes.starts_with("ZKSN")) bytes.remove_prefix(std::min(bytes.size(), kFileHeader));
    tree::Loader whole, pieces;
    const auto taken = whole.feed(bytes);
    bool failed = false;
    std::size_t takenInPieces = 0;
    inPieces(bytes, [&](std::string_view piece) {
        if (failed || pieces.done()) return;
        const auto some = pieces.feed(piece);
        failed = !some;
        if (some) takenInPieces += *some;
        require(failed || *some == piece.size() || pieces.done());
    });
    require(failed == !taken && (failed || takenInPieces == *taken) && whole.done() == pieces.done());
    if (!taken || !whole.done()) return;
    const auto tree = whole.finish(Zxid(1));
    require(tree->digest() == pieces.finish(Zxid(1))->digest());
    requireSound(*tree);
}

// Transactions one behind the other, as a log holds them: a long that is not looked at, a length, the bytes, a mark.
void treeApply(std::string_view bytes) {
    if (bytes.starts_with("ZKLG")) bytes.remove_prefix(std::min(bytes.size(), kFileHeader));
    tree::DataTree tree;
    auto view = tree.view();
    jute::Reader in(bytes);
    for (std::size_t count = 1;; ++count) {
        in.i64();
        const std::int32_t size = in.i32();
        if (!in.ok() || size <= 0 || static_cast<std::size_t>(size) > in.left()) break;
        const auto txn = jute::decodeTxn(in.raw(static_cast<std::size_t>(size)));
        in.i8();
        if (!txn) continue;
        (void)tree.apply(*txn);
        if (count % 64 != 0) continue;
        requireKept(*view);
        view = tree.view();
    }
    requireKept(*view);
    requireSound(tree);
}

// Paths, addresses and identities out of one text.
void accessControl(std::string_view bytes) {
    const std::string text(bytes);
    if (tree::isValidPath(text) && text != "/") {
        const auto parent = tree::parentOf(text);
        require(tree::isValidPath(parent) && tree::join(parent, tree::nameOf(text)) == text);
    }
    const std::size_t split = text.find(' ');
    const std::string first = text.substr(0, split), second = split == std::string::npos ? "" : text.substr(split + 1);
    (void)tree::ipMatches(first, second);
    (void)tree::digestId(text);
    for (const char* scheme : {"world", "auth", "digest", "ip", "x509", "sasl", "super", "nobody"}) {
        const std::vector<jute::Acl> acl{{31, {scheme, first}}, {1, {"world", "anyone"}}};
        const std::vector<jute::Id> identities{{"ip", second}, {"digest", first}, {scheme, first}};
        const auto fixed = tree::fixAcl(acl, identities, {true, true});
        const auto& stored = fixed.err == jute::ErrorCode::Ok ? fixed.acl : acl;
        (void)tree::permits(stored, 31, identities);
        require(tree::masked(stored).size() == stored.size());
    }
}

} // namespace zk::fuzz
