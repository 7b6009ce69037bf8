#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

struct ssl_ctx_st;

// PEM files into TLS contexts. Errors begin with the name of what is wrong, such as "key
// /etc/x.key", and never hold any of its text.
namespace headroom::pem {

// A text and what to call it.
struct Named {
  std::string name;
  std::string text;
};

// The file's text, named "WHAT PATH".
absl::StatusOr<Named> Read(const std::string& path, std::string_view what);

// Trusts every certificate in `ca`; InvalidArgument where there is none. With `tell_clients`, a
// server names them to its clients as acceptable.
absl::Status UseCa(ssl_ctx_st* context, const Named& ca, bool tell_clients);

// Shows the certificate, with the chain behind it in the same text. InvalidArgument unless the key
// is unencrypted and fits.
absl::Status UsePair(ssl_ctx_st* context, const Named& certificate, const Named& key);

}  // namespace headroom::pem
