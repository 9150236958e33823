#include "models/commands.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>

namespace viv {
namespace {

TEST(Fit, WantsTheLettersInTheirOrder) {
    EXPECT_TRUE(fit(QStringLiteral("ref"), QStringLiteral("Refresh")));
    EXPECT_TRUE(fit(QStringLiteral("REF resh"), QStringLiteral("Refresh")));
    EXPECT_TRUE(fit(QString(), QStringLiteral("Refresh")));
    EXPECT_FALSE(fit(QStringLiteral("frr"), QStringLiteral("Refresh")));
    EXPECT_FALSE(fit(QStringLiteral("refreshed"), QStringLiteral("Refresh")));
}

TEST(Fit, PrefersBeginningsOfWordsAndNeighbours) {
    const auto score = [](const char* typed, const char* text) {
        return fit(QString::fromLatin1(typed), QString::fromLatin1(text)).value_or(-1);
    };
    EXPECT_GT(score("cz", "Create a znode"), score("cz", "Cancel the freeze"));
    EXPECT_GT(score("del", "Delete the znode"), score("del", "Dock the panel"));
    EXPECT_GT(score("cfg", "/app/cfg"), score("cfg", "/app/config"));
}

TEST(Commands, OfferTheBestFirstAndNotMoreThanAnybodyReads) {
    std::vector<Command> all;
    for (const char* text : {"Cancel the freeze", "Create a znode", "Quit"})
        all.push_back({{}, QString::fromLatin1(text), {}, {}});
    for (int i = 0; i < 2 * Commands::kAtMost; ++i)
        all.push_back({{}, QStringLiteral("/znode%1").arg(i), {}, {}});
    Commands commands(std::move(all));
    const QAbstractItemModelTester tester(&commands, QAbstractItemModelTester::FailureReportingMode::Fatal);
    EXPECT_EQ(commands.rowCount(), Commands::kAtMost);
    EXPECT_EQ(commands.at(0).text, QStringLiteral("Cancel the freeze")) << "as given, while nothing is typed";
    commands.type(QStringLiteral("cz"));
    ASSERT_EQ(commands.rowCount(), 2);
    EXPECT_EQ(commands.at(0).text, QStringLiteral("Create a znode"));
    commands.type(QStringLiteral("nothing fits this"));
    EXPECT_EQ(commands.rowCount(), 0);
}

} // namespace
} // namespace viv
