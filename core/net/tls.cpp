// TlsContext and TlsSource: keys, trust and rules, from files.
#include "net/tls.h"

#include "net/tls_impl.h"

#include <algorithm>

namespace zk::net {

namespace {

Error refusal(const std::string& sentence) { return {Errc::Malformed, sentence}; }

Result<void> useKey(SSL_CTX* context, const TlsOptions& options) {
    if (options.keyStore.location.empty()) return {};
    auto store = readStore(options.keyStore, "ssl.keyStore");
    if (!store) return store.error();
    const std::string& file = options.keyStore.location;
    if (!store->key) return refusal("ssl.keyStore.location " + file + " holds no private key; put it there, before its certificate");
    if (store->certificates.empty() || X509_check_private_key(store->certificates[0].get(), store->key.get()) != 1) {
        takeOpensslError();
        return refusal("ssl.keyStore.location " + file + " holds no certificate of its private key; put it there, behind the key");
    }
    if (SSL_CTX_use_certificate(context, store->certificates[0].get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, store->key.get()) != 1)
        return refusal("ssl.keyStore.location " + file + " cannot be used: " + takeOpensslError());
    for (std::size_t index = 1; index < store->certificates.size(); ++index)
        SSL_CTX_add1_chain_cert(context, store->certificates[index].get());
    return {};
}

Result<void> useTrust(SSL_CTX* context, const TlsOptions& options, TlsContext::Side side) {
    if (options.trustStore.location.empty()) {
        if (side == TlsContext::Side::Client) SSL_CTX_set_default_verify_paths(context);
        return {};
    }
    const auto store = readStore(options.trustStore, "ssl.trustStore");
    if (!store) return store.error();
    if (store->certificates.empty())
        return refusal("ssl.trustStore.location " + options.trustStore.location + " holds no certificates");
    X509_STORE* const trusted = SSL_CTX_get_cert_store(context);
    // Whom it holds is trusted, also where that is no authority of its own, as Java does.
    X509_STORE_set_flags(trusted, X509_V_FLAG_PARTIAL_CHAIN);
    for (const Owned<X509>& one : store->certificates) {
        X509_STORE_add_cert(trusted, one.get());
        if (side == TlsContext::Side::Server) SSL_CTX_add_client_CA(context, one.get());
    }
    return {};
}

// OpenSSL's name of a suite; empty for an unknown one. Java's names are the IANA's.
std::string opensslName(SSL_CTX* context, const std::string& name) {
    STACK_OF(SSL_CIPHER)* const all = SSL_CTX_get_ciphers(context);
    for (int index = 0; index < sk_SSL_CIPHER_num(all); ++index) {
        const SSL_CIPHER* const one = sk_SSL_CIPHER_value(all, index);
        const char* const standard = SSL_CIPHER_standard_name(one);
        if (name == SSL_CIPHER_get_name(one) || (standard != nullptr && name == standard)) return SSL_CIPHER_get_name(one);
    }
    return {};
}

Result<void> useProtocols(SSL_CTX* context, const TlsOptions& options) {
    const auto speaks = [&](const char* name) {
        return options.protocols.empty() ||
               std::find(options.protocols.begin(), options.protocols.end(), name) != options.protocols.end();
    };
    bool older = speaks("TLSv1.2"), newer = speaks("TLSv1.3");
    if (!options.ciphersuites.empty()) {
        // Every one that proves who is there and encrypts, to know them by name.
        SSL_CTX_set_cipher_list(context, "ALL:!aNULL:!eNULL");
        std::string olderSuites, newerSuites;
        for (const std::string& asked : options.ciphersuites) {
            const std::string name = opensslName(context, asked);
            if (name.empty())
                return refusal("ssl.ciphersuites: " + asked + " is not known; openssl ciphers -stdname lists those that are");
            std::string& list = name.starts_with("TLS_") ? newerSuites : olderSuites;
            list += (list.empty() ? "" : ":") + name;
        }
        older = older && !olderSuites.empty();
        newer = newer && !newerSuites.empty();
        if ((older && SSL_CTX_set_cipher_list(context, olderSuites.c_str()) != 1) ||
            (newer && SSL_CTX_set_ciphersuites(context, newerSuites.c_str()) != 1))
            return refusal("ssl.ciphersuites cannot be used: " + takeOpensslError());
    }
    if (!older && !newer)
        return refusal("ssl.ciphersuites and ssl.enabledProtocols leave nothing to speak: suites of TLSv1.3 are those named "
                       "TLS_AES_... and TLS_CHACHA20_..., all others are of TLSv1.2");
    SSL_CTX_set_min_proto_version(context, older ? TLS1_2_VERSION : TLS1_3_VERSION);
    SSL_CTX_set_max_proto_version(context, newer ? TLS1_3_VERSION : TLS1_2_VERSION);
    return {};
}

int verification(const TlsOptions& options, TlsContext::Side side) {
    if (side == TlsContext::Side::Client) return SSL_VERIFY_PEER;
    switch (options.clientAuth) {
    case ClientAuth::Need: return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    case ClientAuth::Want: return SSL_VERIFY_PEER;
    case ClientAuth::None: break;
    }
    return SSL_VERIFY_NONE;
}

} // namespace

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::~TlsContext() = default;
const TlsOptions& TlsContext::options() const { return impl_->options; }
TlsContext::Side TlsContext::side() const { return impl_->side; }

Result<std::shared_ptr<const TlsContext>> TlsContext::make(const TlsOptions& options, Side side) {
    auto impl = std::make_unique<Impl>();
    impl->options = options;
    impl->side = side;
    impl->context.reset(SSL_CTX_new(side == Side::Server ? TLS_server_method() : TLS_client_method()));
    SSL_CTX* const context = impl->context.get();
    if (context == nullptr) return refusal("OpenSSL gives no context: " + takeOpensslError());
    if (auto done = useProtocols(context, options); !done) return done.error();
    if (auto done = useKey(context, options); !done) return done.error();
    if (auto done = useTrust(context, options, side); !done) return done.error();
    SSL_CTX_set_verify(context, verification(options, side), nullptr);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    // Sessions are not resumed: each connection proves anew who it is. Nobody begins a second handshake on one.
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_read_ahead(context, 1);
    return std::make_shared<const TlsContext>(std::move(impl));
}

// --- TlsSource ---

Result<std::unique_ptr<TlsSource>> TlsSource::open(const TlsOptions& options, TlsContext::Side side) {
    std::unique_ptr<TlsSource> source(new TlsSource(options, side));
    source->stamp_ = source->stamp();
    auto context = TlsContext::make(options, side);
    if (!context) return context.error();
    source->context_ = std::move(*context);
    return source;
}

TlsSource::Stamp TlsSource::stamp() const {
    Stamp stamp;
    for (const std::string& file : {options_.keyStore.location, options_.keyStore.passwordPath,
                                    options_.trustStore.location, options_.trustStore.passwordPath}) {
        std::error_code ignored; // of a file that is not there: its time and size are the least and the greatest
        if (!file.empty()) stamp.emplace_back(std::filesystem::last_write_time(file, ignored), std::filesystem::file_size(file, ignored));
    }
    return stamp;
}

std::shared_ptr<const TlsContext> TlsSource::context(std::string& trouble, std::string& news) {
    if (!options_.reload) return context_;
    Stamp stamp = this->stamp();
    if (stamp == stamp_) return context_;
    stamp_ = std::move(stamp);
    auto made = TlsContext::make(options_, side_);
    if (made) {
        context_ = std::move(*made);
        news = "the key store and the trust store have changed and were read again";
    } else {
        trouble = made.error().message() + "; what was read before counts on";
    }
    return context_;
}

} // namespace zk::net
