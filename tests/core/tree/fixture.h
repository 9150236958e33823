// Transactions as tests write them, and a tree with a zxid that rises.
#pragma once

#include "tree/data_tree.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace zk::tree {

struct Maker {
    DataTree& tree;
    std::int64_t zxid = 0;
    SessionId session = 0x51;

    Applied apply(jute::OpCode type, jute::TxnBody body) {
        jute::Txn txn{
            {session, 1, Zxid(++zxid), 1000 + zxid, static_cast<std::int32_t>(type)}, std::move(body), {}};
        return tree.apply(txn);
    }
    Applied create(std::string path, Buffer data = "x", bool ephemeral = false,
                   std::int32_t parentCversion = -1) {
        return apply(jute::OpCode::Create, jute::CreateTxn{std::move(path), std::move(data), jute::openAcl(),
                                                           ephemeral, parentCversion});
    }
    Applied remove(std::string path) { return apply(jute::OpCode::Delete, jute::DeleteTxn{std::move(path)}); }
    Applied set(std::string path, Buffer data, std::int32_t version) {
        return apply(jute::OpCode::SetData, jute::SetDataTxn{std::move(path), std::move(data), version});
    }
    Applied setAcl(std::string path, std::vector<jute::Acl> acl, std::int32_t version) {
        return apply(jute::OpCode::SetAcl, jute::SetAclTxn{std::move(path), std::move(acl), version});
    }
};

// The whole body that a view writes.
inline std::string bodyOf(View& view, std::size_t budget = 1 << 20) {
    std::string out;
    while (view.next(out, budget)) {
    }
    return out;
}
inline std::string bodyOf(DataTree& tree) {
    View view(tree);
    return bodyOf(view);
}

inline std::string vectorFile(const std::string& name) {
    std::ifstream file(std::string(VIV_TESTS_DIR) + "/vectors/" + name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace zk::tree
