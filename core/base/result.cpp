#include "base/result.h"

#include <stdexcept>

namespace zk {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    throw std::runtime_error(std::string(where.file_name()) + ":" + std::to_string(where.line()) + ": " +
                             error.message());
}

namespace {

class BaseCategory : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "zk"; }
    std::string message(int) const override { return "the bytes do not follow their format"; }
};

} // namespace

const boost::system::error_category& baseCategory() {
    static const BaseCategory category;
    return category;
}

} // namespace zk
