#include "views/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

static void loadResources() {
    Q_INIT_RESOURCE(vivarium);
}

namespace viv {
namespace {

class Engine : public QIconEngine {
  public:
    Engine(QString name, QColor colour) : name_(std::move(name)), colour_(std::move(colour)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        painter->drawPixmap(rect, drawn(rect.size() * painter->device()->devicePixelRatio(), mode));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override { return drawn(size, mode); }
    QIconEngine* clone() const override { return new Engine(*this); }

  private:
    QPixmap drawn(const QSize& size, QIcon::Mode mode) const {
        const QPalette palette = QGuiApplication::palette();
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        const QColor colour = colour_.isValid() && mode != QIcon::Disabled
                                  ? colour_
                                  : palette.color(group, QPalette::ButtonText);
        const QString key =
            QStringLiteral("viv/%1/%2/%3x%4").arg(name_, colour.name()).arg(size.width()).arg(size.height());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap)) return pixmap;
        QFile file(QStringLiteral(":/icons/%1.svg").arg(name_));
        if (!file.open(QIODevice::ReadOnly)) return {};
        QSvgRenderer renderer(file.readAll().replace("#000000", colour.name().toLatin1()));
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QString name_;
    QColor colour_; // not valid: the palette's
};

} // namespace

QIcon icon(const QString& name, const QColor& colour) {
    loadResources();
    return QIcon(new Engine(name, colour));
}

QIcon icon(const QString& name) {
    return icon(name, QColor());
}

QIcon applicationIcon() {
    loadResources();
    return QIcon(QStringLiteral(":/vivarium.svg"));
}

} // namespace viv
