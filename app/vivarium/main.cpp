// The console's program: reads the command line, makes the Stage and the Dialer of real servers and sockets,
// hands them to the window and runs it. The only file of the window's that names core/net.
#include "vivarium/console.h"

#include "net/dialer.h"
#include "net/lab.h"
#include "net/quit.h"
#include "views/icons.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QTimer>

#include <cstdio>

namespace {

enum Exit { kFine = 0, kFailed = 1, kBadUse = 2, kNoDisplay = 3 };
constexpr int kServersAtMost = 9;
constexpr int kScreenshotPatienceMs = 60000;

int complain(Exit code, const QString& sentence) {
    std::fprintf(stderr, "vivarium: %s\n", qUtf8Printable(sentence));
    return code;
}

bool displayMissing() {
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    const QByteArray platform = qgetenv("QT_QPA_PLATFORM");
    const bool needsOne = platform.isEmpty() || platform.startsWith("xcb") || platform.startsWith("wayland");
    return needsOne && qEnvironmentVariableIsEmpty("DISPLAY") &&
           qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
#else
    return false;
#endif
}

// A sentence where the command line is wrong.
QString read(const QCommandLineParser& parser, viv::Console::Choices& choices) {
    const auto tr = [](const char* text) { return QCoreApplication::translate("Main", text); };
    choices.connect = parser.value(QStringLiteral("connect"));
    choices.screenshot = parser.value(QStringLiteral("screenshot"));
    choices.theme = parser.value(QStringLiteral("theme"));
    choices.lab.directory = parser.value(QStringLiteral("dir")).toStdString();
    if (!choices.theme.isEmpty() && choices.theme != QStringLiteral("light") &&
        choices.theme != QStringLiteral("dark"))
        return tr("there is no theme “%1”; the themes are light and dark").arg(choices.theme);
    if (parser.isSet(QStringLiteral("ensemble"))) {
        bool number = false;
        choices.lab.servers = parser.value(QStringLiteral("ensemble")).toInt(&number);
        if (!number || choices.lab.servers < 1 || choices.lab.servers > kServersAtMost)
            return tr("--ensemble takes the number of servers, 1 to %1, as in --ensemble 3")
                .arg(kServersAtMost);
        choices.startLab = true;
    }
    if (!parser.positionalArguments().isEmpty())
        return tr("“%1” is not understood; try --help").arg(parser.positionalArguments().first());
    return {};
}

} // namespace

int main(int argc, char** argv) {
    if (displayMissing())
        return complain(
            kNoDisplay,
            QStringLiteral(
                "There is no display here (DISPLAY is not set). Run it on a desktop, or run the same "
                "ensemble without a window: viv ensemble up"));
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("vivarium"));
    QApplication::setApplicationDisplayName(QStringLiteral("Vivarium"));
    QApplication::setApplicationVersion(QStringLiteral(VIV_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("io.vivarium.Vivarium"));
    QApplication::setQuitOnLastWindowClosed(false);

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("A console for ZooKeeper, with the server inside."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        {QStringLiteral("ensemble"),
         QStringLiteral("Start a lab of N servers at 2181, 2182, ... and connect to it."),
         QStringLiteral("N")},
        {QStringLiteral("connect"), QStringLiteral("Connect to these servers."),
         QStringLiteral("HOST:PORT,...")},
        {QStringLiteral("dir"), QStringLiteral("The lab's directory."), QStringLiteral("DIR")},
        {QStringLiteral("screenshot"),
         QStringLiteral("Write a picture of the window once it shows a leader and the tree, and end."),
         QStringLiteral("FILE")},
        {QStringLiteral("theme"), QStringLiteral("light or dark."), QStringLiteral("THEME")},
    });
    parser.process(application);
    viv::Console::Choices choices;
    if (const QString wrong = read(parser, choices); !wrong.isEmpty()) return complain(kBadUse, wrong);

    const auto dialer = zk::net::makeDialer();
    const auto stage = zk::net::makeStage();
    viv::Console console(*stage, *dialer, choices);
    // Ctrl-C and SIGTERM close the window as its cross does: the lab is stopped cleanly.
    const zk::net::EndSignals signals([&console](int) {
        QMetaObject::invokeMethod(&console, &viv::Console::close, Qt::QueuedConnection);
    });
    int code = kFine;
    QObject::connect(&console, &viv::Console::finished, &application, [&code] { QApplication::exit(code); });
    if (!choices.screenshot.isEmpty()) {
        QObject::connect(&console, &viv::Console::screenshotTaken, &console, [&](bool written) {
            if (!written)
                code = complain(
                    kFailed,
                    QStringLiteral("The picture could not be written to %1. Choose a folder that can be "
                                   "written and a name that ends with .png.")
                        .arg(choices.screenshot));
            console.close();
        });
        QTimer::singleShot(kScreenshotPatienceMs, &console, [&] {
            code = complain(kFailed,
                            QStringLiteral("No leader and no tree within a minute: no picture was taken."));
            console.close();
        });
    }
    console.open();
    return QApplication::exec();
}
