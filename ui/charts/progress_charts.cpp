#include "charts/progress_charts.h"

#include "models/state_look.h"

#include <QEvent>
#include <QGraphicsLayout>
#include <QtCharts/QChart>
#include <QtCharts/QLegend>

#include <algorithm>
#include <cmath>

namespace viv {

namespace {
constexpr int kLeft = 28; // room for the bands' labels
constexpr int kBandHeight = 5, kBandStep = 10, kTicks = 5;
constexpr int kQuietSamples = 5; // while nothing moves the picture slides twice a second

// The next of 1, 2, 5, 10, 20, ... fours of which hold `value`.
double niceTop(double value) {
    const double step = std::max(1.0, value / (kTicks - 1));
    const double power = std::pow(10.0, std::floor(std::log10(step)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0})
        if (factor * power >= step && (power > 1 || factor != 2.5)) return factor * power * (kTicks - 1);
    return value;
}

// Moves points so that now is 0, and lets the first enter from the left edge of the picture.
QList<QPointF> slid(QList<QPointF> points, double now, double span) {
    for (QPointF& point : points)
        point.rx() = std::max(point.x() - now, -span);
    return points;
}
} // namespace

ProgressChart::ProgressChart(const Progress& progress, const QString& accessibleName,
                             const QString& emptyText, QWidget* parent)
    : QChartView(parent), progress_(progress), seconds_(new QValueAxis(this)), height_(new QValueAxis(this)),
      emptyText_(emptyText) {
    setAccessibleName(accessibleName);
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setMinimumHeight(120);
    chart()->legend()->hide();
    chart()->setMargins({kLeft, 6, 12, 4});
    chart()->setBackgroundRoundness(0);
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    seconds_->setRange(-span_, 0);
    seconds_->setTickCount(7);
    seconds_->setLabelFormat(tr("%d s"));
    height_->setRange(0, kTicks - 1);
    height_->setTickCount(kTicks);
    height_->setLabelFormat(QStringLiteral("%d"));
    chart()->addAxis(seconds_, Qt::AlignBottom);
    chart()->addAxis(height_, Qt::AlignLeft);
    connect(&progress, &Progress::sampled, this, [this] {
        if (!isVisible()) return;
        if (progress_.quiet() && ++skipped_ < kQuietSamples) return;
        refresh();
    });
}

QLineSeries* ProgressChart::addLine() {
    auto* line = new QLineSeries(this);
    chart()->addSeries(line);
    line->attachAxis(seconds_);
    line->attachAxis(height_);
    return line;
}

QRectF ProgressChart::plot() const {
    return chart()->mapRectToScene(chart()->plotArea());
}

double ProgressChart::xOf(double seconds) const {
    const QRectF area = plot();
    const double share = (seconds - edge()) / span_;
    return area.left() + area.width() * std::clamp(share, 0.0, 1.0);
}

void ProgressChart::refresh() {
    skipped_ = 0;
    // A young picture shows a quarter of a minute, then half, then the whole window.
    span_ = progress_.age() < 15 ? 15 : progress_.age() < 30 ? 30 : Progress::kWindowSeconds;
    if (seconds_->min() != -span_) {
        seconds_->setRange(-span_, 0);
        seconds_->setTickCount(span_ == 15 ? 4 : 7);
    }
    const double top = niceTop(fill());
    if (height_->max() != top) height_->setRange(0, top);
    viewport()->update();
}

void ProgressChart::showEvent(QShowEvent* event) {
    QChartView::showEvent(event);
    recolour();
    refresh();
}

void ProgressChart::changeEvent(QEvent* event) {
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) recolour();
}

void ProgressChart::recolour() {
    const Theme& theme = themeOf(palette());
    chart()->setBackgroundBrush(theme.ground);
    chart()->setBackgroundPen(Qt::NoPen);
    setBackgroundBrush(theme.ground);
    QFont small = font();
    small.setPointSizeF(std::max(7.0, small.pointSizeF() * 0.85));
    for (QValueAxis* axis : {seconds_, height_}) {
        axis->setLabelsColor(theme.quiet);
        axis->setLabelsFont(small);
        axis->setGridLineColor(theme.line);
        axis->setLinePenColor(theme.line);
    }
    colour(theme);
}

void ProgressChart::drawForeground(QPainter* painter, const QRectF&) {
    if (!progress_.lines().empty()) return;
    painter->setPen(themeOf(palette()).quiet);
    painter->drawText(plot(), Qt::AlignCenter, emptyText_);
}

ZxidChart::ZxidChart(const Progress& progress, QWidget* parent)
    : ProgressChart(progress, tr("Zxid progress of every server over the last minute"),
                    tr("How far the servers of a lab have got is drawn here."), parent) {
    setToolTip(tr("Transactions of every server. The band beneath shows its state; an election is shaded."));
}

