// TlsSession: OpenSSL on a Wire, and its errors as sentences.
#include "net/tls_impl.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace zk::net {

namespace {

using boost::system::error_code;

bool wouldBlock(const error_code& error) {
    return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

// The wire as OpenSSL sees it.
TlsSession::Wire& wireOf(BIO* bio) { return *static_cast<TlsSession::Wire*>(BIO_get_data(bio)); }

int readWire(BIO* bio, char* into, std::size_t room, std::size_t* size) {
    BIO_clear_retry_flags(bio);
    error_code error;
    *size = wireOf(bio).receive(into, room, error);
    if (wouldBlock(error)) BIO_set_retry_read(bio);
    if (error == boost::asio::error::eof) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return !error && *size > 0 ? 1 : 0;
}

int writeWire(BIO* bio, const char* bytes, std::size_t count, std::size_t* size) {
    BIO_clear_retry_flags(bio);
    error_code error;
    *size = wireOf(bio).transmit(bytes, count, error);
    if (wouldBlock(error)) BIO_set_retry_write(bio);
    return !error ? 1 : 0;
}

long controlWire(BIO* bio, int command, long, void*) {
    switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    default: return 0;
    }
}

BIO_METHOD* wireMethod() {
    static const Owned<BIO_METHOD> method = [] {
        Owned<BIO_METHOD> made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "zk wire"));
        BIO_meth_set_read_ex(made.get(), readWire);
        BIO_meth_set_write_ex(made.get(), writeWire);
        BIO_meth_set_ctrl(made.get(), controlWire);
        return made;
    }();
    return method.get();
}

bool isAddress(const std::string& host) {
    error_code error;
    boost::asio::ip::make_address(host, error);
    return !error;
}

// Why we do not accept the other side's certificate.
std::string unaccepted(long code, const std::string& subject, const TlsContext& context, const std::string& host) {
    const bool client = context.side() == TlsContext::Side::Client;
    const std::string whose = (client ? "the server's certificate (" : "the client's certificate (") + subject + ")";
    const std::string& store = context.options().trustStore.location;
    const std::string reason = X509_verify_cert_error_string(code);
    switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return whose + " has expired: it, or one that it rests on, must be renewed";
    case X509_V_ERR_CERT_NOT_YET_VALID: return whose + " is not valid yet: are the clocks of both machines right?";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return whose + " is not made out to " + host + "; connect by a name that stands in it, or see to it that " + host +
               " does (ssl.hostnameVerification=false accepts any)";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return whose + " was not made by an authority that " +
               (store.empty() ? "this system trusts; name yours with ssl.trustStore.location"
                              : "ssl.trustStore.location " + store + " holds") +
               " (" + reason + ")";
    default: return whose + " is not accepted: " + reason;
    }
}

// What the other side's alert tells us.
std::string alerted(int alert, TlsContext::Side side) {
    const std::string name = SSL_alert_desc_string_long(alert);
    switch (alert) {
    case SSL_AD_UNKNOWN_CA:
        return "the other side does not accept our certificate: it does not trust the authority that made it (" + name + ")";
    case SSL_AD_CERTIFICATE_EXPIRED: return "the other side does not accept our certificate: it has expired";
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_UNKNOWN: return "the other side does not accept our certificate (" + name + ")";
    case TLS13_AD_CERTIFICATE_REQUIRED:
        return "the other side asks for a certificate of ours; give one with ssl.keyStore.location";
    case SSL_AD_HANDSHAKE_FAILURE:
        return std::string("the other side finds no protocol and cipher that both have") +
               (side == TlsContext::Side::Client ? ", or asks for a certificate of ours (ssl.keyStore.location)" : "");
    case SSL_AD_PROTOCOL_VERSION: return "the other side speaks none of our protocols; compare ssl.enabledProtocols";
    default: return "the other side ends it: " + name;
    }
}

} // namespace

struct TlsSession::Impl {
    std::shared_ptr<const TlsContext> context;
    Owned<SSL> ssl;
    std::string host;
    std::string refused; // the subject of a certificate that was not accepted
    bool open = false;   // the handshake is through, and nothing has failed since

    static int verified(int accepted, X509_STORE_CTX* state) {
        const auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(state, SSL_get_ex_data_X509_STORE_CTX_idx()));
        if (accepted == 0) static_cast<Impl*>(SSL_get_app_data(ssl))->refused = subjectName(X509_STORE_CTX_get0_cert(state));
        return accepted;
    }
};

