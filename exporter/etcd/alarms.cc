#include "etcd/alarms.h"

#include <charconv>

namespace headroom::etcd {
namespace {

// The text behind `name:` and any blanks, or nothing when the field is absent.
std::optional<std::string_view> Field(std::string_view text, std::string_view name) {
  std::size_t at = 0;
  while ((at = text.find(name, at)) != std::string_view::npos) {
    std::string_view rest = text.substr(at + name.size());
    at += name.size();
    if (!rest.starts_with(':')) continue;
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    return rest;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Alarm> ParseAlarm(std::string_view error) {
  const auto type = Field(error, "alarm");
  if (!type) return std::nullopt;
  std::size_t length = 0;
  while (length < type->size() &&
         (((*type)[length] >= 'A' && (*type)[length] <= 'Z') || (*type)[length] == '_'))
    ++length;
  if (length == 0) return std::nullopt;
  Alarm alarm{.member_id = 0, .type = std::string(type->substr(0, length))};
  if (const auto id = Field(error, "memberID")) {
    const auto [end, code] = std::from_chars(id->data(), id->data() + id->size(), alarm.member_id);
    if (code != std::errc()) alarm.member_id = 0;
  }
  return alarm;
}

}  // namespace headroom::etcd
