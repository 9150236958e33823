// What can be read and told apart: contrast of every colour on its ground.
#include "models/state_look.h"
#include "models/theme.h"

#include <gtest/gtest.h>

#include <QImage>
#include <QPainter>

namespace viv {
namespace {

using zk::trace::ServerState;

constexpr ServerState kStates[] = {ServerState::Looking,    ServerState::Following, ServerState::Leading,
                                   ServerState::Observing,  ServerState::Stopped,   ServerState::Crashed,
                                   ServerState::Standalone, ServerState::Paused};

class Themes : public testing::TestWithParam<const Theme*> {};

TEST_P(Themes, WordsOfStatesHaveContrast) {
    const Theme& theme = *GetParam();
    for (const ServerState state : kStates)
        for (const QColor& ground : {theme.ground, theme.raised})
            EXPECT_GE(contrast(theme.state(state), ground), 4.5)
                << stateWord(state).toStdString() << " on " << ground.name().toStdString();
}

TEST_P(Themes, TextHasContrast) {
    const Theme& theme = *GetParam();
    for (const QColor& ground : {theme.ground, theme.raised, theme.selection, theme.hover}) {
        EXPECT_GE(contrast(theme.text, ground), 7);
        EXPECT_GE(contrast(theme.quiet, ground), 4.5) << ground.name().toStdString();
    }
    EXPECT_GE(contrast(theme.onAccent, theme.accent), 4.5);
}

TEST_P(Themes, LinesStandOutFromTheirGroundAndFromEachOther) {
    const Theme& theme = *GetParam();
    for (zk::Sid sid = 0; sid < 28; ++sid) {
        EXPECT_GE(contrast(theme.lineOf(sid), theme.ground), 3) << sid;
        for (zk::Sid other = 0; other < sid; ++other)
            EXPECT_FALSE(theme.lineOf(sid) == theme.lineOf(other) && theme.dash(sid) == theme.dash(other))
                << sid << other;
    }
}

TEST_P(Themes, ThePaletteLeadsBackToItsTheme) {
    EXPECT_EQ(themeOf(paletteOf(*GetParam())).name, GetParam()->name);
}

TEST_P(Themes, EveryStateHasItsOwnShape) {
    std::vector<QImage> seen;
    for (const ServerState state : kStates) {
        QImage image(32, 32, QImage::Format_ARGB32);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        paintState(painter, QRectF(2, 2, 28, 28), state, false, *GetParam());
        painter.end();
        const QImage shape = image.convertToFormat(QImage::Format_Alpha8); // colour does not count
        for (const QImage& other : seen)
            EXPECT_NE(shape, other) << stateWord(state).toStdString();
        seen.push_back(shape);
    }
}

INSTANTIATE_TEST_SUITE_P(Both, Themes, testing::Values(&lightTheme(), &darkTheme()),
                         [](const auto& test) { return test.param->name.toStdString(); });

TEST(Contrast, IsThatOfTheStandard) {
    EXPECT_NEAR(contrast(Qt::black, Qt::white), 21, 0.01);
    EXPECT_NEAR(contrast(Qt::white, Qt::white), 1, 0.01);
    EXPECT_NEAR(contrast(0x777777, 0xFFFFFF), 4.48, 0.01);
}

} // namespace
} // namespace viv
