#include "bridge/text.h"

#include "client/client.h"

#include <QCoreApplication>

namespace viv {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Failure", text);
}

QString whatHappened(Deed deed, const QString& path) {
    switch (deed) {
    case Deed::Read: return tr("%1 could not be read").arg(path);
    case Deed::List: return tr("The children of %1 could not be listed").arg(path);
    case Deed::Create: return tr("%1 was not created").arg(path);
    case Deed::Write: return tr("%1 was not saved").arg(path);
    case Deed::Delete: return tr("%1 was not deleted").arg(path);
    case Deed::ReadAcl: return tr("The ACL of %1 could not be read").arg(path);
    }
    return {};
}

// Why, and what to do. Empty: nothing better than the error's own words.
QString whyAndWhatToDo(zk::jute::ErrorCode code) {
    using enum zk::jute::ErrorCode;
    switch (code) {
    case NoNode:
        return tr("the znode, or its parent, does not exist. Refresh the tree to see what is there.");
    case NodeExists: return tr("a znode of this name exists already. Choose another name.");
    case NotEmpty: return tr("it has children. Delete them first.");
    case NoAuth: return tr("its ACL does not allow it. Connect with an identity that the ACL names.");
    case BadVersion: return tr("somebody has changed it since it was read. Read it again.");
    case NoChildrenForEphemerals:
        return tr("an ephemeral znode cannot have children. Choose another parent.");
    case ConnectionLoss:
        return tr("the connection was lost, and it is not known whether the server did it. Look again once "
                  "connected.");
    case SessionExpired: return tr("the session has expired. It is being opened anew; try again.");
    case InvalidAcl: return tr("the ACL is not valid. Check its schemes and ids.");
    case NotReadOnly:
        return tr("this connection is read-only. Connect without the read-only switch to write.");
    case Unimplemented: return tr("the server does not offer this operation. Use a newer server.");
    case QuotaExceeded: return tr("a quota on the path is used up. Raise it, or delete something.");
    case BadArguments: return tr("the server does not accept the path or the mode. Check them.");
    default: return {};
    }
}

} // namespace

QString zxidText(zk::Zxid zxid) {
    return QStringLiteral("%1\u00b7%2").arg(zxid.epoch()).arg(zxid.counter());
}

QString failureSentence(Deed deed, const std::string& path, const zk::Error& error) {
    const QString what = whatHappened(deed, fromUtf8(path));
    // An error with a sentence of its own was worded where it arose.
    QString why = error.detail.empty() ? whyAndWhatToDo(zk::client::toErrorCode(error)) : QString();
    if (why.isEmpty()) why = fromUtf8(error.message());
    return tr("%1: %2").arg(what, why);
}

} // namespace viv
