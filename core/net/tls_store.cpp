#include "net/tls_store.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace zk::net {

namespace {

constexpr std::size_t kStoreMax = 16 * 1024 * 1024; // bytes of a key store

Error refusal(const std::string& purpose, const std::string& file, const std::string& what) {
    return {Errc::Malformed, purpose + ".location " + file + " " + what};
}

Result<std::string> content(const std::string& file, const std::string& key) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in) return Error{Errc::Malformed, key + " " + file + " cannot be read; check its path and its permissions"};
    if (text.view().size() > kStoreMax) return Error{Errc::Malformed, key + " " + file + " is too large to be a key store"};
    return text.str();
}

// As Apache reads it: the whole file, without the end of its line.
Result<std::string> passwordOf(const KeyStore& store, const std::string& purpose) {
    if (store.passwordPath.empty()) return store.password;
    auto text = content(store.passwordPath, purpose + ".passwordPath");
    if (text && text->ends_with('\n')) text->pop_back();
    if (text && text->ends_with('\r')) text->pop_back();
    return text;
}

enum class Format { Pem, Pkcs12, Java };

Format formatOf(const KeyStore& store, std::string_view bytes) {
    constexpr std::string_view kJks = "\xFE\xED\xFE\xED", kJceks = "\xCE\xCE\xCE\xCE";
    if (bytes.starts_with(kJks) || bytes.starts_with(kJceks)) return Format::Java;
    if (store.type == "PEM") return Format::Pem;
    if (store.type == "PKCS12") return Format::Pkcs12;
    return bytes.find("-----BEGIN ") != std::string_view::npos ? Format::Pem : Format::Pkcs12;
}

int givePassword(char* to, int room, int, void* password) {
    const auto& text = *static_cast<const std::string*>(password);
    if (text.size() > static_cast<std::size_t>(room)) return -1;
    std::copy(text.begin(), text.end(), to);
    return static_cast<int>(text.size());
}

Owned<BIO> reader(const std::string& bytes) {
    return Owned<BIO>(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

// The key's own certificate first.
void ownFirst(Store& store) {
    if (!store.key) return;
    const auto own = std::find_if(store.certificates.begin(), store.certificates.end(), [&](const Owned<X509>& one) {
        return X509_check_private_key(one.get(), store.key.get()) == 1;
    });
    if (own != store.certificates.end()) std::rotate(store.certificates.begin(), own, own + 1);
    ERR_clear_error();
}

Result<Store> readPem(const KeyStore& from, const std::string& bytes, std::string password, const std::string& purpose) {
    Store store;
    for (const Owned<BIO> in = reader(bytes); X509* const one = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr);)
        store.certificates.emplace_back(one);
    ERR_clear_error();
    const Owned<BIO> in = reader(bytes);
    store.key.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, givePassword, &password));
    if (!store.key && bytes.find("PRIVATE KEY-----") != std::string::npos)
        return refusal(purpose, from.location,
                       "holds a private key that cannot be read (" + takeOpensslError() +
                           "); where it is encrypted give " + purpose + ".password or " + purpose + ".passwordPath");
    ERR_clear_error();
    return store;
}

// False where the password is wrong or the file is none; older ones are encrypted in a way that OpenSSL keeps apart.
bool parsePkcs12(PKCS12* file, const std::string& password, Store& store) {
    EVP_PKEY* key = nullptr;
    X509* own = nullptr;
    STACK_OF(X509)* others = nullptr;
    if (PKCS12_parse(file, password.c_str(), &key, &own, &others) != 1) return false;
    store.key.reset(key);
    if (own != nullptr) store.certificates.emplace_back(own);
    for (int index = 0; index < sk_X509_num(others); ++index) store.certificates.emplace_back(sk_X509_value(others, index));
    sk_X509_free(others);
    return true;
}

Result<Store> readPkcs12(const KeyStore& from, const std::string& bytes, const std::string& password,
                         const std::string& purpose) {
    const Owned<BIO> in = reader(bytes);
    const std::unique_ptr<PKCS12, decltype(&PKCS12_free)> file(d2i_PKCS12_bio(in.get(), nullptr), &PKCS12_free);
    if (!file) {
        ERR_clear_error();
        return refusal(purpose, from.location, "is neither a PEM nor a PKCS12 file");
    }
    if (PKCS12_verify_mac(file.get(), password.c_str(), static_cast<int>(password.size())) != 1) {
        ERR_clear_error();
        return refusal(purpose, from.location,
                       "does not open with this password; correct " + purpose + ".password or " + purpose + ".passwordPath");
    }
    Store store;
    if (parsePkcs12(file.get(), password, store)) return store;
    // Files of Java 8 and older have their certificates under RC2.
    OSSL_PROVIDER_try_load(nullptr, "legacy", 1);
    ERR_clear_error();
    if (parsePkcs12(file.get(), password, store)) return store;
    return refusal(purpose, from.location, "cannot be read: " + takeOpensslError());
}

