// ACLs are enforced on every operation, for the identities of the connection.
#include "driver.h"
#include "tree/acl.h"

namespace zk::server::testing {

class AccessControl : public ::testing::Test {
  protected:
    AccessControl() {
        EXPECT_TRUE(owner.connect());
        EXPECT_TRUE(stranger.connect());
        EXPECT_EQ(owner.auth("digest", "bob:secret").err, ErrorCode::Ok);
    }
    static std::vector<jute::Acl> acl(std::int32_t perms, std::string scheme, std::string id) {
        return {{perms, {std::move(scheme), std::move(id)}}};
    }
    World world{0, [](config::ServerConfig& config) { config.superDigest = tree::digestId("super:root"); }};
    TestClient owner{world, 1}, stranger{world, 1};
};

TEST_F(AccessControl, AuthMeansTheCallersIdentities) {
    EXPECT_EQ(owner.create("/a", "x", 0, acl(jute::kPermAll, "auth", "")).err, ErrorCode::Ok);
    EXPECT_EQ(owner.create("/a/b").err, ErrorCode::Ok);
    EXPECT_EQ(owner.get("/a").err, ErrorCode::Ok);
    EXPECT_EQ(stranger.get("/a").err, ErrorCode::NoAuth);
    EXPECT_EQ(stranger.children("/a").err, ErrorCode::NoAuth);
    EXPECT_EQ(stranger.call(OpCode::GetChildren2, jute::ReadRequest{"/a", false}).err, ErrorCode::NoAuth);
    EXPECT_EQ(stranger.call(OpCode::GetAcl, jute::PathRecord{"/a"}).err, ErrorCode::NoAuth);
    EXPECT_EQ(stranger.exists("/a").err, ErrorCode::NoAuth) << "exists asks for READ, since 3.9.2";
    EXPECT_EQ(stranger.set("/a", "y").err, ErrorCode::NoAuth);
    EXPECT_EQ(stranger.create("/a/c").err, ErrorCode::NoAuth);
    EXPECT_EQ(stranger.remove("/a/b").err, ErrorCode::NoAuth);
    EXPECT_EQ(stranger.call(OpCode::SetAcl, jute::SetAclRequest{"/a", jute::openAcl(), -1}).err, ErrorCode::NoAuth);
    EXPECT_EQ(stranger.auth("digest", "bob:secret").err, ErrorCode::Ok);
    EXPECT_EQ(stranger.get("/a").err, ErrorCode::Ok);
}

TEST_F(AccessControl, GetAclMasksTheHashFromThoseWithoutAdmin) {
    const std::string id = tree::digestId("bob:secret");
    auto mixed = acl(jute::kPermAll, "digest", id);
    mixed.push_back({jute::kPermRead, {"world", "anyone"}});
    owner.create("/a", "", 0, mixed);
    const auto full = jute::decode<jute::GetAclResponse>(owner.call(OpCode::GetAcl, jute::PathRecord{"/a"}).body);
    EXPECT_EQ(full->acl, mixed);
    const auto masked = jute::decode<jute::GetAclResponse>(stranger.call(OpCode::GetAcl, jute::PathRecord{"/a"}).body);
    ASSERT_EQ(masked->acl.size(), 2U);
    EXPECT_EQ(masked->acl[0].id.id, "bob:x");
}

TEST_F(AccessControl, WatchEventsGoOnlyToThoseWhoMayRead) {
    owner.create("/parent");
    for (TestClient* const client : {&owner, &stranger}) {
        EXPECT_EQ(client->exists("/parent/secret", true).err, ErrorCode::NoNode);
        client->children("/parent", true);
    }
    owner.create("/parent/secret", "", 0, acl(jute::kPermAll, "auth", ""));
    EXPECT_EQ(owner.events().size(), 2U);
    ASSERT_EQ(stranger.events().size(), 1U) << "that /parent has a child, not which";
    // A watch that is set again asks for no permission; its events do.
    const auto watchAgain = [&] {
        const jute::SetWatchesRequest request{world.node().lastZxid(), {"/parent/secret"}, {}, {}};
        for (TestClient* const client : {&owner, &stranger})
            client->call(OpCode::SetWatches, jute::encode(request), jute::kXidSetWatches);
    };
    watchAgain();
    owner.set("/parent/secret", "x");
    EXPECT_EQ(owner.events().size(), 1U);
    EXPECT_TRUE(stranger.events().empty());
    watchAgain();
    EXPECT_EQ(world.node().status().watches, 2U);
    owner.remove("/parent/secret");
    EXPECT_EQ(owner.events().size(), 1U);
    EXPECT_TRUE(stranger.events().empty());
    EXPECT_EQ(world.node().status().watches, 0U) << "a watch is used up whether its client may hear of it or not";
}

TEST_F(AccessControl, AnAuthPacketWithoutASecretFails) {
    EXPECT_EQ(stranger.call(OpCode::Auth, jute::encode(jute::AuthPacket{0, "digest", std::nullopt}), jute::kXidAuth).err,
              ErrorCode::AuthFailed);
    EXPECT_FALSE(stranger.open);
}

TEST_F(AccessControl, SetAclCountsItsOwnVersion) {
    owner.create("/a");
    const auto set = [&](std::int32_t version) {
        return owner.call(OpCode::SetAcl, jute::SetAclRequest{"/a", acl(jute::kPermAll, "auth", ""), version});
    };
    const auto answer = jute::decode<jute::StatResponse>(set(0).body);
    EXPECT_EQ(answer->stat.aversion, 1);
    EXPECT_EQ(answer->stat.version, 0);
    EXPECT_EQ(set(0).err, ErrorCode::BadVersion);
    EXPECT_EQ(set(1).err, ErrorCode::Ok);
    EXPECT_EQ(stranger.get("/a").err, ErrorCode::NoAuth);
}

TEST_F(AccessControl, AnOutstandingAclCountsAlready) {
    world.server().diskHeld = true;
    owner.send(OpCode::Create, jute::CreateRequest{"/a", "", acl(jute::kPermAll, "auth", ""), 0});
    world.settle();
    const auto set = stranger.send(OpCode::SetData, jute::SetDataRequest{"/a", "", -1});
    world.settle();
    world.releaseDisk(1);
    EXPECT_EQ(stranger.take(set)->err, ErrorCode::NoAuth);
}

TEST_F(AccessControl, AddressesAreIdentities) {
    owner.create("/a", "", 0, acl(jute::kPermAll, "ip", "10.1.0.0/16"));
    TestClient near{world, 1, "10.1.2.3"}, far{world, 1, "10.2.2.3"};
    EXPECT_TRUE(near.connect());
    EXPECT_TRUE(far.connect());
    EXPECT_EQ(near.get("/a").err, ErrorCode::Ok);
    EXPECT_EQ(far.get("/a").err, ErrorCode::NoAuth);
}

TEST_F(AccessControl, InvalidAclsAreRefused) {
    EXPECT_EQ(owner.create("/a", "", 0, {}).err, ErrorCode::InvalidAcl);
    EXPECT_EQ(owner.create("/a", "", 0, acl(31, "nonsense", "x")).err, ErrorCode::InvalidAcl);
    EXPECT_EQ(stranger.create("/a", "", 0, acl(31, "auth", "")).err, ErrorCode::InvalidAcl);
}

TEST_F(AccessControl, TheSuperUserMayDoEverything) {
    owner.create("/a", "", 0, acl(jute::kPermAll, "auth", ""));
    EXPECT_EQ(stranger.auth("digest", "super:wrong").err, ErrorCode::Ok);
    EXPECT_EQ(stranger.get("/a").err, ErrorCode::NoAuth);
    EXPECT_EQ(stranger.auth("digest", "super:root").err, ErrorCode::Ok);
    EXPECT_EQ(stranger.get("/a").err, ErrorCode::Ok);
    EXPECT_EQ(stranger.remove("/a").err, ErrorCode::Ok);
}

TEST_F(AccessControl, AnUnknownSchemeEndsTheConnection) {
    EXPECT_EQ(stranger.auth("kerberos", "x").err, ErrorCode::AuthFailed);
    EXPECT_FALSE(stranger.open);
    EXPECT_EQ(world.node().status().counters.at("auth_failed_count"), 1);
}

// What a certificate's owner may do: TLS itself is the driver's, which tells the node the name.
class X509Access : public ::testing::Test {
  protected:
    X509Access() {
        for (TestClient* const client : {&jo, &root, &nameless}) EXPECT_TRUE(client->connect());
        const std::string jos = "CN=jo,O=Acme", roots = "CN=root";
        world.node().secured(jo.link, &jos);
        world.node().secured(root.link, &roots);
        world.node().secured(nameless.link, nullptr);
    }
    World world{0, [](config::ServerConfig& config) {
                    config.x509Logins = true;
                    config.x509SuperUser = "CN=root";
                }};
    TestClient jo{world, 1}, root{world, 1}, nameless{world, 1};
};

TEST_F(X509Access, TheNameInTheCertificateOpensWhatIsItsOwn) {
    EXPECT_EQ(jo.create("/own", "x", 0, {{jute::kPermAll, {"auth", ""}}}).err, ErrorCode::Ok);
    const auto acl = jute::decode<jute::GetAclResponse>(jo.call(OpCode::GetAcl, jute::PathRecord{"/own"}).body);
    EXPECT_EQ(acl->acl, (std::vector<jute::Acl>{{jute::kPermAll, {"x509", "CN=jo,O=Acme"}}}));
    EXPECT_EQ(jo.get("/own").err, ErrorCode::Ok);
    EXPECT_EQ(nameless.get("/own").err, ErrorCode::NoAuth);
    EXPECT_EQ(root.set("/own", "y").err, ErrorCode::Ok) << "the super user";
    EXPECT_EQ(jo.create("/given", "", 0, {{jute::kPermRead, {"x509", "CN=other"}}}).err, ErrorCode::Ok);
    EXPECT_EQ(jo.get("/given").err, ErrorCode::NoAuth);
    EXPECT_EQ(nameless.create("/none", "", 0, {{jute::kPermAll, {"auth", ""}}}).err, ErrorCode::InvalidAcl);
}

TEST(DigestAlgorithm, AnotherOneMakesAnotherIdOfTheSamePassword) {
    World world{0, [](config::ServerConfig& config) {
                    config.digestAlgorithm = "SHA-256";
                    config.superDigest = tree::digestId("super:root", "SHA-256");
                }};
    TestClient bob{world, 1}, super{world, 1};
    EXPECT_TRUE(bob.connect() && super.connect());
    EXPECT_EQ(bob.auth("digest", "bob:secret").err, ErrorCode::Ok);
    EXPECT_EQ(bob.create("/a", "", 0, {{jute::kPermAll, {"auth", ""}}}).err, ErrorCode::Ok);
    const auto acl = jute::decode<jute::GetAclResponse>(bob.call(OpCode::GetAcl, jute::PathRecord{"/a"}).body);
    EXPECT_EQ(acl->acl.at(0).id.id, "bob:huAluaVu3uER4LIpielGv9Qqk5x3YVDr6I2R/mXf2wE=");
    EXPECT_EQ(super.get("/a").err, ErrorCode::NoAuth);
    EXPECT_EQ(super.auth("digest", "super:root").err, ErrorCode::Ok);
    EXPECT_EQ(super.get("/a").err, ErrorCode::Ok);
}

} // namespace zk::server::testing
