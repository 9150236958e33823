// Subtree: counting what lies below a znode, and deleting it, level by level with many requests under way,
// told as it goes and stopped at a word. Works on the dialer's thread; progress comes to the GUI thread at
// most thirty times a second.
#pragma once

#include <QObject>
#include <QTimer>

#include "bridge/session.h"

#include <memory>
#include <string>

namespace viv {

class Subtree : public QObject {
    Q_OBJECT

  public:
    enum class Stage { Counting, Counted, Deleting, Finished, Cancelled, Failed };

    // Starts to count at once.
    Subtree(Session& session, std::string path, QObject* parent = nullptr);
    ~Subtree() override; // cancels

    Stage stage() const;
    const std::string& path() const { return path_; }
    // Found so far, the znode itself not counted.
    std::size_t descendants() const;
    std::size_t deleted() const;
    // Of those found: whose parent was gone or refused to be listed.
    QString problem() const; // a sentence, after Failed

    // Deletes what was counted, children before parents, and then the znode itself; what appears meanwhile
    // stops it. Precondition: Counted.
    void remove();
    void cancel();

  Q_SIGNALS:
    void progressed(); // stage, descendants or deleted changed

  private:
    struct Walk;
    void watchProgress();

    Session& session_;
    const std::string path_;
    std::shared_ptr<Walk> walk_;
    QTimer pace_;
    Stage toldStage_ = Stage::Counting;
    std::size_t toldCount_ = 0;
};

} // namespace viv
