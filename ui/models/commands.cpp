#include "models/commands.h"

#include <algorithm>

namespace viv {
namespace {

constexpr int kLetter = 1, kNextTo = 4, kWordBegins = 6;

bool beginsWord(const QString& text, qsizetype at) {
    return at == 0 || !text.at(at - 1).isLetterOrNumber() || (text.at(at).isUpper() && text.at(at - 1).isLower());
}

} // namespace

std::optional<int> fit(const QString& typed, const QString& text) {
    int score = 0;
    qsizetype from = 0, last = -2;
    for (const QChar letter : typed) {
        if (letter.isSpace()) continue;
        // The next place that begins a word, where there is one; otherwise the next place at all.
        qsizetype found = -1;
        for (qsizetype at = from; at < text.size(); ++at) {
            if (text.at(at).toCaseFolded() != letter.toCaseFolded()) continue;
            if (found < 0) found = at;
            if (at == last + 1 || beginsWord(text, at)) {
                found = at;
                break;
            }
        }
        if (found < 0) return std::nullopt;
        score += kLetter + (found == last + 1 ? kNextTo : 0) + (beginsWord(text, found) ? kWordBegins : 0);
        last = found;
        from = found + 1;
    }
    return score;
}

Commands::Commands(std::vector<Command> all, QObject* parent) : QAbstractListModel(parent), all_(std::move(all)) {
    type({});
}

void Commands::type(const QString& text) {
    std::vector<std::pair<int, std::size_t>> fitting;
    for (std::size_t each = 0; each < all_.size(); ++each)
        if (const auto score = fit(text, all_[each].text)) fitting.emplace_back(*score, each);
    // Equally good ones stay in the order in which they were given; of two texts the shorter one says it better.
    std::stable_sort(fitting.begin(), fitting.end(), [&](const auto& a, const auto& b) {
        if (a.first != b.first) return a.first > b.first;
        return !text.isEmpty() && all_[a.second].text.size() < all_[b.second].text.size();
    });
    if (fitting.size() > kAtMost) fitting.resize(kAtMost);
    beginResetModel();
    shown_.clear();
    for (const auto& [score, each] : fitting)
        shown_.push_back(each);
    endResetModel();
}

int Commands::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(shown_.size());
}

QVariant Commands::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Command& command = at(index.row());
    switch (role) {
    case Qt::DisplayRole: return command.text;
    case Qt::DecorationRole: return command.icon;
    case DetailRole: return command.detail;
    case Qt::AccessibleTextRole: return command.detail.isEmpty() ? command.text : tr("%1, %2").arg(command.text, command.detail);
    default: return {};
    }
}

} // namespace viv
