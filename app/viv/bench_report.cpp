#include "bench_report.h"

#include "base/assert.h"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace zk::viv {

namespace {

double ms(Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

Spread ratesOf(const std::vector<BenchRound>& rounds) {
    std::vector<double> rates;
    for (const BenchRound& round : rounds)
        rates.push_back(round.perSecond);
    return spreadOf(std::move(rates));
}

} // namespace

Spread spreadOf(std::vector<double> values) {
    ZK_ASSERT(!values.empty());
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    const double median = values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    return {median, values.front(), values.back()};
}

std::string roundText(int number, const BenchRound& round) {
    std::string text = fmt::format(
        "round {}: {:.0f}/s, {} operations, median {:.2f} ms, 99 % {:.2f} ms, longest {:.2f} ms", number,
        round.perSecond, round.operations, ms(round.median), ms(round.p99), ms(round.longest));
    if (round.refused > 0) text += fmt::format(", {} REFUSED", round.refused);
    return text + "\n";
}

std::string summaryText(const std::vector<BenchRound>& rounds) {
    const Spread spread = ratesOf(rounds);
    return fmt::format("median {:.0f}/s, from {:.0f} to {:.0f} in {} rounds\n", spread.median, spread.least,
                       spread.most, rounds.size());
}

boost::json::object roundsJson(const std::vector<BenchRound>& rounds) {
    boost::json::array each;
    for (const BenchRound& round : rounds)
        each.push_back(boost::json::object{{"perSecond", round.perSecond},
                                           {"operations", round.operations},
                                           {"refused", round.refused},
                                           {"medianMs", ms(round.median)},
                                           {"p99Ms", ms(round.p99)},
                                           {"longestMs", ms(round.longest)}});
    const Spread spread = ratesOf(rounds);
    return {{"rounds", std::move(each)},
            {"median", spread.median},
            {"least", spread.least},
            {"most", spread.most}};
}

} // namespace zk::viv
