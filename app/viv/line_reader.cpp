#include "line_reader.h"

#include <iostream>

namespace zk::viv {

namespace {

class PlainReader : public LineReader {
  public:
    std::optional<std::string> read(const std::string&) override {
        std::string line;
        if (!std::getline(std::cin, line)) return std::nullopt;
        return line;
    }
    bool isTerminal() const override { return false; }
};

} // namespace

std::unique_ptr<LineReader> makePlainReader() {
    return std::make_unique<PlainReader>();
}

} // namespace zk::viv