TlsSession::TlsSession(std::shared_ptr<const TlsContext> context, Wire& wire, const std::string& host)
    : impl_(std::make_unique<Impl>()) {
    impl_->ssl.reset(SSL_new(context->impl().context.get()));
    impl_->host = host;
    SSL* const ssl = impl_->ssl.get();
    SSL_set_app_data(ssl, impl_.get());
    SSL_set_verify(ssl, SSL_get_verify_mode(ssl), Impl::verified);
    BIO* const bio = BIO_new(wireMethod());
    BIO_set_data(bio, &wire);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    if (context->side() == TlsContext::Side::Server) {
        SSL_set_accept_state(ssl);
    } else {
        const bool address = isAddress(host);
        if (!address) SSL_set_tlsext_host_name(ssl, host.c_str());
        if (context->options().hostnameVerification) {
            X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl);
            X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
            if (address) X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str());
            else X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size());
        }
        SSL_set_connect_state(ssl);
    }
    impl_->context = std::move(context);
}

TlsSession::~TlsSession() = default;

TlsSession::Step TlsSession::outcome(int result) {
    SSL* const ssl = impl_->ssl.get();
    switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_NONE: return Step::Done;
    case SSL_ERROR_WANT_READ: return Step::WantsRead;
    case SSL_ERROR_WANT_WRITE: return Step::WantsWrite;
    case SSL_ERROR_ZERO_RETURN: break;
    default:
        // The wire's own end says enough; OpenSSL's errors are what the protocol found wrong.
        if (ERR_peek_error() != 0) {
            fault_ = sentence();
            ERR_clear_error();
            impl_->open = false;
            return Step::Failed;
        }
    }
    fault_ = SSL_is_init_finished(ssl) ? "the other side closed the connection"
                                       : "the other side closed the connection within the TLS handshake; does it speak TLS on "
                                         "this port, and does it ask for a certificate of ours?";
    impl_->open = false;
    return Step::Closed;
}

std::string TlsSession::sentence() const {
    SSL* const ssl = impl_->ssl.get();
    const unsigned long error = ERR_peek_last_error();
    const int reason = ERR_GET_REASON(error);
    if (const long code = SSL_get_verify_result(ssl); reason == SSL_R_CERTIFICATE_VERIFY_FAILED && code != X509_V_OK)
        return unaccepted(code, impl_->refused, *impl_->context, impl_->host);
    if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET)
        return alerted(reason - SSL_AD_REASON_OFFSET, impl_->context->side());
    switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_UNEXPECTED_MESSAGE: return "the other side does not speak TLS";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
        return "the other side speaks none of our protocols; compare ssl.enabledProtocols";
    case SSL_R_NO_SHARED_CIPHER: return "no cipher that both sides have; compare ssl.ciphersuites";
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return "the client shows no certificate, and ssl.clientAuth=need asks for one";
    default: break;
    }
    const char* const text = ERR_reason_error_string(error);
    return std::string("TLS failed: ") + (text != nullptr ? text : "no reason is given");
}

TlsSession::Step TlsSession::handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(impl_->ssl.get());
    impl_->open = result == 1;
    return outcome(result);
}

TlsSession::Step TlsSession::read(char* into, std::size_t room, std::size_t& size) {
    ERR_clear_error();
    size = 0;
    return outcome(SSL_read_ex(impl_->ssl.get(), into, room, &size));
}

TlsSession::Step TlsSession::write(std::string_view bytes, std::size_t& size) {
    size = 0;
    while (size < bytes.size()) {
        ERR_clear_error();
        std::size_t written = 0;
        const Step step = outcome(SSL_write_ex(impl_->ssl.get(), bytes.data() + size, bytes.size() - size, &written));
        if (step != Step::Done) return step;
        size += written;
    }
    return Step::Done;
}

void TlsSession::goodbye() {
    if (!std::exchange(impl_->open, false)) return;
    SSL_shutdown(impl_->ssl.get());
    ERR_clear_error();
}

TlsPeer TlsSession::peer() const {
    SSL* const ssl = impl_->ssl.get();
    TlsPeer peer;
    peer.protocol = SSL_get_version(ssl);
    if (const char* const cipher = SSL_get_cipher_name(ssl)) peer.cipher = cipher;
    const Owned<X509> certificate(SSL_get1_peer_certificate(ssl));
    if (certificate) {
        peer.hasCertificate = true;
        peer.subject = subjectName(certificate.get());
    }
    return peer;
}

} // namespace zk::net
