#include "analyze/tenants.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "bbolt/etcd_records.h"
#include "text/human.h"

namespace headroom::analyze {

void TenantFinder::OnRecord(std::string_view bucket, std::string_view /*key*/,
                            std::string_view value) {
  constexpr std::string_view kAlways = "/namespaces/kube-system";
  if (bucket != bbolt::kKeyBucket) return;
  const auto entry = bbolt::ReadKeyValue(value);
  if (!entry || !entry->key.ends_with(kAlways)) return;
  std::string prefix(entry->key);  // which may change in the file
  if (!prefix.ends_with(kAlways) || prefixes_.size() == kMost) return;
  prefix.resize(prefix.size() - kAlways.size() + 1);
  if (std::ranges::find(prefixes_, prefix) == prefixes_.end()) prefixes_.push_back(prefix);
}

// An API server renews its entry in masterleases every 10 s, and the entry lives 15 s.
std::string LeftoverTenants(const Analysis& analysis) {
  std::set<std::string> served;
  for (const Row& row : analysis.breakdown) {
    if (row.resource == "masterleases" && row.usage.live_objects > 0) served.insert(row.part);
  }
  std::string sentences;
  for (const Row& tenant : analysis.breakdown_totals) {
    if (served.empty() || tenant.part.empty() || served.contains(tenant.part)) continue;
    if (tenant.usage.live_objects == 0) continue;
    absl::StrAppend(&sentences, sentences.empty() ? "" : " ", "No API server writes under ",
                    tenant.part, ": it has no masterleases. If that cluster is gone, its ",
                    text::Count(tenant.usage.live_objects), " objects, ",
                    text::Bytes(tenant.usage.live_bytes), ", are left over.");
  }
  return sentences;
}

}  // namespace headroom::analyze
