#include "models/state_look.h"

#include "bridge/text.h"

#include <QPainter>

#include <cmath>
#include <numbers>

namespace viv {

using zk::trace::ServerState;

namespace {

QPainterPath polygon(const QRectF& rect, int corners, double inner, double turn) {
    QPainterPath path;
    const QPointF centre = rect.center();
    const double radius = rect.width() / 2;
    for (int i = 0; i < corners; ++i) {
        const double angle = turn + 2 * std::numbers::pi * i / corners;
        const double reach = i % 2 == 1 ? radius * inner : radius;
        const QPointF point = centre + QPointF(std::cos(angle), std::sin(angle)) * reach;
        i == 0 ? path.moveTo(point) : path.lineTo(point);
    }
    path.closeSubpath();
    return path;
}

QPainterPath ellipse(const QPointF& centre, double radius) {
    QPainterPath path;
    path.addEllipse(centre, radius, radius);
    return path;
}

// The shape, and whether it is filled or drawn as a line.
std::pair<QPainterPath, bool> shapeOf(ServerState state, const QRectF& rect) {
    const double up = -std::numbers::pi / 2, half = rect.width() / 2;
    const QPointF centre = rect.center();
    QPainterPath path;
    switch (state) {
    case ServerState::Leading: return {polygon(rect, 10, 0.45, up), true};
    case ServerState::Following: return {ellipse(centre, half * 0.8), true};
    case ServerState::Standalone: return {polygon(rect, 5, 1, up), true};
    case ServerState::Looking: return {polygon(rect, 4, 1, up), true};
    case ServerState::Observing: return {ellipse(centre, half * 0.78), false};
    case ServerState::Stopped:
        path.addRect(rect.adjusted(half * .3, half * .3, -half * .3, -half * .3));
        break;
    case ServerState::Paused:
        for (const double x : {-0.35, 0.35}) {
            path.moveTo(centre + QPointF(x, -0.6) * half);
            path.lineTo(centre + QPointF(x, 0.6) * half);
        }
        break;
    case ServerState::Crashed:
        path.moveTo(centre + QPointF(-0.65, -0.65) * half);
        path.lineTo(centre + QPointF(0.65, 0.65) * half);
        path.moveTo(centre + QPointF(0.65, -0.65) * half);
        path.lineTo(centre + QPointF(-0.65, 0.65) * half);
        break;
    }
    return {path, false};
}

} // namespace

QString stateWord(ServerState state) {
    return fromUtf8(zk::trace::name(state));
}

void paintState(QPainter& painter, const QRectF& rect, ServerState state, bool inferred, const Theme& theme,
                double breath) {
    const auto [path, filled] = shapeOf(state, rect);
    QColor colour = theme.state(state);
    if (state == ServerState::Looking) colour.setAlphaF(float(1 - 0.55 * breath));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(colour, state == ServerState::Crashed ? 2.4 : 1.8, inferred ? Qt::DotLine : Qt::SolidLine,
             Qt::RoundCap, Qt::RoundJoin);
    if (filled && !inferred) pen.setWidthF(1);
    painter.setPen(pen);
    painter.setBrush(filled && !inferred ? QBrush(colour) : QBrush(Qt::NoBrush));
    painter.drawPath(path);
    if (state == ServerState::Observing) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(rect.center(), rect.width() * 0.16, rect.width() * 0.16);
    }
    painter.restore();
}

} // namespace viv
