#include "kubernetes/leftover.h"

#include <array>

#include "kubernetes/object_path.h"

namespace headroom::kubernetes {
namespace {

using Kind = PathStep::Kind;

// The numbers are those of k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto and of
// k8s.io/api/{core,batch,apps}/v1/generated.proto.
constexpr std::array kLabelStatus = {PathStep{"metadata", 1}, PathStep{"labels", 11},
                                     PathStep{"status", 0, Kind::kMapKey}};
constexpr std::array kLabelOwner = {PathStep{"metadata", 1}, PathStep{"labels", 11},
                                    PathStep{"owner", 0, Kind::kMapKey}};
constexpr std::array kOwnerKinds = {
    PathStep{"metadata", 1}, PathStep{"ownerReferences", 13, Kind::kList}, PathStep{"kind", 1}};
constexpr std::array kPhase = {PathStep{"status", 3}, PathStep{"phase", 1}};
constexpr std::array kConditionTypes = {
    PathStep{"status", 3}, PathStep{"conditions", 1, Kind::kList}, PathStep{"type", 1}};
constexpr std::array kWantedReplicas = {PathStep{"spec", 2}, PathStep{"replicas", 1}};
constexpr std::array kReplicas = {PathStep{"status", 3}, PathStep{"replicas", 1}};

bool HasText(std::string_view value, Path path, std::string_view text) {
  bool has = false;
  ForEachAt(value, path, [&](const FoundValue& found) { has = has || found.text == text; });
  return has;
}

// A number that is there, and is 0.
bool IsZero(std::string_view value, Path path) {
  bool is_zero = false;
  ForEachAt(value, path, [&](const FoundValue& found) {
    is_zero = found.text.empty() ? found.number == 0 : found.text == "0";
  });
  return is_zero;
}

}  // namespace

Leftover LeftoverOf(std::string_view resource, std::string_view value) {
  if (resource == "jobs.batch") {
    // Neither condition is ever set to anything but True.
    return HasText(value, kConditionTypes, "Complete") || HasText(value, kConditionTypes, "Failed")
               ? Leftover::kFinishedJob
               : Leftover::kNone;
  }
  if (resource == "pods") {
    return HasText(value, kPhase, "Succeeded") || HasText(value, kPhase, "Failed")
               ? Leftover::kFinishedPod
               : Leftover::kNone;
  }
  if (resource == "replicasets.apps") {
    return IsZero(value, kWantedReplicas) && IsZero(value, kReplicas) &&
                   HasText(value, kOwnerKinds, "Deployment")
               ? Leftover::kEmptyReplicaSet
               : Leftover::kNone;
  }
  if (resource == "secrets" || resource == "configmaps") {
    return HasText(value, kLabelOwner, "helm") && HasText(value, kLabelStatus, "superseded")
               ? Leftover::kSupersededRelease
               : Leftover::kNone;
  }
  return Leftover::kNone;
}

}  // namespace headroom::kubernetes
