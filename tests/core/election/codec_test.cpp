#include "election/election.h"

#include <gtest/gtest.h>

namespace zk::election {
namespace {

std::string bytes(std::string_view hexText) {
    std::string compact;
    for (const char letter : hexText)
        if (letter != ' ') compact += letter;
    return fromHex(compact).value();
}

// --- Notifications ---

const std::string kConfig = "server.1=127.0.0.1:24281:24381:participant\nversion=0";
const std::string kVector =
    bytes("00000002 0000000000000003 0000000100000005 0000000000000007 0000000000000002 "
          "00000002 00000034") +
    kConfig;
const Notification kNotification{ServerState::Leading, {3, Zxid(1, 5), 7, 2}, 2, kConfig};

TEST(NotificationCodec, KnowsItsVectorBothWays) {
    EXPECT_EQ(toHex(encode(kNotification)), toHex(kVector));
    const auto decoded = decodeNotification(kVector);
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(*decoded, kNotification);
}

TEST(NotificationCodec, GivesBackEveryStateAndExtreme) {
    for (const auto state :
         {ServerState::Looking, ServerState::Following, ServerState::Leading, ServerState::Observing})
        for (const std::int64_t number : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
            const Notification sent{state, {number, Zxid(number), number, number}, 2, ""};
            const auto got = decodeNotification(encode(sent));
            ASSERT_TRUE(got.has_value());
            EXPECT_EQ(*got, sent);
        }
}

TEST(NotificationCodec, ReadsTheOldestFormAndTakesTheEpochFromTheZxid) {
    const auto decoded = decodeNotification(kVector.substr(0, 28));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(*decoded, (Notification{ServerState::Leading, {3, Zxid(1, 5), 7, 1}, 0, ""}));
}

TEST(NotificationCodec, ReadsTheFormOfFortyBytesAsVersionZero) {
    const auto decoded = decodeNotification(kVector.substr(0, 40));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(*decoded, (Notification{ServerState::Leading, {3, Zxid(1, 5), 7, 2}, 0, ""}));
}

TEST(NotificationCodec, RefusesEveryOtherTruncation) {
    for (std::size_t size = 0; size < kVector.size(); ++size) {
        if (size == 28 || size == 40) continue;
        EXPECT_FALSE(decodeNotification(std::string_view(kVector).substr(0, size)).has_value()) << size;
    }
}

TEST(NotificationCodec, TakesTheLimitOfAMessage) {
    Notification large = kNotification;
    large.config.assign(static_cast<std::size_t>(kMessageLimit) - 44, 'x');
    const std::string wire = encode(large);
    EXPECT_EQ(wire.size(), static_cast<std::size_t>(kMessageLimit));
    EXPECT_EQ(decodeNotification(wire).value(), large);
}

TEST(NotificationCodec, RefusesAStateThatDoesNotExistAndANegativeLength) {
    std::string wire = kVector;
    wire[3] = 4;
    EXPECT_EQ(decodeNotification(wire).error().code, make_error_code(Errc::Malformed));
    wire[0] = '\xff';
    EXPECT_FALSE(decodeNotification(wire).has_value());
    wire = kVector;
    wire[40] = '\xff';
    EXPECT_FALSE(decodeNotification(wire).has_value());
}

// --- Handshakes ---

const std::string kOne = bytes("ffffffffffff0000 0000000000000001 0000000f") + "127.0.0.1:24381";
const std::string kSeveral = bytes("ffffffffffff0001 0000000000000002 00000018") + "10.0.0.1:3888|[::1]:3888";

TEST(HandshakeCodec, KnowsItsVectorsBothWays) {
    const std::pair<std::string, Handshake> vectors[] = {
        {kOne, {1, {"127.0.0.1:24381"}}},
        {kSeveral, {2, {"10.0.0.1:3888", "[::1]:3888"}}},
        {bytes("0000000000000005"), {5, {}}},
    };
    for (const auto& [wire, handshake] : vectors) {
        EXPECT_EQ(toHex(encode(handshake)), toHex(wire));
        const std::string followed = wire + "next";
        std::string_view stream = followed;
        const auto taken = takeHandshake(stream);
        ASSERT_TRUE(taken.has_value() && taken->has_value());
        EXPECT_EQ(**taken, handshake);
        EXPECT_EQ(stream, "next");
    }
}

TEST(HandshakeCodec, WaitsWhileTheHandshakeIsNotWhole) {
    for (const std::string& wire : {kOne, kSeveral})
        for (std::size_t size = 0; size < wire.size(); ++size) {
            std::string_view stream = std::string_view(wire).substr(0, size);
            const auto taken = takeHandshake(stream);
            ASSERT_TRUE(taken.has_value()) << size;
            EXPECT_FALSE(taken->has_value()) << size;
            EXPECT_EQ(stream.size(), size);
        }
}

TEST(HandshakeCodec, TakesAnAnonymousPeer) {
    std::string_view stream;
    const std::string wire = encode(Handshake{kAnonymous, {"host:1"}});
    stream = wire;
    EXPECT_EQ((*takeHandshake(stream))->sid, kAnonymous);
}

TEST(HandshakeCodec, RefusesWhatIsNoHandshake) {
    const std::string bad[] = {
        bytes("fffffffffffeffff 0000000000000001 0000000f") + "127.0.0.1:24381", // unknown version
        bytes("ffffffffffff0000 ffffffffffffffff 0000000f") + "127.0.0.1:24381", // a negative id
        bytes("ffffffffffff0000 0000000000000001 00000000"),                     // no address
        bytes("ffffffffffff0000 0000000000000001 ffffffff"),
        bytes("ffffffffffff0000 0000000000000001 00000801"), // 2049 bytes
        bytes("ffffffffffff0000 0000000000000001 00000004") + "host",
        bytes("ffffffffffff0000 0000000000000001 00000005") + ":3888",
        bytes("ffffffffffff0000 0000000000000001 00000006") + "host:0",
        bytes("ffffffffffff0000 0000000000000001 0000000a") + "host:65536",
        bytes("ffffffffffff0001 0000000000000001 00000007") + "host:1|",
    };
    for (const std::string& wire : bad) {
        std::string_view stream = wire;
        const auto taken = takeHandshake(stream);
        ASSERT_FALSE(taken.has_value()) << toHex(wire);
        EXPECT_EQ(taken.error().code, make_error_code(Errc::Malformed));
        EXPECT_FALSE(taken.error().message().empty());
    }
}

TEST(HandshakeCodec, TakesAnAddressOfTheLongestKind) {
    const std::string address = std::string(2043, 'h') + ":3888";
    const std::string wire = encode(Handshake{1, {address}});
    std::string_view stream = wire;
    EXPECT_EQ((*takeHandshake(stream))->addresses.at(0), address);
}

} // namespace
} // namespace zk::election
