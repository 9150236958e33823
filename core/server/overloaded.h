// Overloaded: lambdas as one visitor of a variant. For the files of this module.
#pragma once

namespace zk::server {

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>; // clang 14 does not find this by itself

} // namespace zk::server
