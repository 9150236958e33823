// Names in certificates, as Java writes them: each line was asked of an Apache server 3.8.0 (whoAmI over TLS).
#include "certificates.h"

#include "net/tls_store.h"

#include <openssl/pem.h>

#include <gtest/gtest.h>

namespace zk::net {
namespace {

std::string nameOf(const std::vector<std::pair<std::string, std::string>>& parts) {
    static const Authority authority;
    const std::string pem = authority.issue({parts, ""}).certificate;
    const Owned<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const Owned<X509> certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    return subjectName(certificate.get());
}

TEST(SubjectName, ThePartsComeLastFirst) {
    EXPECT_EQ(nameOf({{"C", "DE"}, {"ST", "Somewhere"}, {"L", "There"}, {"O", "Acme"}, {"OU", "It"}, {"CN", "jo"}}),
              "CN=jo,OU=It,O=Acme,L=There,ST=Somewhere,C=DE");
    EXPECT_EQ(nameOf({{"DC", "org"}, {"DC", "example"}, {"UID", "u1"}}), "UID=u1,DC=example,DC=org");
    EXPECT_EQ(nameOf({}), "");
}

TEST(SubjectName, TypesOutsideTheTableAreNumbers) {
    EXPECT_EQ(nameOf({{"serialNumber", "77"}, {"CN", "x"}}), "CN=x,2.5.4.5=#13023737");
    EXPECT_EQ(nameOf({{"emailAddress", "a@b.c"}}), "1.2.840.113549.1.9.1=#16056140622e63");
}

TEST(SubjectName, SpecialCharactersAreEscaped) {
    EXPECT_EQ(nameOf({{"CN", " Jo \"q\" \xc3\xbc"}}), "CN=\\ Jo \\\"q\\\" \xc3\xbc");
    EXPECT_EQ(nameOf({{"ST", "Some, State"}, {"O", "Acme #1"}}), "O=Acme \\#1,ST=Some\\, State");
    EXPECT_EQ(nameOf({{"CN", "a+b=c<d>e;f\\g "}}), "CN=a\\+b\\=c\\<d\\>e\\;f\\\\g\\ ");
}

} // namespace
} // namespace zk::net
