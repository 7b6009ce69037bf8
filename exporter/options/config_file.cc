#include "options/config_file.h"

#include <yaml-cpp/yaml.h>

#include <set>

#include "absl/strings/str_cat.h"

namespace headroom {
namespace {

int Line(const YAML::Mark& mark) { return mark.line + 1; }

absl::Status Wrong(const YAML::Node& node, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", Line(node.Mark()), ": ", what));
}

absl::StatusOr<std::vector<std::string>> Values(const YAML::Node& node, const std::string& key) {
  if (node.IsScalar()) return std::vector<std::string>{node.Scalar()};
  if (!node.IsSequence()) return Wrong(node, key + ": expected a value or a list of values");
  std::vector<std::string> values;
  for (const YAML::Node& item : node) {
    if (!item.IsScalar()) return Wrong(item, key + ": expected a list of plain values");
    values.push_back(item.Scalar());
  }
  if (values.empty()) return Wrong(node, key + ": the list is empty");
  return values;
}

}  // namespace

absl::StatusOr<std::vector<ConfigEntry>> ParseConfigText(std::string_view text) {
  std::vector<ConfigEntry> entries;
  try {
    const YAML::Node root = YAML::Load(std::string(text));
    if (root.IsNull()) return entries;
    if (!root.IsMap())
      return Wrong(root, "expected `key: value` pairs, the keys named like the flags");
    std::set<std::string> seen;
    for (const auto& pair : root) {
      if (!pair.first.IsScalar()) return Wrong(pair.first, "a key is not plain text");
      const std::string& key = pair.first.Scalar();
      if (!seen.insert(key).second) return Wrong(pair.first, key + ": given twice");
      auto values = Values(pair.second, key);
      if (!values.ok()) return values.status();
      entries.push_back(
          {.key = key, .values = *std::move(values), .line = Line(pair.first.Mark())});
    }
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("line ", Line(error.mark), ": ", error.msg));
  }
  return entries;
}

}  // namespace headroom
