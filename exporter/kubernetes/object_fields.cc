#include "kubernetes/object_fields.h"

#include <algorithm>
#include <array>

#include "kubernetes/object_path.h"

namespace headroom::kubernetes {
namespace {

// The numbers are those of k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto. 3 is the status of
// every built-in kind that has one.
constexpr std::array kManagedFields = {PathStep{"metadata", 1}, PathStep{"managedFields", 17}};
constexpr std::array kAnnotations = {PathStep{"metadata", 1}, PathStep{"annotations", 12}};
constexpr std::array kStatus = {PathStep{"status", 3}};

// Built-in kinds without a status whose field 3 is something else; see
// k8s.io/api/*/*/generated.proto.
constexpr std::array<std::string_view, 15> kWithoutStatus = {
    "clusterrolebindings.rbac.authorization.k8s.io",
    "clusterroles.rbac.authorization.k8s.io",
    "configmaps",
    "controllerrevisions.apps",
    "csistoragecapacities.storage.k8s.io",
    "endpointslices.discovery.k8s.io",
    "events",
    "priorityclasses.scheduling.k8s.io",
    "ranges",
    "rolebindings.rbac.authorization.k8s.io",
    "runtimeclasses.node.k8s.io",
    "secrets",
    "serviceaccounts",
    "storageclasses.storage.k8s.io",
    "volumeattributesclasses.storage.k8s.io"};

std::uint64_t BytesAt(std::string_view value, Path path) {
  std::uint64_t bytes = 0;
  ForEachAt(value, path, [&](const FoundValue& found) { bytes += found.text.size(); });
  return bytes;
}

}  // namespace

FieldBytes FieldBytesOf(std::string_view resource, std::string_view value) {
  FieldBytes fields{.managed_fields = BytesAt(value, kManagedFields),
                    .annotations = BytesAt(value, kAnnotations)};
  if (EncodingOf(value) != ValueEncoding::kProtobuf ||
      !std::ranges::binary_search(kWithoutStatus, resource)) {
    fields.status = BytesAt(value, kStatus);
  }
  return fields;
}

}  // namespace headroom::kubernetes
