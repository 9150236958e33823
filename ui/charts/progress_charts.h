// The charts of the bottom panel: how far every server has got, with its state as a band beneath and
// elections as shaded spans, and commits per second. Both draw a Progress; they replace their points at most
// ten times a second, and only while somebody sees them.
#pragma once

#include <QtCharts/QChartView>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include "models/progress.h"
#include "models/theme.h"

#include <map>

namespace viv {

class ProgressChart : public QChartView {
    Q_OBJECT

  public:
    // `emptyText`: what stands there while there is nothing to draw.
    ProgressChart(const Progress& progress, const QString& accessibleName, const QString& emptyText,
                  QWidget* parent);

  protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    QSize sizeHint() const override { return {480, 180}; }
    // New points into the series; returns the highest y.
    virtual double fill() = 0;
    virtual void colour(const Theme& theme) = 0;

    double edge() const { return progress_.now() - span_; }
    QLineSeries* addLine();
    // Where a moment stands across the picture, in the scene's coordinates.
    double xOf(double seconds) const;
    QRectF plot() const;

    const Progress& progress_;
    QValueAxis *seconds_, *height_;
    double span_ = Progress::kWindowSeconds;

  private:
    void refresh();
    void recolour();

    const QString emptyText_;
    int skipped_ = 0;
};

class ZxidChart : public ProgressChart {
    Q_OBJECT

  public:
    explicit ZxidChart(const Progress& progress, QWidget* parent = nullptr);

  protected:
    double fill() override;
    void colour(const Theme& theme) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;

  private:
    void drawElections(QPainter& painter, const Theme& theme) const;
    void drawBands(QPainter& painter, const Theme& theme) const;

    std::map<zk::Sid, QLineSeries*> series_;
};

class CommitsChart : public ProgressChart {
    Q_OBJECT

  public:
    explicit CommitsChart(const Progress& progress, QWidget* parent = nullptr);

  protected:
    double fill() override;
    void colour(const Theme& theme) override;

  private:
    QLineSeries* line_;
};

} // namespace viv
