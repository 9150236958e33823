#include "tree/acl.h"

#include "tree/sha1.h"
#include "tree/sha2.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

namespace zk::tree {

namespace {

using Address = std::vector<unsigned char>; // 4 or 16 bytes

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (std::size_t start = 0;;) {
        const std::size_t end = text.find(at, start);
        parts.push_back(text.substr(start, end - start));
        if (end == std::string_view::npos) return parts;
        start = end + 1;
    }
}

std::optional<unsigned> number(std::string_view text, int base, unsigned most) {
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (fault != std::errc() || end != text.data() + text.size() || text.empty() || value > most)
        return std::nullopt;
    return value;
}

std::optional<Address> parseV4(std::string_view text) {
    Address address;
    for (const std::string_view part : split(text, '.')) {
        const auto byte = number(part, 10, 255);
        if (!byte) return std::nullopt;
        address.push_back(static_cast<unsigned char>(*byte));
    }
    if (address.size() != 4) return std::nullopt;
    return address;
}

// The groups between colons, none for an empty text; the last may be an IPv4 address.
std::optional<Address> parseGroups(std::string_view text) {
    Address bytes;
    if (text.empty()) return bytes;
    const auto parts = split(text, ':');
    for (std::size_t index = 0; index < parts.size(); ++index) {
        if (index + 1 == parts.size() && parts[index].find('.') != std::string_view::npos) {
            const auto tail = parseV4(parts[index]);
            if (!tail) return std::nullopt;
            bytes.insert(bytes.end(), tail->begin(), tail->end());
            continue;
        }
        const auto group = parts[index].size() > 4 ? std::nullopt : number(parts[index], 16, 0xFFFF);
        if (!group) return std::nullopt;
        bytes.push_back(static_cast<unsigned char>(*group >> 8));
        bytes.push_back(static_cast<unsigned char>(*group & 0xFF));
    }
    return bytes;
}

std::optional<Address> parseV6(std::string_view text) {
    text = text.substr(0, text.find('%')); // without the zone
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos) {
        auto whole = parseGroups(text);
        return whole && whole->size() == 16 ? whole : std::nullopt;
    }
    auto front = parseGroups(text.substr(0, gap));
    const auto back = parseGroups(text.substr(gap + 2));
    if (!front || !back || front->size() + back->size() > 14) return std::nullopt;
    front->resize(16 - back->size());
    front->insert(front->end(), back->begin(), back->end());
    return front;
}

std::optional<Address> parseAddress(std::string_view text) {
    return text.find(':') == std::string_view::npos ? parseV4(text) : parseV6(text);
}

struct Network {
    Address address;
    unsigned bits = 0;
};

std::optional<Network> parseNetwork(std::string_view expression) {
    const std::size_t slash = expression.find('/');
    auto address = parseAddress(expression.substr(0, slash));
    if (!address) return std::nullopt;
    const auto most = static_cast<unsigned>(address->size() * 8);
    if (slash == std::string_view::npos) return Network{std::move(*address), most};
    const auto bits = number(expression.substr(slash + 1), 10, most);
    if (!bits) return std::nullopt;
    return Network{std::move(*address), *bits};
}

std::string base64(std::span<const unsigned char> bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t given = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t index = 0; index < 3; ++index) group = group << 8 | (index < given ? bytes[at + index] : 0u);
        for (std::size_t index = 0; index < 4; ++index)
            text += index <= given ? letters[group >> (18 - 6 * index) & 63] : '=';
    }
    return text;
}

// Schemes of identities that were proved, unlike an address or "anyone". A super user is named by its digest.
bool authenticates(std::string_view scheme, Schemes schemes) {
    return (scheme == "digest" && schemes.digest) || (scheme == "x509" && schemes.x509);
}

// "user:hash"; either may be empty at the front, and colons may follow, as Apache splits it.
bool isDigestId(std::string_view id) {
    id = id.substr(0, id.find_last_not_of(':') + 1);
    return std::count(id.begin(), id.end(), ':') == 1;
}

bool isKnownId(const jute::Id& id, Schemes schemes) {
    if (id.scheme == "world") return id.id == "anyone";
    if (id.scheme == "ip") return parseNetwork(id.id).has_value();
    if (id.scheme == "x509") return schemes.x509 && isDistinguishedName(id.id);
    return id.scheme == "digest" && schemes.digest && isDigestId(id.id);
}

bool matches(const jute::Id& expression, const jute::Id& identity) {
    if (expression.scheme != identity.scheme) return false;
    if (expression.scheme == "ip") return ipMatches(identity.id, expression.id);
    return expression.id == identity.id;
}

} // namespace

