#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "pem/pem.h"
#include "web/config.h"

struct ssl_ctx_st;

namespace headroom::web {

// The PEM texts of a TlsConfig. `client_ca` has no text where none is given.
struct TlsTexts {
  pem::Named certificate;
  pem::Named key;
  pem::Named client_ca;
};

// A server's TLS context by the configuration. InvalidArgument names the key whose value cannot be
// used.
absl::StatusOr<std::shared_ptr<ssl_ctx_st>> MakeTlsContext(const TlsConfig& config,
                                                           const TlsTexts& texts);

// For a server that takes one context for all its life: asks `choose`, which must outlive it, at
// each new connection for the one to serve it by. Null where OpenSSL has no memory.
using ChooseContext = std::function<std::shared_ptr<ssl_ctx_st>()>;
std::shared_ptr<ssl_ctx_st> MakeChoosingContext(const ChooseContext& choose);

}  // namespace headroom::web
