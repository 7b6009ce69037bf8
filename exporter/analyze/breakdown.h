#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analyze/file_clock.h"
#include "kubernetes/controller_owner.h"
#include "kubernetes/event_object.h"
#include "kubernetes/label_text.h"
#include "kubernetes/managed_fields.h"
#include "kubernetes/name_pattern.h"

namespace headroom::analyze {

// What splits a resource's usage further.
enum class Breakdown {
  kNone,
  kNamespace,
  kComponent,  // that reports an Event; of Events alone
  // The field manager whose entry in metadata.managedFields has the latest time.
  kManager,
  kOwner,   // kind and API group of the owner that controls the object
  kName,    // by its pattern, and the type of a Secret: see PartReader::Name
  kAge,     // since its creation: see AgeClass
  kTenant,  // the prefix of the API server that keeps it: see TenantFinder
};

// As the command line and JSON name them.
struct BreakdownName {
  Breakdown by;
  const char* part;
  const char* parts;
  // Of parts that several resources share: their sums over all resources. Null for others.
  const char* totals;
};
inline constexpr std::array kBreakdownNames{
    BreakdownName{Breakdown::kNamespace, "namespace", "namespaces", "namespace_totals"},
    BreakdownName{Breakdown::kComponent, "component", "components", nullptr},
    BreakdownName{Breakdown::kManager, "manager", "managers", "manager_totals"},
    BreakdownName{Breakdown::kOwner, "owner", "owners", "owner_totals"},
    BreakdownName{Breakdown::kName, "name", "names", nullptr},
    BreakdownName{Breakdown::kAge, "age", "ages", "age_totals"},
    BreakdownName{Breakdown::kTenant, "tenant", "tenants", "tenant_totals"},
};
// Null for kNone.
const BreakdownName* NameOf(Breakdown by);

// Names the parts that revisions belong to.
class PartReader {
 public:
  // Values are read as far as this. What is looked for is in the metadata, whose annotations may
  // take 256 KiB. In protobuf and JSON they stand before what makes an object large. In CBOR they
  // come last, so the parts of a longer one are not found.
  static constexpr std::size_t kMostValueBytes = std::size_t{320} * 1024;

  // `by`: none of kNone, kNamespace, kTenant and kName. `value`: any bytes, which may change
  // meanwhile; empty of a tombstone. The part is fit for a label and good until the next call.
  std::string_view Read(Breakdown by, std::string_view value);
  // The pattern of the object's name: see NamePattern. Of a Secret with its type behind it, unless
  // the value is encrypted or longer than kMostValueBytes: "sh.helm.release.v1.*
  // (helm.sh/release.v1)".
  std::string_view Name(std::string_view key, bool is_secret, std::string_view value);

  // What ages are counted back from; see FileClock.
  std::optional<std::int64_t> end_time() const { return clock_.now(); }

 private:
  std::string_view Age();
  std::string_view Manager();

  kubernetes::EventObjectReader events_;
  kubernetes::ManagedFieldsReader managers_;
  kubernetes::ControllerOwnerReader owners_;
  kubernetes::NamePattern names_;
  std::string name_;
  FileClock clock_;
  kubernetes::LabelText label_;
  std::string value_;  // a copy of what is looked at more than once
};

}  // namespace headroom::analyze
