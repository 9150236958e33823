// Each checker catches a bug that is put in on purpose, and is silent without it.
#include "sim/job_runner.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace zk::sim {

namespace {

// The violations of these seeds that contain the words.
std::size_t caught(Planted planted, std::string_view words) {
    RunOptions options;
    options.planted = planted;
    std::size_t found = 0;
    for (const Outcome& outcome : runSeeds(1, 24, options))
        found += static_cast<std::size_t>(
            std::count_if(outcome.violations.begin(), outcome.violations.end(), [words](const std::string& violation) {
                return violation.find(words) != std::string::npos;
            }));
    return found;
}

TEST(Planted, AcknowledgingBeforeTheSyncLosesWrites) {
    EXPECT_GT(caught(Planted::AcknowledgeBeforeSync, "was acknowledged"), 0U);
}

TEST(Planted, ProposalsChangedOnTheWayAreDifferentTransactions) {
    EXPECT_GT(caught(Planted::TamperWithProposals, "committed different transactions"), 0U);
}

TEST(Planted, ATamperedProposalLeavesDifferentTrees) {
    EXPECT_GT(caught(Planted::TamperWithProposals, "hold different trees"), 0U);
}

TEST(Planted, AServerThatVotesAloneMakesTwoLeaders) {
    EXPECT_GT(caught(Planted::LoneVoter, "has two leaders"), 0U);
}

} // namespace

} // namespace zk::sim
