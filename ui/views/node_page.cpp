#include "views/node_page.h"

#include "bridge/text.h"
#include "models/hex_text.h"
#include "views/icons.h"
#include "views/style.h"
#include "views/table.h"
#include "views/value_editor.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedLayout>
#include <QTabBar>
#include <QTabWidget>

namespace viv {

using zk::jute::ErrorCode;
using zk::jute::EventType;

NodePage::NodePage(QWidget* parent)
    : QWidget(parent), empty_(new QLabel(this)), tabs_(new QTabWidget(this)), editor_(new ValueEditor(this)),
      stats_(new StatModel(this)), acl_(new AclModel(this)) {
    setObjectName(QStringLiteral("page"));
    setAttribute(Qt::WA_StyledBackground);
    empty_->setWordWrap(true);
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setContentsMargins(24, 24, 24, 24);
    makeQuiet(*empty_);
    tabs_->setDocumentMode(true);
    tabs_->tabBar()->setDrawBase(false);
    tabs_->setAccessibleName(tr("Value, stat and ACL"));
    tabs_->addTab(editor_, tr("Value"));
    tabs_->addTab(makeTable(stats_, tr("Stat"), {StatModel::Raw}, {150, 320}), tr("Stat"));
    tabs_->addTab(makeTable(acl_, tr("ACL"), {AclModel::Id, AclModel::Letters}, {100, 160, 120}), tr("ACL"));
    tabs_->tabBar()->setAccessibleName(tr("Parts of the znode"));

    save_ = new QPushButton(icon(QStringLiteral("save")), tr("&Save"), this);
    save_->setObjectName(QStringLiteral("save"));
    save_->setToolTip(tr("Save this value over the version that was read (Ctrl+S)"));
    discard_ = new QPushButton(icon(QStringLiteral("undo")), tr("Dis&card"), this);
    discard_->setToolTip(tr("Forget the edits and show what the server has"));
    connect(save_, &QPushButton::clicked, this, &NodePage::save);
    connect(discard_, &QPushButton::clicked, this, &NodePage::discard);
    editor_->addToBar(discard_);
    editor_->addToBar(save_);
    connect(editor_, &ValueEditor::modifiedChanged, this, &NodePage::refreshHead);

    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(tabs_, 1);
    stack_ = new QStackedLayout(this);
    stack_->addWidget(empty_);
    stack_->addWidget(page);
    setSession(nullptr);
}

QWidget* NodePage::makeHead() {
    auto* head = new QWidget(this);
    title_ = new QLabel(head);
    title_->setFont(scaled(fixedFont(), 1.1));
    title_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    title_->setMinimumWidth(80);
    title_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    title_->setAccessibleName(tr("Path"));
    summary_ = new QLabel(head);
    makeQuiet(*summary_);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(12, 12, 12, 4);
    row->setSpacing(12);
    row->addWidget(title_, 1);
    row->addWidget(summary_);
    return head;
}

QWidget* NodePage::makeTable(QAbstractItemModel* model, const QString& name, std::vector<int> monospaced,
                             std::vector<int> widths) {
    auto* table = new Table(name, std::move(monospaced), this);
    table->setModel(model);
    for (std::size_t i = 0; i < widths.size(); ++i)
        table->header()->resizeSection(int(i), widths[i]);
    return table;
}

void NodePage::setSession(Session* session) {
    if (session_) session_->disconnect(this);
    session_ = session;
    drafts_.clear();
    path_.clear();
    ++reading_;
    showNothing(tr("Choose a znode in the tree to see its value, stat and ACL."));
    if (session == nullptr) return;
    connect(session, &Session::watchFired, this, &NodePage::onWatch);
    connect(session, &Session::renewed, this, &NodePage::reload);
}

void NodePage::showNothing(const QString& sentence) {
    empty_->setText(sentence);
    stack_->setCurrentIndex(0);
}

int NodePage::unsaved() const {
    return int(drafts_.size() - drafts_.count(path_)) + (editor_->modified() ? 1 : 0);
}

void NodePage::open(const std::string& path) {
    if (path == path_) return;
    if (!path_.empty()) {
        if (editor_->modified())
            drafts_[path_] = {editor_->text(), stat_.version};
        else
            drafts_.erase(path_);
    }
    path_ = path;
    // The editor now belongs to the next znode; nobody types into it before that has come.
    editor_->setSaved(editor_->bytes());
    editor_->edit().setReadOnly(true);
    outdated_ = false;
    reload();
}

void NodePage::reload() {
    if (!session_ || path_.empty()) return;
    const int mine = ++reading_;
    session_->data(path_, true, this, [this, mine, path = path_](const auto& result) {
        if (mine != reading_) return;
        if (result) return show(*result);
        if (zk::client::toErrorCode(result.error()) == ErrorCode::NoNode && editor_->modified() &&
            stat_.czxid.value != 0)
            return Q_EMIT said(tr("%1 was deleted by somebody else. What you typed is still here; create it "
                                  "anew to keep it.")
                                   .arg(fromUtf8(path)));
        showNothing(failureSentence(Deed::Read, path, result.error()));
    });
    session_->acl(path_, this, [this, mine](auto result) {
        if (mine == reading_) acl_->setAcl(result ? std::move(result->acl) : std::vector<zk::jute::Acl>{});
    });
}

void NodePage::show(const zk::client::Data& read) {
    const bool other = stack_->currentIndex() == 0 || title_->text() != fromUtf8(path_);
    stack_->setCurrentIndex(1);
    if (!other && editor_->modified() && read.stat.version != stat_.version) {
        // Never under the fingers of somebody who types: saving will show both.
        outdated_ = true;
        refreshHead();
        return;
    }
    const bool keep = !other && editor_->modified();
    stat_ = read.stat;
    shown_ = read.bytes;
    outdated_ = false;
    stats_->setStat(stat_, QDateTime::currentMSecsSinceEpoch());
    Q_EMIT statRead(path_, stat_);
    title_->setText(fromUtf8(path_));
    title_->setToolTip(fromUtf8(path_));
    if (!keep) {
        editor_->setBytes(read.bytes, session_ && !session_->readOnly());
        if (const auto draft = drafts_.find(path_); draft != drafts_.end()) {
            outdated_ = draft->second.version != stat_.version;
            stat_.version = draft->second.version;
            editor_->setDraft(draft->second.text);
            drafts_.erase(draft);
        }
    }
    refreshHead();
}

void NodePage::refreshHead() {
    const bool modified = editor_->modified();
    save_->setEnabled(modified);
    discard_->setVisible(modified);
    const std::string_view bytes = shown_ ? std::string_view(*shown_) : std::string_view();
    QString text = QStringLiteral("v%1 \u00b7 %2 \u00b7 %3")
                       .arg(stat_.version)
                       .arg(sizeText(stat_.dataLength), kindOfBytes(bytes));
    if (modified) text += tr(" \u00b7 edited");
    if (outdated_) text += tr(" \u00b7 changed on the server meanwhile");
    summary_->setText(text);
}

void NodePage::discard() {
    editor_->setSaved(editor_->bytes());
    editor_->setBytes(shown_, session_ && !session_->readOnly());
    outdated_ = false;
    reload();
    refreshHead();
}

void NodePage::save() {
    if (session_ && editor_->modified()) write(stat_.version);
}

void NodePage::write(std::int32_t version) {
    save_->setEnabled(false);
    session_->set(path_, editor_->bytes(), version, this,
                  [this, path = path_, bytes = editor_->bytes()](const auto& result) {
                      if (path != path_) {
                          if (!result)
                              Q_EMIT said(failureSentence(Deed::Write, path, result.error()));
                          else if (drafts_.erase(path) > 0)
                              Q_EMIT saved(path);
                          return;
                      }
                      if (result) {
                          stat_ = *result;
                          shown_ = bytes;
                          outdated_ = false;
                          stats_->setStat(stat_, QDateTime::currentMSecsSinceEpoch());
                          editor_->setSaved(bytes);
                          refreshHead();
                          Q_EMIT saved(path);
                          return;
                      }
                      refreshHead();
                      if (zk::client::toErrorCode(result.error()) == ErrorCode::BadVersion)
                          onConflict();
                      else
                          Q_EMIT said(failureSentence(Deed::Write, path, result.error()));
                  });
}

void NodePage::onConflict() {
    session_->data(path_, true, this, [this, path = path_](const auto& result) {
        if (path != path_) return;
        if (!result) return Q_EMIT said(failureSentence(Deed::Write, path, result.error()));
        auto* dialog = new ConflictDialog(fromUtf8(path), editor_->text(), stat_.version, *result, this);
        dialog->setObjectName(QStringLiteral("conflict"));
        connect(dialog, &ConflictDialog::chosen, this,
                [this, path, theirs = *result](ConflictDialog::Choice choice) {
                    if (path == path_) onChoice(choice, theirs);
                });
        dialog->open();
    });
}

void NodePage::onChoice(ConflictDialog::Choice choice, const zk::client::Data& theirs) {
    if (choice == ConflictDialog::Choice::Discard) editor_->setSaved(editor_->bytes());
    stat_ = theirs.stat;
    shown_ = theirs.bytes;
    outdated_ = false;
    stats_->setStat(stat_, QDateTime::currentMSecsSinceEpoch());
    if (choice == ConflictDialog::Choice::Discard)
        editor_->setBytes(theirs.bytes, !session_->readOnly());
    else
        editor_->setSaved(theirs.bytes);
    refreshHead();
    if (choice == ConflictDialog::Choice::Overwrite) write(theirs.stat.version);
}

void NodePage::onWatch(EventType type, const std::string& path) {
    if (path != path_) return;
    if (type == EventType::Deleted && !editor_->modified()) {
        ++reading_;
        showNothing(tr("%1 has been deleted.").arg(fromUtf8(path)));
        path_.clear();
    } else
        reload();
}

} // namespace viv
