#include "certificates.h"

#include "net/tls_store.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace zk::net {

namespace {

std::string taken(BIO* bio) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    std::string text(bytes, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
}

std::string pemOf(EVP_PKEY* key, const std::string& password = {}) {
    BIO* const out = BIO_new(BIO_s_mem());
    const EVP_CIPHER* const cipher = password.empty() ? nullptr : EVP_aes_256_cbc();
    PEM_write_bio_PKCS8PrivateKey(out, key, cipher, password.empty() ? nullptr : password.data(),
                                  static_cast<int>(password.size()), nullptr, nullptr);
    return taken(out);
}

std::string pemOf(X509* certificate) {
    BIO* const out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, certificate);
    return taken(out);
}

Owned<BIO> reader(const std::string& text) {
    return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Owned<EVP_PKEY> keyOf(const std::string& pem) {
    return Owned<EVP_PKEY>(pem.empty() ? nullptr : PEM_read_bio_PrivateKey(reader(pem).get(), nullptr, nullptr, nullptr));
}

Owned<X509> certificateOf(const std::string& pem) {
    return Owned<X509>(PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr));
}

Owned<X509> blank(EVP_PKEY* key, const CertificateWishes& wishes) {
    Owned<X509> made(X509_new());
    X509_set_version(made.get(), X509_VERSION_3);
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), wishes.from.count());
    X509_gmtime_adj(X509_getm_notAfter(made.get()), wishes.until.count());
    X509_NAME* const name = X509_get_subject_name(made.get());
    for (const auto& [type, value] : wishes.name)
        X509_NAME_add_entry_by_txt(name, type.c_str(), MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0);
    X509_set_pubkey(made.get(), key);
    return made;
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

} // namespace

Authority::Authority(const std::string& name) {
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
    const Owned<X509> made = blank(key.get(), {{{"CN", name}}, "", std::chrono::hours(-24), std::chrono::hours(24)});
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    extend(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(made.get(), key.get(), EVP_sha256());
    own_ = {pemOf(key.get()), pemOf(made.get())};
}

Certificate Authority::issue(const CertificateWishes& wishes) const {
    const Owned<EVP_PKEY> signer = keyOf(own_.key), key(EVP_EC_gen("P-256"));
    const Owned<X509> issuer = certificateOf(own_.certificate), made = blank(key.get(), wishes);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
    if (!wishes.alternatives.empty()) extend(made.get(), issuer.get(), NID_subject_alt_name, wishes.alternatives);
    X509_sign(made.get(), signer.get(), EVP_sha256());
    return {pemOf(key.get()), pemOf(made.get())};
}

std::string pkcs12(const Certificate& certificate, const std::string& password) {
    const Owned<EVP_PKEY> key = keyOf(certificate.key);
    const Owned<X509> own = certificateOf(certificate.certificate);
    STACK_OF(X509)* others = nullptr;
    if (!key) {
        others = sk_X509_new_null();
        sk_X509_push(others, own.get());
    }
    PKCS12* const file =
        PKCS12_create(password.c_str(), "test", key.get(), key ? own.get() : nullptr, others, 0, 0, 0, 0, 0);
    sk_X509_free(others);
    BIO* const out = BIO_new(BIO_s_mem());
    i2d_PKCS12_bio(out, file);
    PKCS12_free(file);
    return taken(out);
}

std::string encryptedPem(const Certificate& certificate, const std::string& password) {
    return pemOf(keyOf(certificate.key).get(), password) + certificate.certificate;
}

} // namespace zk::net
