#include "analyze/breakdown.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "analyze/age.h"
#include "kubernetes/newest_entry.h"
#include "kubernetes/object_path.h"
#include "kubernetes/object_times.h"
#include "kubernetes/stored_value.h"
#include "kubernetes/write_attribution.h"

namespace headroom::analyze {
namespace {

// The number is that of Secret in k8s.io/api/core/v1/generated.proto.
constexpr std::array kSecretType = {kubernetes::PathStep{"type", 3}};

}  // namespace

const BreakdownName* NameOf(Breakdown by) {
  const auto* const name = std::ranges::find(kBreakdownNames, by, &BreakdownName::by);
  return name == kBreakdownNames.end() ? nullptr : name;
}

std::string_view PartReader::Name(std::string_view key, bool is_secret, std::string_view value) {
  const std::string_view pattern = names_.Read(kubernetes::ObjectName(key));
  if (!is_secret || value.size() > kMostValueBytes) return pattern;
  value_.assign(value);
  std::string_view type;
  kubernetes::ForEachAt(value_, kSecretType,
                        [&](const kubernetes::FoundValue& found) { type = found.text; });
  if (type.empty()) return pattern;
  name_ = absl::StrCat(std::string(pattern), " (", std::string(type), ")");
  return label_.Fit(name_);
}

std::string_view PartReader::Read(Breakdown by, std::string_view value) {
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
