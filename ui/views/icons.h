// Our own icons: SVG on a grid of 20, one colour, which is taken from the palette each time an icon is drawn.
// So a switch of the theme needs nothing done.
#pragma once

#include <QIcon>

namespace viv {

// "play", as resources/icons/play.svg is called.
QIcon icon(const QString& name);
// In this colour, whatever the palette.
QIcon icon(const QString& name, const QColor& colour);
QIcon applicationIcon();

} // namespace viv
