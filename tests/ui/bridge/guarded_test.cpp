#include "bridge/guarded.h"
#include "tests/ui/fakes.h"

#include <gtest/gtest.h>

#include <QTest>
#include <QThread>

namespace viv::test {
namespace {

TEST(Guarded, RunsOnTheGuiThreadWithTheValuesItWasGiven) {
    QObject receiver;
    Worker worker;
    std::string got;
    QThread* ran = nullptr;
    worker.post([call = guarded(&receiver, [&](const std::string& text, int number) {
                     got = text + std::to_string(number);
                     ran = QThread::currentThread();
                 })] { call(std::string("seven "), 7); });
    ASSERT_TRUE(QTest::qWaitFor([&] { return !got.empty(); }, 5000));
    EXPECT_EQ(got, "seven 7");
    EXPECT_EQ(ran, QThread::currentThread());
}

TEST(Guarded, DoesNothingOnceItsReceiverIsGone) {
    auto receiver = std::make_unique<QObject>();
    Worker worker;
    std::atomic<bool> called = false;
    bool ran = false;
    worker.post([&called, call = guarded(receiver.get(), [&ran] { ran = true; })] {
        call();
        called = true;
    });
    while (!called)
        std::this_thread::yield(); // the event is posted, and not yet delivered
    receiver.reset();
    QCoreApplication::processEvents();
    EXPECT_FALSE(ran);
}

TEST(Guarded, NeverRunsWhereItIsCalled) {
    QObject receiver;
    bool ran = false;
    guarded(&receiver, [&ran] { ran = true; })();
    EXPECT_FALSE(ran) << "also on the GUI thread it comes with the next turn";
    QCoreApplication::processEvents();
    EXPECT_TRUE(ran);
}

} // namespace
} // namespace viv::test
