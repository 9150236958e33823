// A server's state as it looks everywhere: one shape and one word for each; what is inferred is drawn dashed.
#pragma once

#include "models/theme.h"

#include <QPainterPath>
#include <QString>

class QPainter;

namespace viv {

// "LEADING"
QString stateWord(zk::trace::ServerState state);
// Paints the state's shape into the rectangle in its colour. `breath` from 0 to 1 fades a LOOKING diamond.
void paintState(QPainter& painter, const QRectF& rect, zk::trace::ServerState state, bool inferred,
                const Theme& theme, double breath = 0);

} // namespace viv
