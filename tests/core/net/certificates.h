// Certificates for tests: an authority that lives as long as the test, and what it signs, as PEM and PKCS12.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace zk::net {

struct Certificate {
    std::string key, certificate; // PEM
    std::string both() const { return key + certificate; }
};

struct CertificateWishes {
    // Type and value, in the order of the encoding: {"O", "Acme"}, {"CN", "server"}.
    std::vector<std::pair<std::string, std::string>> name{{"CN", "localhost"}};
    std::string alternatives = "DNS:localhost,IP:127.0.0.1"; // empty: none
    std::chrono::seconds from{-3600}, until{3600};           // from now
};

class Authority {
  public:
    explicit Authority(const std::string& name = "Test authority");
    Certificate issue(const CertificateWishes& wishes = {}) const;
    const std::string& certificate() const { return own_.certificate; } // PEM

  private:
    Certificate own_;
};

// The same as a PKCS12 file. Without a key: a trust store.
std::string pkcs12(const Certificate& certificate, const std::string& password);
// The key, encrypted, and the certificate.
std::string encryptedPem(const Certificate& certificate, const std::string& password);

} // namespace zk::net