// The names of RFC 2253's table; every other type is written as its number, and its value as it is encoded.
const char* keyword(int nid) {
    switch (nid) {
    case NID_commonName: return "CN";
    case NID_localityName: return "L";
    case NID_stateOrProvinceName: return "ST";
    case NID_organizationName: return "O";
    case NID_organizationalUnitName: return "OU";
    case NID_countryName: return "C";
    case NID_streetAddress: return "STREET";
    case NID_domainComponent: return "DC";
    case NID_userId: return "UID";
    default: return nullptr;
    }
}

std::string escaped(const std::string& value) {
    constexpr std::string_view kSpecial = ",=+<>#;\"\\";
    const std::size_t first = value.find_first_not_of(" \r"), last = value.find_last_not_of(" \r");
    std::string text;
    for (std::size_t at = 0; at < value.size(); ++at) {
        const char c = value[at];
        if (c == '\0') {
            text += "\\00";
            continue;
        }
        const bool atAnEnd = first == std::string::npos || at < first || at > last;
        if (atAnEnd || kSpecial.find(c) != std::string_view::npos) text += '\\';
        text += c;
    }
    return text;
}

bool isText(int type) {
    switch (type) {
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_T61STRING:
    case V_ASN1_IA5STRING:
    case V_ASN1_GENERALSTRING:
    case V_ASN1_BMPSTRING:
    case V_ASN1_UTF8STRING: return true;
    default: return false;
    }
}

std::string attribute(const X509_NAME_ENTRY* entry) {
    const ASN1_OBJECT* const type = X509_NAME_ENTRY_get_object(entry);
    const ASN1_STRING* const value = X509_NAME_ENTRY_get_data(entry);
    const char* const name = keyword(OBJ_obj2nid(type));
    if (name != nullptr && isText(ASN1_STRING_type(value))) {
        unsigned char* utf8 = nullptr;
        const int size = ASN1_STRING_to_UTF8(&utf8, value);
        if (size >= 0) {
            const std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
            OPENSSL_free(utf8);
            return std::string(name) + "=" + escaped(text);
        }
        ERR_clear_error();
    }
    std::array<char, 128> number{};
    OBJ_obj2txt(number.data(), static_cast<int>(number.size()), type, 1);
    std::string text = std::string(name != nullptr ? name : number.data()) + "=#";
    const ASN1_TYPE whole{ASN1_STRING_type(value), {reinterpret_cast<char*>(const_cast<ASN1_STRING*>(value))}};
    unsigned char* encoded = nullptr;
    const int size = i2d_ASN1_TYPE(&whole, &encoded);
    constexpr std::string_view kHex = "0123456789abcdef";
    for (int at = 0; at < size; ++at) {
        text += kHex[encoded[at] >> 4];
        text += kHex[encoded[at] & 15];
    }
    OPENSSL_free(encoded);
    return text;
}

} // namespace

std::string takeOpensslError() {
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason != nullptr ? reason : "no reason is given";
}

std::string subjectName(const X509* certificate) {
    // The parts come last first; those that one set joins stay in their order.
    const X509_NAME* const name = X509_get_subject_name(certificate);
    std::string text, part;
    int set = -1;
    const auto finishPart = [&] {
        if (part.empty()) return;
        text = text.empty() ? part : part + "," + text;
        part.clear();
    };
    for (int index = 0; index < X509_NAME_entry_count(name); ++index) {
        const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(name, index);
        if (X509_NAME_ENTRY_set(entry) != set) finishPart();
        set = X509_NAME_ENTRY_set(entry);
        part += (part.empty() ? "" : "+") + attribute(entry);
    }
    finishPart();
    return text;
}

Result<Store> readStore(const KeyStore& from, const std::string& purpose) {
    auto bytes = content(from.location, purpose + ".location");
    if (!bytes) return bytes.error();
    auto password = passwordOf(from, purpose);
    if (!password) return password.error();
    Result<Store> store = [&]() -> Result<Store> {
        switch (formatOf(from, *bytes)) {
        case Format::Pem: return readPem(from, *bytes, *password, purpose);
        case Format::Pkcs12: return readPkcs12(from, *bytes, *password, purpose);
        case Format::Java: break;
        }
        return refusal(purpose, from.location,
                       "is a JKS file, a format of Java's own that is not read here; convert it with keytool "
                       "-importkeystore -srckeystore " +
                           from.location + " -destkeystore " + from.location + ".p12 -deststoretype PKCS12, and name " +
                           from.location + ".p12");
    }();
    if (store) ownFirst(*store);
    return store;
}

} // namespace zk::net
