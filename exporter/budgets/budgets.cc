#include "budgets/budgets.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "budgets/glob.h"
#include "text/byte_size.h"

namespace headroom::budgets {
namespace {

// Less holds no object, more no etcd.
constexpr std::int64_t kLeastBytes = std::int64_t{1} << 10U;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 40U;
constexpr std::size_t kMostOwnerBytes = 128;

absl::Status WrongAt(const YAML::Mark& mark, const std::string& what) {
  // yaml-cpp counts from 0, and has -1 for what is not there.
  return absl::InvalidArgumentError(absl::StrCat("line ", std::max(mark.line + 1, 1), ": ", what));
}
absl::Status Wrong(const YAML::Node& node, const std::string& what) {
  return WrongAt(node.Mark(), what);
}

bool IsOwner(const std::string& text) {
  return text.size() <= kMostOwnerBytes && std::ranges::all_of(text, [](char c) {
           return absl::ascii_isprint(static_cast<unsigned char>(c));
         });
}

absl::Status Set(const std::string& key, const YAML::Node& value, Budget& budget) {
  if (!value.IsScalar()) return Wrong(value, absl::CEscape(key) + ": expected one value");
  const std::string& text = value.Scalar();
  const auto refused = [&](const char* expected) {
    return Wrong(value, absl::StrCat(key, ": \"", absl::CEscape(text), "\" is no ", expected));
  };
  if (key == "namespace") {
    if (!IsGlob(text)) return refused("namespace, nor a pattern of them such as team-*");
    budget.glob = text;
  } else if (key == "bytes") {
    const auto bytes = ParseBytes(text);
    if (!bytes || *bytes < kLeastBytes || *bytes > kMostBytes)
      return refused("size from 1KiB to 1TiB");
    budget.bytes = static_cast<std::uint64_t>(*bytes);
  } else if (key == "share") {
    double percent = 0;
    const bool is_percent =
        text.ends_with('%') && absl::SimpleAtod(text.substr(0, text.size() - 1), &percent);
    if (!is_percent || !(percent > 0 && percent <= 100))
      return refused("share of the quota such as 10%");
    budget.of_quota = percent / 100;
  } else if (key == "owner") {
    if (!IsOwner(text)) return refused("owner: at most 128 printable ASCII characters");
    budget.owner = text;
  } else {
    return Wrong(value, absl::StrCat("unknown key \"", absl::CEscape(key),
                                     "\"; a budget has namespace, bytes or share, and owner"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Budget> ParseBudget(const YAML::Node& node) {
  if (!node.IsMap()) return Wrong(node, "expected a budget: namespace, and bytes or share");
  Budget budget;
  std::vector<std::string> seen;
  for (const auto& pair : node) {
    if (!pair.first.IsScalar()) return Wrong(pair.first, "a key is not plain text");
    const std::string& key = pair.first.Scalar();
    if (std::ranges::find(seen, key) != seen.end())
      return Wrong(pair.first, absl::CEscape(key) + ": given twice");
    seen.push_back(key);
    if (auto set = Set(key, pair.second, budget); !set.ok()) return set;
  }
  if (budget.glob.empty()) return Wrong(node, "a budget without a namespace");
  if ((budget.bytes > 0) == (budget.of_quota > 0))
    return Wrong(node, absl::StrCat(budget.glob, ": give either bytes or share"));
  return budget;
}

absl::StatusOr<Budgets> ParseList(const YAML::Node& list) {
  if (!list.IsSequence() || list.size() == 0)
    return Wrong(list, "budgets: expected a list of budgets");
  if (list.size() > kMost) return Wrong(list, absl::StrCat("more than ", kMost, " budgets"));
  Budgets budgets;
  for (const YAML::Node& node : list) {
    auto budget = ParseBudget(node);
    if (!budget.ok()) return budget.status();
    for (const Budget& other : budgets) {
      if (!Overlap(other.glob, budget->glob)) continue;
      return Wrong(node, absl::StrCat("\"", budget->glob, "\" overlaps \"", other.glob,
                                      "\": a namespace has one budget"));
    }
    budgets.push_back(*std::move(budget));
  }
  return budgets;
}

}  // namespace

std::optional<std::uint64_t> Budget::BytesOf(std::optional<std::uint64_t> quota_bytes) const {
  if (bytes > 0) return bytes;
  if (!quota_bytes) return std::nullopt;
  return static_cast<std::uint64_t>(of_quota * static_cast<double>(*quota_bytes));
}

absl::StatusOr<Budgets> ParseBudgets(std::string_view text) {
  try {
    const YAML::Node root = YAML::Load(std::string(text));
    if (!root.IsMap()) return Wrong(root, "expected `budgets:` and a list");
    YAML::Node list;
    for (const auto& pair : root) {
      if (!pair.first.IsScalar() || pair.first.Scalar() != "budgets")
        return Wrong(pair.first, "unknown key; the file has `budgets` alone");
      if (list.IsDefined() && !list.IsNull()) return Wrong(pair.first, "budgets: given twice");
      list.reset(pair.second);
    }
    return ParseList(list);
  } catch (const YAML::Exception& error) {
    return WrongAt(error.mark, absl::CEscape(error.msg));
  }
}

const Budget* Find(const Budgets& budgets, const std::string& object_namespace) {
  const auto found = std::ranges::find_if(
      budgets, [&](const Budget& budget) { return Matches(budget.glob, object_namespace); });
  return found == budgets.end() ? nullptr : &*found;
}

}  // namespace headroom::budgets
