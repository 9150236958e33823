// How widgets look: Fusion with our palette, flat, corners of 6, one hairline between regions; and the
// fixed-width font of paths, values and zxids.
#pragma once

#include "models/theme.h"

#include <QFont>

class QApplication;
class QDialog;
class QVBoxLayout;
class QWidget;

namespace viv {

void applyTheme(QApplication& application, const Theme& theme);
// The theme that the widget stands in.
const Theme& themeOf(const QWidget& widget);
QFont fixedFont();
// The same font, a share larger or smaller.
QFont scaled(QFont font, double factor);
// Small, quiet text above a region: marks a label with it.
void makeCaption(QWidget& label);
void makeQuiet(QWidget& label);
void makePrimary(QWidget& button);
// The column that a dialog's parts stand in.
QVBoxLayout* makeDialogColumn(QDialog& dialog);

} // namespace viv
