// ConflictDialog: the znode was changed by somebody else since it was read. Shows mine and theirs side by
// side; nothing is written without a choice, and what is written carries the version that is shown here.
#pragma once

#include <QDialog>

#include "client/client.h"

namespace viv {

class ConflictDialog : public QDialog {
    Q_OBJECT

  public:
    enum class Choice {
        KeepEditing, // mine stays in the editor, now based on their version
        Overwrite,   // save mine over the shown version
        Discard,     // take theirs
    };

    ConflictDialog(const QString& path, const QString& mine, std::int32_t myVersion,
                   const zk::client::Data& theirs, QWidget* parent = nullptr);

  Q_SIGNALS:
    void chosen(viv::ConflictDialog::Choice choice);

  private:
    void choose(Choice choice);
};

} // namespace viv
