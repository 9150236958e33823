// Connections: the ensembles that the user has saved, by name, in groups. They live in the settings from one start to the
// next. Nothing secret is among them: passwords are asked for each time.
#pragma once

#include <QAbstractListModel>
#include <QSettings>

#include <vector>

namespace viv {

struct Connection {
    enum class Kind { Development, Test, Production };

    QString name, group, notes;
    QString hosts; // a connect string, the chroot included
    QString user;  // of the digest identity; empty: none
    Kind kind = Kind::Development;
    int colour = 0; // an index into the theme's series
    int timeoutSeconds = 30;
    bool readOnly = false;

    bool operator==(const Connection&) const = default;
};

class Connections : public QAbstractListModel {
    Q_OBJECT

  public:
    // Settings that a newer version has written are read as far as they are understood, and never written over.
    static constexpr int kSchema = 1;

    explicit Connections(QSettings& settings, QObject* parent = nullptr);

    const Connection& at(int row) const { return all_[std::size_t(row)]; }
    // -1 where nothing is saved under this name.
    int rowOf(const QString& name) const;
    // Keeps it; one of the same name is replaced. Sorted by group and name.
    void put(const Connection& connection);
    void remove(const QString& name);
    QStringList groups() const;
    bool writable() const { return writable_; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

  private:
    void save();

    QSettings& settings_;
    std::vector<Connection> all_;
    bool writable_ = true;
};

// "development", "test", "production", in the user's language.
QString kindWord(Connection::Kind kind);

} // namespace viv
