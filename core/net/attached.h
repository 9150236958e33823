// AttachedEnsemble: a local ensemble that another process hosts, worked with through its control port.
#pragma once

#include "net/control_records.h"

namespace zk::net {

class AttachedEnsemble : public ensemble::Ensemble {
  public:
    // Asks the process that hosts it to stop the servers and end.
    virtual void shutDown(std::function<void(std::string)> done) = 0;
};

// Connects and waits for the first view, `patience` at most. Errors: nobody answers there, or the token is not accepted.
Result<std::shared_ptr<AttachedEnsemble>> attach(std::uint16_t controlPort, const std::string& token, Duration patience);

} // namespace zk::net
