#include "client/recipes/progress.h"

#include <charconv>

namespace zk::client::recipes {

std::string toString(const Progress& progress) {
    return std::to_string(progress.done) + "/" + std::to_string(progress.total) +
           (progress.text.empty() ? "" : " " + progress.text);
}

std::optional<Progress> parseProgress(std::string_view text) {
    Progress progress;
    const char* const end = text.data() + text.size();
    const auto done = std::from_chars(text.data(), end, progress.done);
    if (done.ec != std::errc() || done.ptr == end || *done.ptr != '/') return std::nullopt;
    const auto total = std::from_chars(done.ptr + 1, end, progress.total);
    if (total.ec != std::errc()) return std::nullopt;
    if (total.ptr == end) return progress;
    if (*total.ptr != ' ') return std::nullopt;
    progress.text.assign(total.ptr + 1, end);
    return progress;
}

void ProgressBoard::start(Callback<Tasks> changed) {
    roster_.start([changed = std::move(changed)](const Result<Roster::Members>& members) {
        if (!members) return changed(members.error());
        Tasks tasks;
        for (const auto& [name, text] : *members)
            if (const auto progress = parseProgress(text)) tasks[name] = *progress;
        changed(std::move(tasks));
    });
}

} // namespace zk::client::recipes
