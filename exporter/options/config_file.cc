#include "options/config_file.h"

#include <yaml-cpp/yaml.h>

#include <set>

#include "absl/strings/str_cat.h"

namespace headroom {
namespace {

int Line(const YAML::Node& node) { return node.Mark().line + 1; }

absl::Status Wrong(int line, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

absl::StatusOr<ConfigEntry> Entry(const YAML::Node& key, const YAML::Node& value) {
  if (!key.IsScalar()) return Wrong(Line(key), "a key is not plain text");
  ConfigEntry entry{.key = key.Scalar(), .values = {}, .line = Line(key)};
  if (value.IsScalar()) {
    entry.values.push_back(value.Scalar());
    return entry;
  }
  if (!value.IsSequence() || value.size() == 0)
    return Wrong(entry.line, entry.key + ": expected a value or a list of values");
  for (const YAML::Node& item : value) {
    if (!item.IsScalar()) return Wrong(Line(item), entry.key + ": expected a list of plain values");
    entry.values.push_back(item.Scalar());
  }
  return entry;
}

}  // namespace

absl::StatusOr<std::vector<ConfigEntry>> ParseConfigText(std::string_view text) {
  std::vector<ConfigEntry> entries;
  try {
    const YAML::Node root = YAML::Load(std::string(text));
    if (root.IsNull()) return entries;
    if (!root.IsMap())
      return Wrong(Line(root), "expected `key: value` pairs, the keys named like the flags");
    std::set<std::string> seen;
    for (const auto& pair : root) {
      auto entry = Entry(pair.first, pair.second);
      if (!entry.ok()) return entry.status();
      if (!seen.insert(entry->key).second) return Wrong(entry->line, entry->key + ": given twice");
      entries.push_back(*std::move(entry));
    }
  } catch (const YAML::Exception& error) {
    return Wrong(error.mark.line + 1, error.msg);
  }
  return entries;
}

}  // namespace headroom
