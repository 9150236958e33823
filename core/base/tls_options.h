// TlsOptions: what makes a connection private, as ZooKeeper's ssl.* keys say it: whose key and certificate are shown, who
// is trusted, what is spoken. Plain values; core/net makes a TlsContext of them. They stand here because the configuration
// of a server, the options of a client and the network all speak of them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace zk {

// A file with keys or certificates: PEM or PKCS12.
struct KeyStore {
    std::string location;     // empty: none
    std::string password;     // of what is encrypted in it
    std::string passwordPath; // a file that holds the password; goes before `password`
    std::string type;         // "PEM", "PKCS12"; empty: as the file's name or its content says
    bool operator==(const KeyStore&) const = default;
};

// Must a client show a certificate?
enum class ClientAuth { Need, Want, None };

struct TlsOptions {
    KeyStore keyStore;                     // our own key and certificate
    KeyStore trustStore;                   // the authorities whose certificates we accept
    std::vector<std::string> protocols;    // "TLSv1.2", "TLSv1.3"; empty: both
    std::vector<std::string> ciphersuites; // names of the IANA or of OpenSSL; empty: OpenSSL's choice
    ClientAuth clientAuth = ClientAuth::Need; // a server's
    bool hostnameVerification = true;         // a client's: the certificate must be made out to the host it called
    std::chrono::milliseconds handshakeTimeout{5000};
    bool reload = false; // read the stores anew once their files have changed

    bool operator==(const TlsOptions&) const = default;
};

} // namespace zk
