#include "ensemble/ensemble.h"

namespace zk::ensemble {

std::string_view name(Verb verb) {
    switch (verb) {
    case Verb::Start: return "start";
    case Verb::Stop: return "stop";
    case Verb::Crash: return "crash";
    case Verb::Restart: return "restart";
    case Verb::Pause: return "pause";
    case Verb::Resume: return "resume";
    }
    return "unknown";
}

} // namespace zk::ensemble
