#include "node/yaml_text.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "node/environment.h"

namespace headroom::node {
namespace {

// yaml-cpp takes up to 1 KB of memory for each of these; a large manifest has some 3,000.
constexpr std::ptrdiff_t kMaxStructure = 20'000;

std::ptrdiff_t Structure(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) {
    return c == '\n' || c == ',' || c == ':' || c == '[' || c == '{' || c == '-' || c == '?' ||
           c == '&';
  });
}

}  // namespace

absl::StatusOr<YAML::Node> LoadMapping(std::string_view text, std::string_view origin) {
  std::string place(origin);
  if (Structure(text) > kMaxStructure) {
    return absl::InvalidArgumentError(place + ": has more lines and items than a manifest");
  }
  try {
    YAML::Node document = YAML::Load(std::string(text));
    if (document.IsMap() && document.size() <= kMaxKeys) return document;
    place +=
        document.IsNull() ? ": is empty" : ": is not a mapping with a sensible number of names";
  } catch (const YAML::Exception& error) {
    if (error.mark.line >= 0) place += ":" + std::to_string(error.mark.line + 1);
    place += ": " + MessageText(error.msg);  // it may quote the text
  }
  return absl::InvalidArgumentError(place);
}

YAML::Node Find(const YAML::Node& mapping, std::string_view key) {
  YAML::Node found(YAML::NodeType::Undefined);
  if (!mapping.IsDefined() || !mapping.IsMap() || mapping.size() > kMaxKeys) return found;
  for (const auto& entry : mapping) {
    if (entry.first.IsScalar() && entry.first.Scalar() == key) found.reset(entry.second);
  }
  return found;
}

bool HasMergeKey(const YAML::Node& mapping) { return Find(mapping, "<<").IsDefined(); }

std::string ScalarText(const YAML::Node& node) {
  return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string();
}

}  // namespace headroom::node
