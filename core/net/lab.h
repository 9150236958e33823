// Labs: local ensembles that live in a directory, hosted by this process or attached to where another one hosts them.
//
// Who hosts a lab holds the lock of its directory and leaves ensemble.json there: process id, control port and token,
// readable by its owner only. The lock decides who hosts, so a file that a dead process left behind is replaced.
#pragma once

#include "ensemble/ensemble.h"
#include "net/attached.h"

namespace zk::net {

class Quit;

// Opens labs on a thread of its own.
std::unique_ptr<ensemble::Stage> makeStage();

struct OpenedLab {
    std::shared_ptr<ensemble::Ensemble> ensemble;
    std::shared_ptr<AttachedEnsemble> attached; // the same, where another process hosts it; otherwise null
};
// The same at once, on the caller's thread; may take some seconds where the process that hosts it does not answer.
// `onShutDown`: somebody asks, through the control port, that this process ends. Without it such a request is refused.
Result<OpenedLab> openLab(const ensemble::LabOptions& options, std::function<void()> onShutDown = {});

// Only attaches. Errors: nobody hosts it now.
Result<std::shared_ptr<AttachedEnsemble>> attachLab(const std::string& directory);

// Hosts a lab, its servers started, until somebody requests the end, here or through the control port; then stops it
// cleanly. `up` is told the ensemble and what could not be started, or an empty string. Errors: it cannot be opened, or
// another process hosts it.
Result<void> hostLab(const ensemble::LabOptions& options, Quit& quit,
                     const std::function<void(ensemble::Ensemble&, const std::string& problem)>& up);

} // namespace zk::net
