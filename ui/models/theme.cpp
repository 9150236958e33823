#include "models/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace viv {

using zk::trace::ServerState;

QColor mixed(const QColor& a, const QColor& b, double share) {
    const auto between = [share](double from, double to) { return float(from + (to - from) * share); };
    return QColor::fromRgbF(between(a.redF(), b.redF()), between(a.greenF(), b.greenF()),
                            between(a.blueF(), b.blueF()));
}

double contrast(const QColor& a, const QColor& b) {
    const auto luminance = [](const QColor& colour) {
        const auto linear = [](double part) {
            return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
               0.0722 * linear(colour.blueF());
    };
    const double one = luminance(a), other = luminance(b);
    return (std::max(one, other) + 0.05) / (std::min(one, other) + 0.05);
}

QColor Theme::state(ServerState state) const {
    switch (state) {
    case ServerState::Leading:
    case ServerState::Standalone: return leading;
    case ServerState::Following: return following;
    case ServerState::Observing: return observing;
    case ServerState::Looking: return looking;
    case ServerState::Stopped:
    case ServerState::Paused: return stopped;
    case ServerState::Crashed: return crashed;
    }
    return stopped;
}

QColor Theme::lineOf(zk::Sid sid) const {
    return series[std::size_t(std::max<zk::Sid>(sid, 0)) % series.size()];
}

Qt::PenStyle Theme::dash(zk::Sid sid) const {
    static constexpr std::array kDashes{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
    return kDashes[std::size_t(std::max<zk::Sid>(sid, 0)) / series.size() % kDashes.size()];
}

const Theme& lightTheme() {
    static const Theme theme{
        .name = QStringLiteral("light"),
        .ground = 0xFFFFFF,
        .raised = 0xF6F7F9,
        .line = 0xDDE1E6,
        .text = 0x1B1F24,
        .quiet = 0x5B6570,
        .accent = 0x0067A5,
        .onAccent = 0xFFFFFF,
        .selection = 0xDCEBF6,
        .hover = 0xEEF2F6,
        .leading = 0x00785A,
        .following = 0x0067A5,
        .observing = 0x6A51A3,
        .looking = 0x995900,
        .stopped = 0x6B7280,
        .crashed = 0xB93A0E,
        // After Okabe and Ito, darkened where a line would not stand out on white; no yellow.
        .series = {0x1B1F24, 0x0072B2, 0xC25400, 0x00805E, 0xAF4E88, 0x946200, 0x2A82B8},
    };
    return theme;
}

const Theme& darkTheme() {
    static const Theme theme{
        .name = QStringLiteral("dark"),
        .ground = 0x16191D,
        .raised = 0x1E2227,
        .line = 0x2E343B,
        .text = 0xE8EAED,
        .quiet = 0x9AA3AF,
        .accent = 0x5AB4F0,
        .onAccent = 0x10141A,
        .selection = 0x1F3A4F,
        .hover = 0x262C33,
        .leading = 0x34C79B,
        .following = 0x5AB4F0,
        .observing = 0xB39DDB,
        .looking = 0xF2B134,
        .stopped = 0x9AA3AF,
        .crashed = 0xFF8A5C,
        // After Okabe and Ito; no black.
        .series = {0xE8EAED, 0x56B4E9, 0xFF8A4C, 0x2CC295, 0xE08FBE, 0xF0E442, 0xE69F00},
    };
    return theme;
}

const Theme& themeOf(const QPalette& palette) {
    return palette.color(QPalette::Base).lightness() < 128 ? darkTheme() : lightTheme();
}

QPalette paletteOf(const Theme& theme) {
    QPalette palette;
    palette.setColor(QPalette::Window, theme.raised);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.ground);
    palette.setColor(QPalette::AlternateBase, theme.raised);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.quiet);
    palette.setColor(QPalette::Button, theme.raised);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::BrightText, theme.crashed);
    palette.setColor(QPalette::ToolTipBase, theme.raised);
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::Highlight, theme.selection);
    palette.setColor(QPalette::HighlightedText, theme.text);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::LinkVisited, theme.accent);
    palette.setColor(QPalette::Light, theme.raised);
    palette.setColor(QPalette::Midlight, theme.line);
    palette.setColor(QPalette::Mid, theme.line);
    palette.setColor(QPalette::Dark, theme.line);
    palette.setColor(QPalette::Shadow, theme.line);
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, mixed(theme.quiet, theme.raised, 0.45));
    return palette;
}

} // namespace viv
