// What a benchmark's rounds come to, as text and as JSON.
#pragma once

#include "base/time.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace zk::viv {

struct BenchRound {
    double perSecond = 0;
    std::uint64_t operations = 0, refused = 0;
    Duration median{0}, p99{0}, longest{0};
};

struct Spread {
    double median = 0, least = 0, most = 0;
};
// The median of an even number of values is the mean of the two in the middle. Precondition: at least one
// value.
Spread spreadOf(std::vector<double> values);

std::string roundText(int number, const BenchRound& round);
std::string summaryText(const std::vector<BenchRound>& rounds);
boost::json::object roundsJson(const std::vector<BenchRound>& rounds);

} // namespace zk::viv
