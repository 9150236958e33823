#include "views/style.h"

#include <QApplication>
#include <QDialog>
#include <QFontDatabase>
#include <QPixmapCache>
#include <QStyle>
#include <QStyleFactory>
#include <QVBoxLayout>
#include <QWidget>

namespace viv {
namespace {

// %text and its like stand for the theme's colours.
const char kSheet[] = R"(
QToolTip { color: %text; background: %raised; border: 1px solid %line; padding: 4px; }
QMainWindow, QDialog { background: %raised; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { background: %ground; border: 1px solid %line; border-radius: 6px; padding: 5px 12px; min-height: 16px; }
QPushButton:hover { background: %hover; }
QPushButton:focus { border-color: %accent; }
QPushButton:disabled { color: %faint; }
QPushButton[primary="true"] { background: %accent; border-color: %accent; color: %onAccent; }
QPushButton[primary="true"]:hover { background: %accentHover; }
QPushButton[primary="true"]:focus { border-color: %text; }
QPushButton[primary="true"]:disabled { background: %line; border-color: %line; color: %quiet; }
QPushButton[primary="true"][danger="true"] { background: %crashed; border-color: %crashed; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover { background: %hover; border-color: %line; }
QToolButton:focus { border-color: %accent; }
QToolButton:checked { background: %selection; border-color: %accent; }
QToolButton::menu-indicator { image: none; }
QLineEdit, QSpinBox, QComboBox { background: %ground; border: 1px solid %line; border-radius: 6px; padding: 4px 8px;
  min-height: 18px; selection-background-color: %selection; selection-color: %text; }
QLineEdit:focus, QSpinBox:focus, QComboBox:focus { border-color: %accent; }
QComboBox::drop-down { border: 0; width: 22px; }
QComboBox::down-arrow { image: url(:/icons/arrow-%theme.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: %ground; border: 1px solid %line; outline: 0; }
QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; background: %ground; border: 1px solid %quiet; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked { background: %accent; border-color: %accent; image: url(:/icons/check-%theme.svg); }
QRadioButton::indicator:checked { border: 5px solid %accent; width: 6px; height: 6px; }
QCheckBox:focus, QRadioButton:focus { color: %accent; }
QLineEdit:read-only { background: %raised; }
QPlainTextEdit { background: %ground; border: 1px solid %line; border-radius: 6px; padding: 4px;
  selection-background-color: %selection; selection-color: %text; }
QPlainTextEdit:focus { border-color: %accent; }
QTreeView { background: %ground; border: 0; outline: 0; }
QHeaderView::section { background: %raised; color: %quiet; border: 0; border-bottom: 1px solid %line; padding: 4px 12px; }
QTabWidget::pane { border: 0; border-top: 1px solid %line; }
QTabBar::tab { background: transparent; color: %quiet; border: 0; border-bottom: 2px solid transparent; padding: 7px 12px 6px; }
QTabBar::tab:selected { color: %text; border-bottom-color: %accent; }
QTabBar::tab:hover { color: %text; }
QTabBar:focus { outline: 0; }
QTabBar::tab:focus { background: %hover; }
QSplitter::handle { background: %line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QMenu { background: %ground; border: 1px solid %line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: %selection; color: %text; }
QMenu::item:disabled { color: %faint; }
QMenu::separator { height: 1px; background: %line; margin: 4px 6px; }
QStatusBar { background: %raised; border-top: 1px solid %line; }
QStatusBar::item { border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: %scroll; border-radius: 4px; margin: 1px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: %quiet; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent; border: 0;
  width: 0; height: 0; }
QProgressBar { background: %line; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: %accent; border-radius: 3px; }
#toolbar { background: %raised; border-bottom: 1px solid %line; }
#panel, #page { background: %ground; }
#sidebar, #sidebar QScrollArea, #cards { background: %raised; border: 0; }
#card { background: %ground; border: 1px solid %line; border-radius: 6px; }
#card[leading="true"] { border-color: %leading; }
#hairline { background: %line; }
QLabel[caption="true"] { color: %quiet; font-weight: 600; }
QLabel[quiet="true"] { color: %quiet; }
QLabel[problem="true"] { color: %crashed; }
#palette { border: 1px solid %line; }
#production { background: %crashed; color: %onAccent; padding: 2px 12px; font-weight: 600; }
#statusline[production="true"] QLabel { color: %crashed; }
#notice { background: %noticeGround; border-bottom: 1px solid %line; }
)";

void setFlag(QWidget& widget, const char* name) {
    widget.setProperty(name, true);
    widget.style()->polish(&widget);
}

} // namespace

void applyTheme(QApplication& application, const Theme& theme) {
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    application.setPalette(paletteOf(theme));
    QString sheet = QString::fromLatin1(kSheet).replace(QStringLiteral("%theme"), theme.name);
    // Longer names first where one begins with another.
    const std::pair<const char*, QColor> colours[] = {
        {"%accentHover", mixed(theme.accent, theme.text, 0.15)},
        {"%noticeGround", mixed(theme.ground, theme.looking, 0.12)},
        {"%onAccent", theme.onAccent},
        {"%accent", theme.accent},
        {"%text", theme.text},
        {"%raised", theme.raised},
        {"%ground", theme.ground},
        {"%line", theme.line},
        {"%hover", theme.hover},
        {"%selection", theme.selection},
        {"%quiet", theme.quiet},
        {"%faint", mixed(theme.quiet, theme.raised, 0.45)},
        {"%scroll", mixed(theme.line, theme.quiet, 0.35)},
        {"%leading", theme.leading},
        {"%crashed", theme.crashed}};
    for (const auto& [name, colour] : colours)
        sheet.replace(QLatin1String(name), colour.name());
    application.setStyleSheet(sheet);
    QPixmapCache::clear();
}

const Theme& themeOf(const QWidget& widget) {
    return themeOf(widget.palette());
}

QFont fixedFont() {
    return QFontDatabase::systemFont(QFontDatabase::FixedFont);
}

QFont scaled(QFont font, double factor) {
    font.setPointSizeF(font.pointSizeF() * factor);
    return font;
}

void makeCaption(QWidget& label) {
    // The font first: once a style sheet has polished a widget, it holds on to the font that it found.
    label.setFont(scaled(label.font(), 0.88));
    setFlag(label, "caption");
}
void makeQuiet(QWidget& label) {
    setFlag(label, "quiet");
}
void makePrimary(QWidget& button) {
    setFlag(button, "primary");
}

QVBoxLayout* makeDialogColumn(QDialog& dialog) {
    auto* column = new QVBoxLayout(&dialog);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    return column;
}

} // namespace viv
