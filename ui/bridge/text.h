// Text between the core and the window: UTF-8 strings to QString, and an operation's error as the sentence
// that the window shows: what happened, why, and what to do.
#pragma once

#include "base/ids.h"
#include "base/result.h"

#include <QString>

#include <string>
#include <string_view>

namespace viv {

inline QString fromUtf8(std::string_view text) {
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

// "4·1287": epoch and counter.
QString zxidText(zk::Zxid zxid);

// What an operation on a path was about to do; for its error's sentence.
enum class Deed { Read, List, Create, Write, Delete, ReadAcl };
QString failureSentence(Deed deed, const std::string& path, const zk::Error& error);

} // namespace viv
