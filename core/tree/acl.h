// Access: which identities a znode's ACL lets do what. Rules: Apache's PrepRequestProcessor (fixupACL),
// ZooKeeperServer (checkACL), and its digest and ip authentication providers.
#pragma once

#include "base/result.h"
#include "jute/client_records.h"

#include <string>
#include <string_view>
#include <vector>

namespace zk::tree {

// May somebody with these identities do what `perms` (kPerm... bits) says? The scheme "super" may do
// everything.
bool permits(const std::vector<jute::Acl>& acl, std::int32_t perms, const std::vector<jute::Id>& identities);

// The ACL as it is stored: what stands in it twice goes, then "auth" becomes the caller's identities.
// InvalidAcl for an empty one, an unknown scheme (sasl too, as on an Apache server without its provider; x509 where
// there is none either), or an id that its scheme does not know.
struct Schemes {
    bool digest = true, x509 = false;
};
struct FixedAcl {
    jute::ErrorCode err = jute::ErrorCode::Ok;
    std::vector<jute::Acl> acl;
};
FixedAcl fixAcl(const std::vector<jute::Acl>& acl, const std::vector<jute::Id>& identities, Schemes schemes = {});

// The ACL as somebody without ADMIN may see it: "user:x" in place of a digest's hash.
std::vector<jute::Acl> masked(const std::vector<jute::Acl>& acl);

// The name that whoAmI gives to an identity: of a digest what stands before its hash, of an address all of it, of the
// super user none.
std::string userName(const jute::Id& identity);

// The id of the digest scheme for "user:password": "user:" + base64(SHA-1("user:password")), or of another algorithm by
// Java's name: SHA-224, SHA-256, SHA-384, SHA-512. Precondition: it is one of these, or SHA1.
std::string digestId(std::string_view userAndPassword, std::string_view algorithm = "SHA1");

// Can this be a name in a certificate, as Java reads one: "CN=a, O=b"?
bool isDistinguishedName(std::string_view text);

// Does the address stand in "addr" or "addr/bits"? IPv4 and IPv6 text forms.
bool ipMatches(std::string_view address, std::string_view expression);

} // namespace zk::tree