bool permits(const std::vector<jute::Acl>& acl, std::int32_t perms, const std::vector<jute::Id>& identities) {
    if (acl.empty()) return true;
    for (const jute::Id& identity : identities)
        if (identity.scheme == "super") return true;
    for (const jute::Acl& entry : acl) {
        if ((entry.perms & perms) == 0) continue;
        if (entry.id.scheme == "world" && entry.id.id == "anyone") return true;
        for (const jute::Id& identity : identities)
            if (matches(entry.id, identity)) return true;
    }
    return false;
}

FixedAcl fixAcl(const std::vector<jute::Acl>& acl, const std::vector<jute::Id>& identities, Schemes schemes) {
    const FixedAcl invalid{jute::ErrorCode::InvalidAcl, {}};
    FixedAcl fixed;
    for (auto entryAt = acl.begin(); entryAt != acl.end(); ++entryAt) {
        const jute::Acl& entry = *entryAt;
        if (std::find(acl.begin(), entryAt, entry) != entryAt) continue;
        if (entry.id.scheme != "auth") {
            if (!isKnownId(entry.id, schemes)) return invalid;
            fixed.acl.push_back(entry);
            continue;
        }
        bool any = false;
        for (const jute::Id& identity : identities) {
            if (!authenticates(identity.scheme, schemes)) continue;
            any = true;
            fixed.acl.push_back({entry.perms, identity});
        }
        if (!any) return invalid;
    }
    return fixed.acl.empty() ? invalid : fixed;
}

std::vector<jute::Acl> masked(const std::vector<jute::Acl>& acl) {
    std::vector<jute::Acl> shown = acl;
    for (jute::Acl& entry : shown) {
        if (entry.id.scheme != "digest") continue;
        entry.id.id = entry.id.id.substr(0, entry.id.id.find(':')) + ":x";
    }
    return shown;
}

std::string userName(const jute::Id& identity) {
    if (identity.scheme == "super") return {};
    return identity.scheme == "digest" ? identity.id.substr(0, identity.id.find(':')) : identity.id;
}

std::string digestId(std::string_view userAndPassword, std::string_view algorithm) {
    const std::string user(userAndPassword.substr(0, userAndPassword.find(':')));
    if (algorithm == "SHA1") return user + ':' + base64(sha1(userAndPassword));
    return user + ':' + base64(sha2(algorithm, userAndPassword));
}

// A list of attributes, "," ";" or "+" between them. Java knows these types by name, and every other by its number; values
// may be quoted, escaped or, with "#" in front, given as their encoding.
bool isDistinguishedName(std::string_view text) {
    constexpr std::array<std::string_view, 19> kTypes = {"CN",      "C",         "L",        "S",          "ST",
                                                         "O",       "OU",        "T",        "IP",         "STREET",
                                                         "DC",      "DNQUALIFIER", "DNQ",    "SURNAME",    "GIVENNAME",
                                                         "INITIALS", "GENERATION", "EMAILADDRESS", "UID"};
    const auto trimmed = [](std::string_view part) {
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        return part;
    };
    const auto isType = [&](std::string_view type) {
        std::string upper(type);
        for (char& c : upper)
            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
        if (upper.starts_with("OID.")) upper.erase(0, 4);
        if (upper == "SERIALNUMBER" || upper == "EMAIL" || std::find(kTypes.begin(), kTypes.end(), upper) != kTypes.end())
            return true;
        const auto numbers = split(upper, '.');
        return numbers.size() > 1 && std::all_of(numbers.begin(), numbers.end(), [](std::string_view one) {
                   return number(one, 10, UINT32_MAX).has_value();
               });
    };
    text = trimmed(text);
    if (text.empty()) return true;
    for (std::size_t at = 0;;) {
        const std::size_t equals = text.find('=', at);
        if (equals == std::string_view::npos || !isType(trimmed(text.substr(at, equals - at)))) return false;
        bool quoted = false;
        for (at = equals + 1; at < text.size(); ++at) {
            const char c = text[at];
            if (c == '\\' && ++at == text.size()) return false;
            if (c == '"') quoted = !quoted;
            if (!quoted && (c == ',' || c == ';' || c == '+')) break;
        }
        if (quoted) return false;
        const std::string_view value = trimmed(text.substr(equals + 1, at - equals - 1));
        if (value.starts_with('#') && (value.size() % 2 == 0 || value.size() < 3 ||
                                       value.find_first_not_of("0123456789abcdefABCDEF", 1) != std::string_view::npos))
            return false;
        if (at == text.size()) return true;
        ++at;
    }
}

bool ipMatches(std::string_view address, std::string_view expression) {
    const auto own = parseAddress(address);
    const auto network = parseNetwork(expression);
    if (!own || !network || own->size() != network->address.size()) return false;
    for (unsigned bit = 0; bit < network->bits; ++bit) {
        const unsigned mask = 0x80u >> (bit % 8);
        if (((*own)[bit / 8] ^ network->address[bit / 8]) & mask) return false;
    }
    return true;
}

} // namespace zk::tree
