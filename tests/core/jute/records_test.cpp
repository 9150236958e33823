// Records both ways, records that end too early, and quorum packets taken off a stream.
#include "jute/quorum_records.h"
#include "jute/txn.h"

#include <gtest/gtest.h>

namespace zk::jute {
namespace {

TEST(Archive, WritesBigEndianLengthsBeforeBytesAndMinusOneForNull) {
    EXPECT_EQ(toHex(encode(SetDataRequest{"/a", "xy", -1})), "000000022f61000000027879ffffffff");
    EXPECT_EQ(toHex(encode(SetDataRequest{"/a", std::nullopt, 3})), "000000022f61ffffffff00000003");
    EXPECT_EQ(toHex(encode(ReplyHeader{1, Zxid(1, 2), -101})), "000000010000000100000002ffffff9b");
}

TEST(Archive, ANullBufferStaysApartFromAnEmptyOne) {
    const auto null = decode<SetDataRequest>(encode(SetDataRequest{"/a", std::nullopt, 3}));
    const auto empty = decode<SetDataRequest>(encode(SetDataRequest{"/a", "", 3}));
    ASSERT_TRUE(null && empty);
    EXPECT_EQ(null->data, std::nullopt);
    EXPECT_EQ(empty->data, std::string());
}

template <class T>
void expectTotal(const T& record) {
    const std::string whole = encode(record);
    const auto back = decode<T>(whole);
    ASSERT_TRUE(back) << T::kName;
    EXPECT_EQ(*back, record) << T::kName;
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(decode<T>(std::string_view(whole).substr(0, size))) << T::kName << " cut at " << size;
}

TEST(Records, ComeBackAsTheyWereAndAreRefusedWhenCutAnywhere) {
    expectTotal(CreateRequest{"/a", "data", openAcl(), 1});
    expectTotal(SetWatchesRequest{Zxid(1, 2), {"/a", "/b"}, {}, {"/c"}});
    expectTotal(GetChildren2Response{{"x", "y"}, Stat{}});
    expectTotal(TxnHeader{1, 2, Zxid(3, 4), 5, 6});
    expectTotal(MultiTxn{{{1, "body"}, {-1, "err"}}});
    expectTotal(CloseSessionTxn{std::vector<std::string>{"/a"}});
    expectTotal(LearnerInfo{3, kLearnerProtocol, 7});
    expectTotal(QuorumPacket{1, Zxid(-1), "request", std::vector<Id>{{"ip", "127.0.0.1"}}});
}

TEST(Records, ACountThatTheBytesCannotHoldIsRefused) {
    std::string bytes;
    Writer(bytes).i32(0x7fffffff);
    EXPECT_FALSE(decode<MultiTxn>(bytes));
}

TEST(Multi, ItsOperationsComeBack) {
    const std::vector<MultiOp> ops{{OpCode::Create, encode(CreateRequest{"/a", "x", openAcl(), 0})},
                                   {OpCode::Check, encode(CheckVersionRequest{"/a", 3})},
                                   {OpCode::Delete, encode(DeleteRequest{"/b", -1})}};
    const std::string bytes = encodeMulti(ops);
    const auto back = decodeMulti(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, ops);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decodeMulti(std::string_view(bytes).substr(0, size))) << size;
}

TEST(LearnerInfos, OlderPeersSendFewerFields) {
    const std::string whole = encode(LearnerInfo{3, kLearnerProtocol, 7});
    EXPECT_EQ(decodeLearnerInfo(whole.substr(0, 8))->sid, 3);
    EXPECT_EQ(decodeLearnerInfo(whole.substr(0, 12))->protocolVersion, kLearnerProtocol);
    EXPECT_EQ(decodeLearnerInfo(whole)->configVersion, 7);
    EXPECT_FALSE(decodeLearnerInfo(whole.substr(0, 7)));
}

TEST(QuorumStream, PacketsAreTakenWholeOrNotAtAll) {
    const QuorumPacket first{2, Zxid(1, 1), "txn", std::nullopt};
    const QuorumPacket second{1, Zxid(-1), std::nullopt, std::vector<Id>{{"ip", "::1"}}};
    const std::string bytes = encode(first) + encode(second);
    EXPECT_EQ(encode(QuorumPacket{5, Zxid(), std::nullopt, std::nullopt}).size(), 20u);
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        std::string_view stream = std::string_view(bytes).substr(0, size);
        std::vector<QuorumPacket> taken;
        for (;;) {
            const auto packet = takePacket(stream);
            ASSERT_TRUE(packet);
            if (!*packet) break;
            taken.push_back(**packet);
        }
        const std::size_t whole = size == bytes.size() ? 2 : size >= encode(first).size() ? 1 : 0;
        ASSERT_EQ(taken.size(), whole) << size;
        const QuorumPacket* sent[] = {&first, &second};
        for (std::size_t index = 0; index < whole; ++index)
            EXPECT_EQ(taken[index], *sent[index]);
    }
}

TEST(QuorumStream, AnImpossibleLengthIsAnErrorAtOnce) {
    for (const std::int32_t length : {-2, kPacketDataLimit + 1}) {
        std::string bytes;
        Writer out(bytes);
        out.i32(2);
        out.i64(1);
        out.i32(length);
        std::string_view stream = bytes;
        EXPECT_FALSE(takePacket(stream)) << length;
    }
}

} // namespace
} // namespace zk::jute
