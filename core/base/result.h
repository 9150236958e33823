// Result<T>: a value or an Error. Everything that can fail because of the network, the disk, a peer or a user returns
// one; what can only fail because we broke our own promise uses ZK_ASSERT instead.
//
// An Error is a code of the module that failed (each module has one `Errc`) and a sentence for the person who reads
// it: what happened, where, and what to do.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <boost/throw_exception.hpp>

#include <string>
#include <utility>

namespace zk {

struct Error {
    boost::system::error_code code;
    std::string detail; // a whole sentence, or empty where the code's own message says everything

    // The detail where there is one, otherwise the code's message.
    std::string message() const { return detail.empty() ? code.message() : detail; }
};

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
  public:
    using boost::system::result<T, Error>::result;
};

// The error of a general kind: bytes that do not follow their format.
enum class Errc {
    Malformed = 1, // bytes that no peer that keeps to the format would send
};

const boost::system::error_category& baseCategory();
inline boost::system::error_code make_error_code(Errc code) { return {static_cast<int>(code), baseCategory()}; }

} // namespace zk

template <>
struct boost::system::is_error_code_enum<zk::Errc> : std::true_type {};
