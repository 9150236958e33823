#include "tree/quota.h"

#include "base/assert.h"
#include "tree/path.h"
#include "tree/tree_state.h"

#include <charconv>

namespace zk::tree {

namespace {

// As Java's Long.parseLong does, for the digits that anybody writes.
std::optional<std::int64_t> number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

} // namespace

std::optional<QuotaNumbers> QuotaNumbers::parse(std::string_view text) {
    QuotaNumbers numbers;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(",;"), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(
            std::min(std::max<std::size_t>(text.find_first_not_of(",;", end), end), text.size()));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        std::string_view value = pair.substr(equals + 1);
        value = value.substr(0, value.find('=')); // what follows a further "=" is not looked at
        const auto parsed =
            value.empty() && pair.substr(equals + 1).find_first_not_of('=') != std::string_view::npos
                ? std::optional<std::int64_t>(-1)
                : number(value);
        if (!parsed) return std::nullopt;
        numbers.values_[std::string(pair.substr(0, equals))] = *parsed;
    }
    return numbers;
}

// Count and bytes first, and the "=" behind them, which keeps readers of 3.4 from what follows.
std::string QuotaNumbers::text() const {
    std::string text = "count=" + std::to_string(count()) + ",bytes=" + std::to_string(bytes());
    bool first = true;
    for (const auto& [key, value] : values_) {
        if (key == "count" || key == "bytes") continue;
        if (std::exchange(first, false)) text += "=";
        text += ";" + key + "=" + std::to_string(value);
    }
    return text;
}

std::string quotaLimitsPath(std::string_view of) {
    return std::string(kQuotaRoot) + std::string(of) + "/" + std::string(kQuotaLimits);
}

std::string quotaStatsPath(std::string_view of) {
    return std::string(kQuotaRoot) + std::string(of) + "/" + std::string(kQuotaStats);
}

std::optional<std::string_view> quotaSubject(std::string_view path) {
    if (!path.starts_with(kQuotaRoot) || path.size() <= kQuotaRoot.size() || path[kQuotaRoot.size()] != '/')
        return std::nullopt;
    const std::string_view name = nameOf(path);
    if (name != kQuotaLimits && name != kQuotaStats) return std::nullopt;
    path.remove_prefix(kQuotaRoot.size());
    return path.substr(0, path.size() - name.size() - 1);
}

// --- DataTree ---

std::string_view DataTree::quotaOf(std::string_view path) const {
    if (state_->quotas.empty()) return {};
    for (; path.size() > 1; path = path.substr(0, path.rfind('/')))
        if (state_->quotas.contains(path)) return path;
    return {};
}

QuotaNumbers DataTree::quotaNumbers(const std::string& path) const {
    const Znode* const node = find(path);
    if (!node) return {};
    return QuotaNumbers::parse(node->data().value_or(std::string_view())).value_or(QuotaNumbers());
}

// Changes nothing of the stat: what the numbers say is known from the znodes below the path.
void DataTree::writeQuotaStats(std::string_view of, const QuotaNumbers& numbers) {
    Znode* const stats = state_->nodes.find(quotaStatsPath(of));
    if (!stats) return;
    beforeChange(*stats);
    stats->setData(numbers.text());
    afterChange(*stats);
}

void DataTree::countIntoQuota(std::string_view path, std::int64_t count, std::int64_t bytes) {
    const std::string_view of = quotaOf(path);
    if (of.empty()) return;
    QuotaNumbers numbers = quotaNumbers(quotaStatsPath(of));
    numbers.set(numbers.count() + count, numbers.bytes() + bytes);
    writeQuotaStats(of, numbers);
}

void DataTree::recountQuota(std::string_view of) {
    std::int64_t count = 0, bytes = 0;
    std::vector<const Znode*> waiting;
    if (const Znode* const top = state_->nodes.find(of)) waiting.push_back(top);
    while (!waiting.empty()) {
        const Znode* const node = waiting.back();
        waiting.pop_back();
        ++count;
        bytes += std::max(node->dataSize_, 0);
        for (const Znode* child = node->firstChild(); child; child = child->nextSibling_)
            waiting.push_back(child);
    }
    QuotaNumbers numbers;
    numbers.set(count, bytes);
    writeQuotaStats(of, numbers);
}

void DataTree::quotaCreated(std::string_view path, std::int64_t bytes) {
    if (const auto of = quotaSubject(path); of && !of->empty()) {
        if (nameOf(path) == kQuotaLimits)
            state_->quotas.emplace(*of);
        else
            recountQuota(*of);
    }
    countIntoQuota(path, 1, bytes);
}

void DataTree::quotaRemoved(std::string_view path, std::int64_t bytes) {
    if (const auto of = quotaSubject(path); of && nameOf(path) == kQuotaLimits) {
        const auto at = state_->quotas.find(*of);
        if (at != state_->quotas.end()) state_->quotas.erase(at);
    }
    countIntoQuota(path, -1, -bytes);
}

// After a snapshot has been read: which quotas there are, and their numbers, counted anew.
void DataTree::findQuotas() {
    const Znode* const top = state_->nodes.find(kQuotaRoot);
    std::vector<const Znode*> waiting;
    if (top) waiting.push_back(top);
    while (!waiting.empty()) {
        const Znode* const node = waiting.back();
        waiting.pop_back();
        for (const Znode* child = node->firstChild(); child; child = child->nextSibling_)
            waiting.push_back(child);
        const std::string path = node->diskPath();
        const auto of = quotaSubject(path);
        if (!of || of->empty() || node->name() != kQuotaLimits || node->childCount() > 0) continue;
        recountQuota(*of);
        state_->quotas.emplace(*of);
    }
}

} // namespace zk::tree
