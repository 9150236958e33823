// Systems without libedit: their terminals edit lines themselves.
#include "line_reader.h"

namespace zk::viv {

std::unique_ptr<LineReader> makeTerminalReader(Completer, std::string) {
    return makePlainReader();
}

} // namespace zk::viv
