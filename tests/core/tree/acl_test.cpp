#include "tree/acl.h"

#include <gtest/gtest.h>

namespace zk::tree {
namespace {

using jute::Acl;
using jute::ErrorCode;
using jute::Id;

const Id kAnyone{"world", "anyone"};
const Id kLocal{"ip", "127.0.0.1"};

TEST(Acl, DigestIdIsApaches) {
    EXPECT_EQ(digestId("super:test"), "super:D/InIHSb7yEEbrWz8b9l71RjZJU=");
}

TEST(Acl, PermitsByPermissionAndIdentity) {
    const std::vector<Acl> acl{{jute::kPermRead, kAnyone}, {jute::kPermWrite, {"digest", "joe:h"}}};
    EXPECT_TRUE(permits(acl, jute::kPermRead, {}));
    EXPECT_FALSE(permits(acl, jute::kPermWrite, {kLocal}));
    EXPECT_TRUE(permits(acl, jute::kPermWrite, {kLocal, {"digest", "joe:h"}}));
    EXPECT_FALSE(permits(acl, jute::kPermAdmin, {{"digest", "joe:h"}}));
    EXPECT_TRUE(permits(acl, jute::kPermAdmin, {{"super", ""}}));
    EXPECT_TRUE(permits({{jute::kPermAll, {"ip", "127.0.0.0/8"}}}, jute::kPermRead, {kLocal}));
}

TEST(Acl, FixRefusesWhatIsNoIdOfItsScheme) {
    for (const Id& id :
         {Id{"world", "someone"}, Id{"digest", "nohash"}, Id{"digest", "a:b:c"}, Id{"ip", "1.2.3"},
          Id{"ip", "1.2.3.4/33"}, Id{"ip", "1.2.3.4/"}, Id{"ip", "::1/129"}, Id{"nosuch", "x"}, Id{"digest", "a:"},
          Id{"digest", ":"}, Id{"x509", "CN=a"}, Id{"sasl", "a"}, Id{"super", ""}})
        EXPECT_EQ(fixAcl({{31, id}}, {}).err, ErrorCode::InvalidAcl) << id.scheme << ' ' << id.id;
    EXPECT_EQ(fixAcl({}, {}).err, ErrorCode::InvalidAcl);
    EXPECT_EQ(fixAcl({{31, {"ip", "::1/128"}}}, {}).err, ErrorCode::Ok);
    EXPECT_EQ(fixAcl({{31, {"digest", ":h"}}}, {}).err, ErrorCode::Ok);
    EXPECT_EQ(fixAcl({{31, {"digest", "a:b::"}}}, {}).err, ErrorCode::Ok) << "as Apache splits it";
}

TEST(Acl, FixExpandsAuthToProvedIdentitiesOnce) {
    const Id joe{"digest", "joe:h"};
    EXPECT_EQ(fixAcl({{31, {"auth", ""}}}, {kLocal}).err, ErrorCode::InvalidAcl);
    const FixedAcl fixed =
        fixAcl({{31, {"auth", ""}}, {1, kAnyone}, {31, {"auth", ""}}, {1, kAnyone}}, {kLocal, joe, {"super", ""}});
    EXPECT_EQ(fixed.err, ErrorCode::Ok);
    EXPECT_EQ(fixed.acl, (std::vector<Acl>{{31, joe}, {1, kAnyone}}));
    const FixedAcl both = fixAcl({{31, {"auth", ""}}, {31, joe}}, {joe});
    EXPECT_EQ(both.acl, (std::vector<Acl>{{31, joe}, {31, joe}})) << "Apache compares before it expands";
}

TEST(Acl, MaskHidesOnlyHashes) {
    EXPECT_EQ(masked({{31, {"digest", "joe:h"}}, {1, kAnyone}}),
              (std::vector<Acl>{{31, {"digest", "joe:x"}}, {1, kAnyone}}));
}

TEST(Acl, Addresses) {
    EXPECT_TRUE(ipMatches("10.1.2.3", "10.1.2.3"));
    EXPECT_FALSE(ipMatches("10.1.2.3", "10.1.2.4"));
    EXPECT_TRUE(ipMatches("10.1.2.3", "10.1.2.2/31"));
    EXPECT_FALSE(ipMatches("10.1.2.4", "10.1.2.2/31"));
    EXPECT_TRUE(ipMatches("10.1.2.3", "0.0.0.0/0"));
    EXPECT_FALSE(ipMatches("::1", "0.0.0.0/0"));
    EXPECT_TRUE(ipMatches("fe80::1%eth0", "fe80::/10"));
    EXPECT_TRUE(ipMatches("0:0:0:0:0:0:0:1", "::1"));
    EXPECT_TRUE(ipMatches("::ffff:1.2.3.4", "::ffff:102:304"));
    EXPECT_FALSE(ipMatches("1.2.3.4.5", "0.0.0.0/0"));
    EXPECT_FALSE(ipMatches("1::2::3", "::/0"));
}

TEST(Acl, X509IdsAreTakenWhereThereIsSuchAScheme) {
    const std::vector<jute::Acl> named{{jute::kPermAll, {"x509", "CN=jo,O=Acme"}}};
    const std::vector<jute::Acl> nobody{{jute::kPermAll, {"x509", "jo"}}};
    const std::vector<jute::Acl> caller{{jute::kPermAll, {"auth", ""}}};
    const std::vector<jute::Id> jo{{"ip", "127.0.0.1"}, {"x509", "CN=jo,O=Acme"}};
    const Schemes x509{true, true}, none{false, false};
    EXPECT_EQ(fixAcl(named, {}).err, jute::ErrorCode::InvalidAcl);
    EXPECT_EQ(fixAcl(named, {}, x509).acl, named);
    EXPECT_EQ(fixAcl(nobody, {}, x509).err, jute::ErrorCode::InvalidAcl);
    EXPECT_EQ(fixAcl(caller, jo).err, jute::ErrorCode::InvalidAcl);
    EXPECT_EQ(fixAcl(caller, jo, x509).acl, named);
    EXPECT_EQ(fixAcl({{jute::kPermAll, {"digest", "bob:x"}}}, {}, none).err, jute::ErrorCode::InvalidAcl);
    EXPECT_TRUE(permits(named, jute::kPermRead, jo));
    EXPECT_FALSE(permits(named, jute::kPermRead, {{"x509", "CN=jo"}}));
}

TEST(Acl, DistinguishedNames) {
    for (const char* const name : {"", "CN=a", "cn = a ; o=\"b,c\"", "CN=a+O=b", "1.2.3=x", "OID.2.5.4.3=x", "CN=", "CN=a\\,b",
                                   "serialNumber=#0401aa", "emailAddress=a@b", "DNQ=3,S=5,T=2,IP=1.2.3.4"})
        EXPECT_TRUE(isDistinguishedName(name)) << name;
    for (const char* const name : {"a", "FOO=1", "CN=a,", "CN=a,b", "=a", "CN=\"a", "CN=#abc", "CN=#xy", "1=a", "CN=a\\"})
        EXPECT_FALSE(isDistinguishedName(name)) << name;
}

} // namespace
} // namespace zk::tree
