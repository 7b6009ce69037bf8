#include "analyze/breakdown.h"

#include <algorithm>

#include "analyze/age.h"
#include "kubernetes/newest_entry.h"
#include "kubernetes/object_times.h"
#include "kubernetes/stored_value.h"
#include "kubernetes/write_attribution.h"

namespace headroom::analyze {

const BreakdownName* NameOf(Breakdown by) {
  const auto* const name = std::ranges::find(kBreakdownNames, by, &BreakdownName::by);
  return name == kBreakdownNames.end() ? nullptr : name;
}

std::string_view PartReader::Read(Breakdown by, std::string_view key, std::string_view value) {
  if (by == Breakdown::kName) return names_.Read(kubernetes::ObjectName(key));
  value_.assign(value.substr(0, kMostValueBytes));
  switch (by) {
    case Breakdown::kComponent:
      return events_.Read(value_).component;
    case Breakdown::kOwner:
      return owners_.Read(value_);
    case Breakdown::kAge:
      return Age();
    default:
      return Manager();
  }
}

std::string_view PartReader::Age() {
  if (kubernetes::EncodingOf(value_) == kubernetes::ValueEncoding::kEncrypted) {
    return kubernetes::kEncryptedLabel;
  }
  clock_.See(value_);
  return AgeClass(kubernetes::CreationTime(value_), clock_.now());
}

std::string_view PartReader::Manager() {
  using Entry = kubernetes::ManagedFields::Entry;
  if (kubernetes::EncodingOf(value_) == kubernetes::ValueEncoding::kEncrypted) {
    return kubernetes::kEncryptedManager;
  }
  const auto entries = managers_.ReadEntries(value_);
  if (entries.empty()) return kubernetes::kNoManager;
  const Entry* const newest =
      kubernetes::OnlyNewest(entries, kubernetes::kAnyEntry,
                             [](const Entry& a, const Entry& b) { return a.manager == b.manager; });
  return newest == nullptr ? kubernetes::kAmbiguousManager : label_.Fit(newest->manager);
}

}  // namespace headroom::analyze
