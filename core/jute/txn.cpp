#include "jute/txn.h"

namespace zk::jute {

namespace {

template <class T>
Result<TxnBody> readBody(Reader& in) {
    T record;
    read(in, record);
    if (!in.ok()) return malformed(T::kName, in.offset());
    return TxnBody(std::move(record));
}

Result<TxnBody> readCloseSession(Reader& in) {
    if (in.left() == 0) return TxnBody(CloseSessionTxn{});
    return readBody<CloseSessionTxn>(in);
}

Result<TxnBody> readCreate(Reader& in) {
    CreateTxn record;
    read(in, record.path);
    read(in, record.data);
    read(in, record.acl);
    read(in, record.ephemeral);
    if (in.ok() && in.left() > 0) read(in, record.parentCversion);
    if (!in.ok()) return malformed(CreateTxn::kName, in.offset());
    return TxnBody(std::move(record));
}

} // namespace

Result<TxnBody> decodeTxnBody(OpCode type, Reader& in) {
    switch (type) {
    case OpCode::Error: return readBody<ErrorTxn>(in);
    case OpCode::CreateSession: return readBody<CreateSessionTxn>(in);
    case OpCode::CloseSession: return readCloseSession(in);
    case OpCode::Create:
    case OpCode::Create2: return readCreate(in);
    case OpCode::CreateContainer: return readBody<CreateContainerTxn>(in);
    case OpCode::CreateTtl: return readBody<CreateTtlTxn>(in);
    case OpCode::Delete:
    case OpCode::DeleteContainer: return readBody<DeleteTxn>(in);
    case OpCode::SetData:
    case OpCode::Reconfig: return readBody<SetDataTxn>(in);
    case OpCode::SetAcl: return readBody<SetAclTxn>(in);
    case OpCode::Check: return readBody<CheckVersionTxn>(in);
    case OpCode::Multi: return readBody<MultiTxn>(in);
    default:
        return Error{Errc::Malformed, "op " + std::to_string(static_cast<int>(type)) + " is no transaction"};
    }
}

Result<Txn> decodeTxn(std::string_view bytes) {
    Reader in(bytes);
    Txn txn;
    read(in, txn.header);
    if (!in.ok()) return malformed(TxnHeader::kName, in.offset());
    auto body = decodeTxnBody(static_cast<OpCode>(txn.header.type), in);
    if (!body) return body.error();
    txn.body = std::move(*body);
    if (in.left() > 0) read(in, txn.digest.emplace());
    if (!in.ok()) return malformed(TxnDigest::kName, in.offset());
    return txn;
}

void write(Writer& out, const TxnBody& body) {
    std::visit([&out](const auto& record) { write(out, record); }, body);
}

std::string encode(const Txn& txn) {
    constexpr std::size_t usual = 320;
    std::string bytes;
    bytes.reserve(usual); // most need no more; a string that grows is copied at every doubling
    Writer out(bytes);
    write(out, txn.header);
    write(out, txn.body);
    if (txn.digest) write(out, *txn.digest);
    return bytes;
}

std::string describe(const Txn& txn) {
    std::string text = describe(txn.header) + " ";
    std::visit([&text](const auto& record) { print(text, record); }, txn.body);
    if (txn.digest) text += " " + describe(*txn.digest);
    return text;
}

} // namespace zk::jute
