// guarded(): a callback that may be called on any thread and runs on the GUI thread, and only while its
// receiver lives.
//
// Made on the GUI thread. The values that it is called with are moved into the event that carries them over;
// what the function has captured may be destroyed on either thread, so it captures values and `this`, never
// widgets by pointer other than the receiver's own.
#pragma once

#include <QCoreApplication>
#include <QMetaObject>
#include <QPointer>

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace viv {

template <class Function>
auto guarded(QObject* receiver, Function function) {
    auto shared = std::make_shared<Function>(std::move(function));
    return [alive = QPointer<QObject>(receiver), shared](auto&&... values) {
        QCoreApplication* application = QCoreApplication::instance();
        if (application == nullptr) return; // the program has ended
        auto held = std::make_shared<std::tuple<std::decay_t<decltype(values)>...>>(
            std::forward<decltype(values)>(values)...);
        QMetaObject::invokeMethod(
            application,
            [alive, shared, held] {
                if (alive) std::apply(*shared, std::move(*held));
            },
            Qt::QueuedConnection);
    };
}

} // namespace viv
