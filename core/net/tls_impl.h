// What tls.cpp and tls_session.cpp share.
#pragma once

#include "net/tls.h"
#include "net/tls_store.h"

namespace zk::net {

struct TlsContext::Impl {
    TlsOptions options;
    Side side = Side::Server;
    Owned<SSL_CTX> context;
};

} // namespace zk::net