double ZxidChart::fill() {
    const auto& lines = progress_.lines();
    bool added = false;
    for (const auto& [sid, line] : lines)
        if (!series_.contains(sid)) series_[sid] = addLine(), added = true;
    std::erase_if(series_, [&](const auto& entry) {
        if (lines.contains(entry.first)) return false;
        chart()->removeSeries(entry.second);
        entry.second->deleteLater();
        return true;
    });
    const int bands = int(lines.size()) * kBandStep + 6;
    if (chart()->margins().bottom() != bands) chart()->setMargins({kLeft, 6, 12, bands});
    double top = 0;
    for (const auto& [sid, line] : lines) {
        const QList<QPointF> points = slid(line.points.from(edge()), progress_.now(), span_);
        for (const QPointF& point : points)
            top = std::max(top, point.y());
        series_[sid]->replace(points);
    }
    if (added) colour(themeOf(palette()));
    return top;
}

void ZxidChart::colour(const Theme& theme) {
    // Where lines run together all of them show: those beneath are wider.
    double width = 2 + 1.5 * double(series_.size());
    for (const auto& [sid, series] : series_)
        series->setPen(QPen(theme.lineOf(sid), width -= 1.5, theme.dash(sid), Qt::FlatCap));
}

void ZxidChart::drawForeground(QPainter* painter, const QRectF& rect) {
    ProgressChart::drawForeground(painter, rect);
    const Theme& theme = themeOf(palette());
    painter->save();
    QFont small = font();
    small.setPointSizeF(std::max(7.0, small.pointSizeF() * 0.85));
    painter->setFont(small);
    drawElections(*painter, theme);
    drawBands(*painter, theme);
    painter->restore();
}

void ZxidChart::drawElections(QPainter& painter, const Theme& theme) const {
    const QRectF area = plot();
    for (const Progress::Election& election : progress_.elections()) {
        const double left = xOf(election.from),
                     right = std::max(xOf(election.to.value_or(progress_.now())), left + 3);
        QColor shade = theme.looking;
        shade.setAlphaF(0.22F);
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()), shade);
        const QString label = election.to ? tr("epoch %1").arg(election.epoch) : tr("election");
        const double width = painter.fontMetrics().horizontalAdvance(label) + 8;
        // Beside the span, on the side where there is room.
        const double x = right + width < area.right() ? right + 2 : left - width - 2;
        painter.setPen(theme.looking);
        painter.drawText(QRectF(x, area.top() + 2, width, painter.fontMetrics().height()), Qt::AlignCenter,
                         label);
    }
}

void ZxidChart::drawBands(QPainter& painter, const Theme& theme) const {
    const QRectF area = plot();
    const double bottom = chart()->mapRectToScene(chart()->rect()).bottom();
    double y = bottom - double(progress_.lines().size()) * kBandStep;
    for (const auto& [sid, line] : progress_.lines()) {
        for (std::size_t i = 0; i < line.phases.size(); ++i) {
            const bool last = i + 1 == line.phases.size();
            const double left = xOf(line.phases[i].from),
                         right = xOf(last ? progress_.now() : line.phases[i + 1].from);
            if (right > left)
                painter.fillRect(QRectF(left, y, right - left, kBandHeight),
                                 theme.state(line.phases[i].state));
        }
        painter.setPen(QPen(theme.lineOf(sid), 2, theme.dash(sid)));
        painter.drawLine(QPointF(area.left() - 22, y + kBandHeight / 2.0),
                         QPointF(area.left() - 6, y + kBandHeight / 2.0));
        painter.setPen(theme.text);
        const QRectF label(area.left() - 48, y - kBandStep / 2.0, 22, kBandStep + kBandHeight);
        painter.drawText(label, Qt::AlignVCenter | Qt::AlignRight, QString::number(sid));
        y += kBandStep;
    }
}

CommitsChart::CommitsChart(const Progress& progress, QWidget* parent)
    : ProgressChart(progress, tr("Commits per second over the last minute"),
                    tr("How many transactions a lab commits is drawn here."), parent),
      line_(addLine()) {
    setToolTip(tr("Transactions that the ensemble committed, per second."));
}

double CommitsChart::fill() {
    const QList<QPointF> points = slid(progress_.commitsPerSecond().from(edge()), progress_.now(), span_);
    double top = 0;
    for (const QPointF& point : points)
        top = std::max(top, point.y());
    line_->replace(points);
    return top;
}

void CommitsChart::colour(const Theme& theme) {
    line_->setPen(QPen(theme.accent, 2));
}

} // namespace viv
