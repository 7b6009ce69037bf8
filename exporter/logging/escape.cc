#include "logging/escape.h"

#include <nlohmann/json.hpp>

namespace headroom::log {

std::string JsonString(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string LogfmtValue(std::string_view text) {
  bool bare = !text.empty();
  for (const char c : text) bare = bare && c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
  return bare ? std::string(text) : JsonString(text);
}

}  // namespace headroom::log
