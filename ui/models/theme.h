// Theme: every colour of the window, as data. Two of them, light and dark; contrast() is what the tests hold
// them to. A server keeps one line colour by its id; where the colours run out, dashes tell the rest apart.
#pragma once

#include "trace/trace.h"

#include <QColor>
#include <QPalette>

#include <vector>

namespace viv {

struct Theme {
    QString name; // "light", "dark"
    QColor ground, raised, line, text, quiet, accent, onAccent, selection, hover;
    QColor leading, following, observing, looking, stopped, crashed;
    std::vector<QColor> series;

    QColor state(zk::trace::ServerState state) const;
    QColor lineOf(zk::Sid sid) const;
    Qt::PenStyle dash(zk::Sid sid) const;
    bool isDark() const { return ground.lightness() < 128; }
};

const Theme& lightTheme();
const Theme& darkTheme();
// The one whose ground the palette has.
const Theme& themeOf(const QPalette& palette);
QPalette paletteOf(const Theme& theme);
// A colour between two, for grounds and hairlines: 0 gives `a`, 1 gives `b`.
QColor mixed(const QColor& a, const QColor& b, double share);
// WCAG's contrast ratio, 1 to 21.
double contrast(const QColor& a, const QColor& b);

} // namespace viv
