#include "models/hex_text.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QStringDecoder>

#include <algorithm>

namespace viv {
namespace {
constexpr std::size_t kBytesPerLine = 16;
constexpr std::size_t kJsonLimit = 256 * 1024; // larger values are not parsed only to name them
QString tr(const char* text) {
    return QCoreApplication::translate("Bytes", text);
}
} // namespace

QString hexDump(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() / kBytesPerLine * 78 + 80);
    for (std::size_t start = 0; start < bytes.size(); start += kBytesPerLine) {
        for (int shift = 28; shift >= 0; shift -= 4)
            text += kDigits[start >> shift & 0xf];
        text += ' ';
        const std::string_view line = bytes.substr(start, kBytesPerLine);
        for (std::size_t i = 0; i < kBytesPerLine; ++i) {
            if (i % 8 == 0) text += ' ';
            if (i < line.size()) {
                const auto byte = static_cast<unsigned char>(line[i]);
                text += kDigits[byte >> 4];
                text += kDigits[byte & 0xf];
            } else
                text += "  ";
            text += ' ';
        }
        text += " |";
        for (const char c : line)
            text += c >= 0x20 && c < 0x7f ? c : '.';
        text += "|\n";
    }
    if (!text.empty()) text.pop_back();
    return QString::fromLatin1(text.data(), qsizetype(text.size()));
}

bool isText(std::string_view bytes) {
    // Line ends of one kind only: an editor gives back one kind.
    std::size_t plainEnds = 0, windowsEnds = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (byte == '\n')
            ++(i > 0 && bytes[i - 1] == '\r' ? windowsEnds : plainEnds);
        else if (byte == '\r' ? i + 1 == bytes.size() || bytes[i + 1] != '\n'
                              : (byte < 0x20 && byte != '\t') || byte == 0x7f)
            return false;
    }
    if (plainEnds > 0 && windowsEnds > 0) return false;
    // A byte order mark stays what it is: three bytes.
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringDecoder::Flag::Stateless | QStringDecoder::Flag::ConvertInitialBom);
    const QString decoded = decoder(QByteArrayView(bytes.data(), qsizetype(bytes.size())));
    // What an editor keeps for itself: separators of lines and of paragraphs, and its own marks.
    static constexpr char16_t kEditorsOwn[] = {0x2028, 0x2029, 0xfdd0, 0xfdd1};
    return !decoder.hasError() && std::none_of(std::begin(kEditorsOwn), std::end(kEditorsOwn),
                                               [&](char16_t own) { return decoded.contains(QChar(own)); });
}

QString kindOfBytes(std::string_view bytes) {
    if (bytes.empty()) return tr("empty");
    if (!isText(bytes)) return tr("binary");
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return tr("text");
    if ((bytes[first] == '{' || bytes[first] == '[') && bytes.size() <= kJsonLimit) {
        const auto view = QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size()));
        if (!QJsonDocument::fromJson(view).isNull()) return tr("JSON");
    }
    return bytes[first] == '<' && bytes.find('>') != std::string_view::npos ? tr("XML") : tr("text");
}

} // namespace viv
