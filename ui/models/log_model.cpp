#include "models/log_model.h"

#include "bridge/text.h"

#include <QDateTime>

#include <algorithm>

namespace viv {

using zk::trace::Event;
using zk::trace::Kind;
using zk::trace::Severity;

namespace {
bool hasLine(Kind kind) {
    return kind != Kind::Proposed && kind != Kind::Acknowledged && kind != Kind::Committed;
}
} // namespace

bool LogModel::passes(const Line& line) const {
    return line.severity >= filter_.atLeast && (!filter_.server || *filter_.server == line.server) &&
           (filter_.words.isEmpty() || line.text.contains(filter_.words, Qt::CaseInsensitive));
}

void LogModel::append(const std::vector<Event>& events) {
    std::vector<std::uint64_t> passing;
    for (const Event& event : events) {
        if (!hasLine(event.what())) continue;
        const bool isLog = event.what() == Kind::Log;
        const auto severity = isLog ? static_cast<Severity>(event.state) : Severity::Info;
        lines_.push_back({event.wallMs, event.server, severity, fromUtf8(zk::trace::sentence(event))});
        if (passes(lines_.back())) passing.push_back(firstLine_ + lines_.size() - 1);
    }
    if (!passing.empty()) {
        beginInsertRows({}, int(shown_.size()), int(shown_.size() + passing.size()) - 1);
        shown_.insert(shown_.end(), passing.begin(), passing.end());
        endInsertRows();
    }
    forgetOldest();
}

void LogModel::forgetOldest() {
    if (lines_.size() <= limit_) return;
    // Some more than needed, so that a full log does not remove rows with every line.
    const std::size_t gone = std::min(lines_.size(), lines_.size() - limit_ + limit_ / 10);
    const auto kept = std::lower_bound(shown_.begin(), shown_.end(), firstLine_ + gone);
    if (kept != shown_.begin()) {
        beginRemoveRows({}, 0, int(kept - shown_.begin()) - 1);
        shown_.erase(shown_.begin(), kept);
        lines_.erase(lines_.begin(), lines_.begin() + std::ptrdiff_t(gone));
        firstLine_ += gone;
        endRemoveRows();
        return;
    }
    lines_.erase(lines_.begin(), lines_.begin() + std::ptrdiff_t(gone));
    firstLine_ += gone;
}

void LogModel::setFilter(Filter filter) {
    if (filter == filter_) return;
    beginResetModel();
    filter_ = std::move(filter);
    shown_.clear();
    for (std::size_t i = 0; i < lines_.size(); ++i)
        if (passes(lines_[i])) shown_.push_back(firstLine_ + i);
    endResetModel();
}

void LogModel::clear() {
    beginResetModel();
    firstLine_ += lines_.size();
    lines_.clear();
    shown_.clear();
    endResetModel();
}

int LogModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(shown_.size());
}
int LogModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Line& line = lines_[shown_[std::size_t(index.row())] - firstLine_];
    if (role == SeverityRole) return int(line.severity);
    if (role == SidRole) return qint64(line.server);
    if (role == Qt::ToolTipRole && index.column() == Text) return line.text;
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Time: return QDateTime::fromMSecsSinceEpoch(line.wallMs).toString(QStringLiteral("HH:mm:ss.zzz"));
    case Server: return QString::number(line.server);
    default: return line.text;
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return section == Time ? tr("Time") : section == Server ? tr("Server") : tr("What it says");
}

} // namespace viv
