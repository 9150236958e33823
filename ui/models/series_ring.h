// SeriesRing: the last points of a line, oldest first, in a fixed room. What comes when it is full displaces
// the oldest.
#pragma once

#include <QList>
#include <QPointF>

#include <vector>

namespace viv {

class SeriesRing {
  public:
    explicit SeriesRing(std::size_t capacity) : capacity_(capacity) { points_.reserve(capacity); }

    void push(QPointF point) {
        if (points_.size() < capacity_)
            points_.push_back(point);
        else
            points_[first_] = point, first_ = (first_ + 1) % capacity_;
    }
    // Moves the newest point; an empty ring takes it as its first.
    void replaceLast(QPointF point) { points_.empty() ? push(point) : void(at(points_.size() - 1) = point); }

    std::size_t size() const { return points_.size(); }
    bool empty() const { return points_.empty(); }
    // 0 is the oldest.
    const QPointF& operator[](std::size_t index) const { return points_[(first_ + index) % points_.size()]; }
    const QPointF& last() const { return (*this)[points_.size() - 1]; }

    // The points from `x` on, and the one before, so that a line enters the picture from its left edge.
    QList<QPointF> from(double x) const {
        QList<QPointF> list;
        list.reserve(qsizetype(size()));
        for (std::size_t i = 0; i < size(); ++i)
            if ((*this)[i].x() >= x || i + 1 == size() || (*this)[i + 1].x() >= x) list.push_back((*this)[i]);
        return list;
    }

  private:
    QPointF& at(std::size_t index) { return points_[(first_ + index) % points_.size()]; }

    std::size_t capacity_, first_ = 0;
    std::vector<QPointF> points_;
};

} // namespace viv
