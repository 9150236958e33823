#include "admin/prometheus.h"

#include "admin/monitor.h"

#include <utility>

namespace zk::admin {

namespace {

// Those of every summary, and those of the advanced ones.
constexpr std::pair<const char*, double> kQuantiles[] = {{"0.5", 0.5}, {"0.9", 0.9}, {"0.99", 0.99}};
constexpr std::size_t kBasicQuantiles = 1;

std::string number(const MonitorValue& value) {
    if (const auto* const fraction = std::get_if<double>(&value.value)) return decimal(*fraction);
    return std::to_string(std::get<std::int64_t>(value.value)) + ".0";
}

void describe(std::string& text, const std::string& name, const char* type) {
    text += "# HELP " + name + ' ' + name + "\n# TYPE " + name + ' ' + type + '\n';
}

// `label`: "key=\"a\"," or empty.
void addSummary(std::string& text, const std::string& name, const std::string& label, const Distribution& figures,
                std::size_t quantiles) {
    for (std::size_t index = 0; index < quantiles; ++index) {
        const auto& [share, value] = kQuantiles[index];
        text += name + '{' + label + "quantile=\"" + share + "\",} " +
                (figures.count() == 0 ? "NaN" : std::to_string(figures.quantile(value)) + ".0") + '\n';
    }
    const std::string labels = label.empty() ? "" : '{' + label + '}';
    text += name + "_count" + labels + ' ' + std::to_string(figures.count()) + ".0\n";
    text += name + "_sum" + labels + ' ' + std::to_string(figures.sum()) + ".0\n";
}

std::string escaped(const std::string& value) {
    std::string out;
    for (const char c : value) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n') out += "\\n";
        else out += c;
    }
    return out;
}

} // namespace

std::string prometheusText(const NodeStatus& status) {
    std::string text;
    for (const auto& [values, type] : {std::pair{monitorGauges(status), "gauge"}, std::pair{monitorCounters(status), "counter"}})
        for (const MonitorValue& value : values) {
            describe(text, value.name, type);
            text += value.name + ' ' + number(value) + '\n';
        }
    const std::string quotas = "quota_exceeded_error_per_namespace";
    describe(text, quotas, "counter");
    for (const auto& [name, count] : status.quotaRefusals)
        text += quotas + "{key=\"" + escaped(name) + "\",} " + std::to_string(count) + ".0\n";
    for (const SummaryRow& row : summaryRows()) {
        const std::string name(row.name);
        const auto at = status.summaries.find(name);
        describe(text, name, "summary");
        addSummary(text, name, "", at == status.summaries.end() ? Distribution() : at->second,
                   row.advanced ? std::size(kQuantiles) : kBasicQuantiles);
    }
    for (const auto& [set, members] : status.summarySets) {
        describe(text, set, "summary");
        for (const auto& [key, figures] : members)
            addSummary(text, set, "key=\"" + escaped(key) + "\",", figures, kBasicQuantiles);
    }
    return text;
}

} // namespace zk::admin
