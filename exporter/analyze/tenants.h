#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/analysis.h"
#include "bbolt/walk.h"

namespace headroom::analyze {

// Finds the prefixes of all API servers that keep objects in one etcd, as with Kamaji: each has the
// namespace kube-system.
class TenantFinder final : public bbolt::Visitor {
 public:
  static constexpr std::size_t kMost = 1'000;

  void OnRecord(std::string_view bucket, std::string_view key, std::string_view value) override;
  void OnProgress(std::uint64_t /*pages*/, std::uint64_t /*of*/) override {}
  // "/registry/", each once.
  const std::vector<std::string>& prefixes() const { return prefixes_; }

 private:
  std::vector<std::string> prefixes_;
};

// Which tenants of a breakdown by tenant have objects but no API server that writes; a sentence.
// Empty if there is none, or no other tenant to compare with.
std::string LeftoverTenants(const Analysis& analysis);

}  // namespace headroom::analyze
