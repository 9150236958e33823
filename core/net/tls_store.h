// Key stores: what stands in a PEM or PKCS12 file, and names as Java writes them. For tls.cpp and its tests.
#pragma once

#include "base/result.h"
#include "base/tls_options.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

namespace zk::net {

struct Free {
    void operator()(X509* one) const { X509_free(one); }
    void operator()(EVP_PKEY* one) const { EVP_PKEY_free(one); }
    void operator()(SSL_CTX* one) const { SSL_CTX_free(one); }
    void operator()(SSL* one) const { SSL_free(one); }
    void operator()(BIO* one) const { BIO_free_all(one); }
    void operator()(BIO_METHOD* one) const { BIO_meth_free(one); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

struct Store {
    Owned<EVP_PKEY> key;                    // null where there is none
    std::vector<Owned<X509>> certificates; // where there is a key, its own is the first
};

// What the file holds. `purpose` names the key of the configuration in errors: "ssl.keyStore".
Result<Store> readStore(const KeyStore& store, const std::string& purpose);

// "CN=a,OU=x+O=b": RFC 2253 as Java's X500Principal.getName() writes it, which is what x509 ACLs hold.
std::string subjectName(const X509* certificate);

// The newest of OpenSSL's errors of this thread as text; clears them all.
std::string takeOpensslError();

} // namespace zk::net
