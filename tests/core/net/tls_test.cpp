// TLS between our client and our server, over real sockets: who gets in, who does not, and what both are told.
#include "certificates.h"
#include "fixture.h"

#include <algorithm>
#include <fstream>

namespace zk::net {
namespace {

using Protocols = std::vector<std::string>;

class Tls : public ::testing::Test {
  protected:
    Tls() {
        server.dataDir = files / "data";
        server.preallocateKilobytes = 64;
        server.tickTime = 500ms;
        server.client = {"127.0.0.1", 0};
        server.secureClient = {"127.0.0.1", 0};
        server.x509Logins = true;
        server.tls.keyStore.location = file("server.pem", authority.issue().both());
        server.tls.trustStore.location = file("trust.pem", authority.certificate());
        known.trustStore = server.tls.trustStore;
        known.keyStore.location = file("client.pem", authority.issue({{{"O", "Acme"}, {"CN", "jo"}}, ""}).both());
    }

    std::string file(const std::string& name, const std::string& content) {
        std::ofstream(files / name, std::ios::binary) << content;
        return files / name;
    }
    std::string start() {
        return outcome([&](auto done) { host.start(server, done); });
    }
    client::Options options(const TlsOptions& tls, std::uint16_t port) const {
        client::Options options = optionsFor({port});
        options.tls = tls;
        return options;
    }
    client::Options options(const TlsOptions& tls) const { return options(tls, host.view().secureClientPort); }
    // What keeps this client out; empty where it is served.
    std::string refusal(const client::Options& options) const {
        std::string why;
        BlockingSession session(options, [&](const client::Status& status) {
            if (why.empty()) why = status.lastError;
        });
        session.runUntil([&] { return !why.empty() || session.status().state == client::SessionState::Connected; }, 10s);
        return why;
    }
    std::string refusal(const TlsOptions& tls) const { return refusal(options(tls)); }

