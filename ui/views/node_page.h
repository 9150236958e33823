// NodePage: the open znode: its value, stat and ACL. It is watched while it is open. Saving sends the version
// that was read; where that is no longer the newest, both are shown and nothing is overwritten unasked. What
// was typed and not saved stays as a draft when another znode is opened.
#pragma once

#include <QPointer>
#include <QWidget>

#include "bridge/session.h"
#include "models/acl_model.h"
#include "models/stat_model.h"
#include "views/conflict_dialog.h"

#include <map>

class QLabel;
class QPushButton;
class QStackedLayout;
class QTabWidget;

namespace viv {

class ValueEditor;

class NodePage : public QWidget {
    Q_OBJECT

  public:
    explicit NodePage(QWidget* parent = nullptr);

    void setSession(Session* session);
    void open(const std::string& path);
    void reload();
    void save();
    const std::string& path() const { return path_; }
    std::int32_t version() const { return stat_.version; }
    // Values that were edited and not saved.
    int unsaved() const;
    ValueEditor& editor() { return *editor_; }
    StatModel& statModel() { return *stats_; }
    QTabWidget& tabs() { return *tabs_; }

  Q_SIGNALS:
    void said(const QString& sentence);
    void saved(const std::string& path);
    void statRead(const std::string& path, const zk::jute::Stat& stat);

  private:
    struct Draft {
        QString text;
        std::int32_t version = 0; // what it is based on
    };
    QWidget* makeHead();
    QWidget* makeTable(QAbstractItemModel* model, const QString& name, std::vector<int> monospaced,
                       std::vector<int> widths);
    void showNothing(const QString& sentence);
    void show(const zk::client::Data& data);
    void write(std::int32_t version);
    void onConflict();
    void onChoice(ConflictDialog::Choice choice, const zk::client::Data& theirs);
    void onWatch(zk::jute::EventType type, const std::string& path);
    void refreshHead();
    void discard();

    QPointer<Session> session_;
    std::string path_;
    int reading_ = 0; // numbers the readings: only the newest is shown
    zk::jute::Stat stat_;
    zk::Buffer shown_;
    bool outdated_ = false; // changed by somebody while it is being edited
    std::map<std::string, Draft> drafts_;
    QStackedLayout* stack_;
    QLabel *empty_, *title_, *summary_;
    QPushButton *save_, *discard_;
    QTabWidget* tabs_;
    ValueEditor* editor_;
    StatModel* stats_;
    AclModel* acl_;
};

} // namespace viv
