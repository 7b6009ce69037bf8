#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::http {

// Whether an Accept-Encoding header takes gzip: named (or `*`) and not with q=0.
bool AcceptsGzip(std::string_view accept_encoding);

// `text` in gzip format; nothing when there is no memory for it.
std::optional<std::string> Gzip(std::string_view text);

}  // namespace headroom::http