    Directory files;
    Authority authority, stranger{"Another authority"};
    config::ServerConfig server;
    TlsOptions known; // of a client that the server lets in
    Record record;
    Host host{1, record};
};

void expectIn(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST_F(Tls, AClientWithACertificateIsServed) {
    ASSERT_EQ(start(), "");
    BlockingSession session(options(known));
    ASSERT_TRUE(create(session, "/a", "one").has_value()) << session.status().lastError;
    EXPECT_EQ(get(session, "/a")->bytes, "one");
    BlockingSession plain(optionsFor({host.view().clientPort}));
    EXPECT_EQ(get(plain, "/a")->bytes, "one");
}

TEST_F(Tls, EachProtocolIsSpokenAlone) {
    for (const std::string protocol : {"TLSv1.2", "TLSv1.3"}) {
        server.tls.protocols = {protocol};
        ASSERT_EQ(start(), "");
        EXPECT_EQ(refusal(known), "") << protocol;
        TlsOptions other = known;
        other.protocols = {protocol == "TLSv1.2" ? "TLSv1.3" : "TLSv1.2"};
        expectIn(refusal(other), "none of our protocols");
        EXPECT_EQ(outcome([&](auto done) { host.stop(done); }), "");
    }
}

TEST_F(Tls, CipherSuitesGoByEitherName) {
    server.tls.ciphersuites = {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"};
    ASSERT_EQ(start(), "");
    for (const Protocols& protocols : {Protocols{"TLSv1.2"}, Protocols{"TLSv1.3"}}) {
        known.protocols = protocols;
        EXPECT_EQ(refusal(known), "");
    }
    known.protocols.clear();
    known.ciphersuites = {"ECDHE-ECDSA-AES256-GCM-SHA384"};
    EXPECT_EQ(refusal(known), "");
    known.ciphersuites = {"ECDHE-ECDSA-AES128-GCM-SHA256"};
    expectIn(refusal(known), "no protocol and cipher");
}

TEST_F(Tls, LargeAnswersAndRequestsPass) {
    server.jutemaxbuffer = 4 * 1024 * 1024;
    ASSERT_EQ(start(), "");
    BlockingSession session(options(known));
    const std::string value(3'000'000, 'v');
    ASSERT_TRUE(create(session, "/large", value).has_value()) << session.status().lastError;
    // More under way than one reading takes, both ways.
    int answered = 0;
    session.use([&](client::Client& client) {
        for (int index = 0; index < 10; ++index)
            client.getData("/large", {}, [&](Result<client::Data> data) { answered += data && data->bytes == value; });
    });
    EXPECT_TRUE(session.runUntil([&] { return answered == 10; }, 20s)) << answered;
}

TEST_F(Tls, NeedAsksForACertificateAndWantTakesEither) {
    TlsOptions nameless = known;
    nameless.keyStore = {};
    ASSERT_EQ(start(), "");
    expectIn(refusal(nameless), "certificate");
    EXPECT_TRUE(eventually([&] { return record.says(trace::Kind::Log, "ssl.clientAuth=need asks for one"); })) << record.text();
    for (const ClientAuth asked : {ClientAuth::Want, ClientAuth::None}) {
        EXPECT_EQ(outcome([&](auto done) { host.stop(done); }), "");
        server.tls.clientAuth = asked;
        ASSERT_EQ(start(), "");
        EXPECT_EQ(refusal(nameless), "");
        EXPECT_EQ(refusal(known), "");
    }
}

TEST_F(Tls, ACertificateOfAnotherAuthorityIsRefusedByEitherSide) {
    ASSERT_EQ(start(), "");
    TlsOptions doubtful = known;
    doubtful.trustStore.location = file("other.pem", stranger.certificate());
    const std::string why = refusal(doubtful);
    expectIn(why, "the server's certificate (CN=localhost) was not made by an authority that ssl.trustStore.location");
    expectIn(why, "other.pem");
    TlsOptions unknown = known;
    unknown.keyStore.location = file("unknown.pem", stranger.issue().both());
    expectIn(refusal(unknown), "does not trust the authority that made it");
    EXPECT_TRUE(eventually([&] { return record.says(trace::Kind::Log, "the client's certificate (CN=localhost) was not made by"); }))
        << record.text();
}

TEST_F(Tls, WhatHasExpiredOrIsNotYetValidIsRefused) {
    CertificateWishes old, young;
    old.until = -60s;
    young.from = 3000s;
    server.tls.keyStore.location = file("old.pem", authority.issue(old).both());
    ASSERT_EQ(start(), "");
    expectIn(refusal(known), "has expired");
    EXPECT_EQ(outcome([&](auto done) { host.stop(done); }), "");
    server.tls.keyStore.location = file("young.pem", authority.issue(young).both());
    ASSERT_EQ(start(), "");
    expectIn(refusal(known), "not valid yet");
    EXPECT_EQ(outcome([&](auto done) { host.stop(done); }), "");
    server.tls.keyStore.location = file("server.pem", authority.issue().both());
    ASSERT_EQ(start(), "");
    known.keyStore.location = file("old-client.pem", authority.issue(old).both());
    expectIn(refusal(known), "it has expired");
}

TEST_F(Tls, TheCertificateMustBeMadeOutToTheHost) {
    server.tls.keyStore.location = file("elsewhere.pem", authority.issue({{{"CN", "x"}}, "DNS:elsewhere.example,IP:127.0.0.2"}).both());
    ASSERT_EQ(start(), "");
    expectIn(refusal(known), "is not made out to 127.0.0.1");
    client::Options byName = options(known);
    byName.connect.servers[0].host = "localhost";
    expectIn(refusal(byName), "is not made out to localhost");
    known.hostnameVerification = false;
    EXPECT_EQ(refusal(known), "");
}

TEST_F(Tls, StoresMayBePkcs12OrEncryptedAndPasswordsInFiles) {
    const Certificate own = authority.issue();
    server.tls.keyStore = {file("server.p12", pkcs12(own, "secret")), "secret", "", "PKCS12"};
    server.tls.trustStore = {file("trust.p12", pkcs12({"", authority.certificate()}, "open")), "", file("password", "open\n"), ""};
    ASSERT_EQ(start(), "");
    known.keyStore = {file("client-encrypted.pem", encryptedPem(authority.issue(), "pass")), "pass", "", "PEM"};
    known.trustStore = server.tls.trustStore;
    EXPECT_EQ(refusal(known), "");
}

TEST_F(Tls, AStoreThatCannotBeUsedKeepsTheServerDownAndSaysWhy) {
    const Certificate own = authority.issue();
    const auto fails = [&](KeyStore keys, const std::string& why) {
        server.tls.keyStore = std::move(keys);
        expectIn(start(), why);
    };
    fails({files / "none.pem", "", "", ""}, "cannot be read; check its path");
    fails({file("a.jks", std::string("\xFE\xED\xFE\xED\0\0\0\2", 8)), "", "", ""}, "keytool -importkeystore -srckeystore");
    fails({file("a.p12", pkcs12(own, "secret")), "wrong", "", ""}, "does not open with this password");
    fails({file("b.p12", "no store"), "", "", ""}, "neither a PEM nor a PKCS12 file");
    fails({file("c.pem", encryptedPem(own, "pass")), "wrong", "", ""}, "holds a private key that cannot be read");
    fails({file("d.pem", own.certificate), "", "", ""}, "holds no private key");
    fails({file("e.pem", own.key), "", "", ""}, "holds no certificate of its private key");
    fails({file("f.pem", own.key + authority.issue().certificate), "", "", ""}, "holds no certificate of its private key");
    fails({file("a.p12", pkcs12(own, "secret")), "", files / "no-password", ""}, "ssl.keyStore.passwordPath");
    server.tls.keyStore = {file("server.pem", own.both()), "", "", ""};
    server.tls.trustStore = {file("empty.pem", "-----BEGIN NOTHING-----\n"), "", "", ""};
    expectIn(start(), "holds no certificates");
    server.tls.trustStore = known.trustStore;
    server.tls.ciphersuites = {"TLS_NONE_SUCH"};
    expectIn(start(), "TLS_NONE_SUCH is not known");
    server.tls.ciphersuites = {"TLS_AES_128_GCM_SHA256"};
    server.tls.protocols = {"TLSv1.2"};
    expectIn(start(), "leave nothing to speak");
}

TEST_F(Tls, AClientWhoseStoreCannotBeReadSaysSo) {
    ASSERT_EQ(start(), "");
    known.trustStore.location = files / "none.pem";
    expectIn(refusal(known), "none.pem cannot be read");
}

TEST_F(Tls, EachSideSaysThatTheOtherDoesNotSpeakTls) {
    ASSERT_EQ(start(), "");
    expectIn(refusal(options(known, host.view().clientPort)), "does it speak TLS on this port");
    Raw plain(host.view().secureClientPort);
    plain.send("ruok");
    plain.send(std::string(20, 'x'));
    EXPECT_TRUE(plain.closed());
    EXPECT_TRUE(record.says(trace::Kind::Log, "gets no TLS connection: the other side does not speak TLS")) << record.text();
}

TEST_F(Tls, OnePortMayServeBoth) {
    server.portUnification = true;
    server.secureClient.reset();
    server.whitelist = {"*"};
    ASSERT_EQ(start(), "");
    const std::uint16_t port = host.view().clientPort;
    EXPECT_EQ(refusal(options(known, port)), "");
    EXPECT_EQ(refusal(optionsFor({port})), "");
    Raw word(port);
    word.send("ruok");
    EXPECT_EQ(word.readAll(), "imok");
}

TEST_F(Tls, TheSecurePortAloneIsEnough) {
    server.plainClients = false;
    ASSERT_EQ(start(), "");
    EXPECT_EQ(host.view().clientPort, 0);
    EXPECT_EQ(refusal(known), "");
}

TEST_F(Tls, AHandshakeThatDoesNotComeIsNotAwaitedForLong) {
    server.tls.handshakeTimeout = 50ms;
    ASSERT_EQ(start(), "");
    Raw mute(host.view().secureClientPort);
    EXPECT_TRUE(mute.closed());
    EXPECT_TRUE(record.says(trace::Kind::Log, "the TLS handshake was not over in time")) << record.text();
}

TEST_F(Tls, SoManyHandshakesAtOnceAndNoMore) {
    server.limits.outstandingHandshakes = 2;
    ASSERT_EQ(start(), "");
    const std::uint16_t port = host.view().secureClientPort;
    auto one = std::make_unique<Raw>(port);
    Raw two(port), three(port);
    EXPECT_TRUE(three.closed());
    EXPECT_TRUE(record.says(trace::Kind::Log, "netty.server.outstandingHandshake.limit is 2")) << record.text();
    one.reset();
    EXPECT_TRUE(eventually([&] { return refusal(known).empty(); })) << "there is room again";
}

TEST_F(Tls, NewFilesCountForTheConnectionsThatFollow) {
    server.tls.reload = true;
    ASSERT_EQ(start(), "");
    BlockingSession before(options(known));
    ASSERT_TRUE(create(before, "/a", "").has_value());
    TlsOptions later = known;
    later.trustStore.location = file("later.pem", stranger.certificate());
    EXPECT_NE(refusal(later), "");
    file("server.pem", "half a fi");
    EXPECT_EQ(refusal(known), "") << "what was read before counts on";
    EXPECT_TRUE(record.says(trace::Kind::Log, "what was read before counts on")) << record.text();
    file("server.pem", stranger.issue().both());
    EXPECT_EQ(refusal(later), "");
    EXPECT_NE(refusal(known), "");
    EXPECT_TRUE(get(before, "/a").has_value()) << "who is connected stays so";
}

TEST_F(Tls, WithoutReloadNewFilesWaitForARestart) {
    ASSERT_EQ(start(), "");
    file("server.pem", stranger.issue().both());
    EXPECT_EQ(refusal(known), "");
}

TEST_F(Tls, TheClientsReasonsArriveWhileItTriesOn) {
    ASSERT_EQ(start(), "");
    TlsOptions unknown = known;
    unknown.keyStore.location = file("own.pem", stranger.issue().both());
    client::Options tries = options(unknown);
    int reports = 0;
    BlockingSession session(tries, [&](const client::Status&) { ++reports; });
    ASSERT_TRUE(session.runUntil([&] { return reports >= 1; }, 10s));
    file("own.pem", authority.issue().both());
    unknown.reload = true;
    EXPECT_EQ(refusal(unknown), "");
}

} // namespace
} // namespace zk::net
