#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "kubernetes/controller_owner.h"
#include "kubernetes/event_object.h"
#include "kubernetes/label_text.h"
#include "kubernetes/managed_fields.h"
#include "kubernetes/name_pattern.h"

namespace headroom::analyze {

// By what a resource's usage is told apart, besides.
enum class Breakdown {
  kNone,
  kNamespace,
  kComponent,  // that reports an Event; of Events alone
  // The field manager whose entry in metadata.managedFields has the latest time.
  kManager,
  kOwner,  // kind and API group of the owner that controls the object
  kName,   // by its pattern: see NamePattern
};

// As the command line and JSON name them.
struct BreakdownName {
  Breakdown by;
  const char* part;
  const char* parts;
};
inline constexpr std::array kBreakdownNames{
    BreakdownName{Breakdown::kNamespace, "namespace", "namespaces"},
    BreakdownName{Breakdown::kComponent, "component", "components"},
    BreakdownName{Breakdown::kManager, "manager", "managers"},
    BreakdownName{Breakdown::kOwner, "owner", "owners"},
    BreakdownName{Breakdown::kName, "name", "names"},
};

// Names the parts that revisions belong to.
class PartReader {
 public:
  // Values are read as far as this. What is looked for is in the metadata, whose annotations may
  // take 256 KiB. In protobuf and JSON they stand before what makes an object large. In CBOR they
  // come last, so the parts of a longer one are not found.
  static constexpr std::size_t kMostValueBytes = std::size_t{320} * 1024;

  // `by`: neither kNone nor kNamespace. `value`: any bytes, which may change meanwhile; empty of a
  // tombstone. The part is fit for a label and good until the next call.
  std::string_view Read(Breakdown by, std::string_view key, std::string_view value);

 private:
  std::string_view Manager();

  kubernetes::EventObjectReader events_;
  kubernetes::ManagedFieldsReader managers_;
  kubernetes::ControllerOwnerReader owners_;
  kubernetes::NamePattern names_;
  kubernetes::LabelText label_;
  std::string value_;  // a copy of what is looked at more than once
};

}  // namespace headroom::analyze
