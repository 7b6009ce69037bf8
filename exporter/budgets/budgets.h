#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

// How much of etcd the namespaces of a cluster may take, and who answers for it.
namespace headroom::budgets {

struct Budget {
  std::string glob;         // of namespaces
  std::uint64_t bytes = 0;  // 0 where it is a share
  double of_quota = 0;      // above 0, at most 1; 0 where it is bytes
  std::string owner;        // fit for a label; empty if none is given

  // Nothing where it is a share of a quota that is unknown or disabled. `quota_bytes`: above 0.
  std::optional<std::uint64_t> BytesOf(std::optional<std::uint64_t> quota_bytes) const;
};

// Bounded: at most kMost, no namespace in more than one.
using Budgets = std::vector<Budget>;
inline constexpr std::size_t kMost = 1'000;

// The YAML of --budget.file; see docs/budgets.md. InvalidArgument "line 3: ..." says what is wrong.
absl::StatusOr<Budgets> ParseBudgets(std::string_view text);

// Null where a namespace has none.
const Budget* Find(const Budgets& budgets, const std::string& object_namespace);

}  // namespace headroom::budgets
