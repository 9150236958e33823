// Table: rows and columns, read only, as a flat tree view: a row's cells can be copied, there is always a
// current row, and screen readers get a tree, because Qt 6.4's accessible tables crash some of them.
#pragma once

#include <QTreeView>

namespace viv {

inline constexpr int kRowHeight = 26;

class Table : public QTreeView {
    Q_OBJECT

  public:
    // `monospaced`: columns in the fixed-width font.
    Table(const QString& accessibleName, std::vector<int> monospaced, QWidget* parent = nullptr);

  protected:
    void keyPressEvent(QKeyEvent* event) override; // Ctrl+C copies the row
    void focusInEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

  private:
    void copyRow();
};

} // namespace viv
