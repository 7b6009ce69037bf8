#pragma once

#include <string_view>

namespace headroom::kubernetes {

// Objects that have done their work, by the state that the object itself records.
enum class Leftover {
  kNone,
  kFinishedJob,        // a condition Complete or Failed
  kFinishedPod,        // phase Succeeded or Failed
  kEmptyReplicaSet,    // of a Deployment, with no replicas wanted and none left: an old revision
  kSupersededRelease,  // of Helm: a Secret or ConfigMap with the label status=superseded
};

// `resource`: see RegistryKey. `value`: as kube-apiserver stores it, in protobuf or JSON, or any
// bytes at all. kNone of what cannot be read.
Leftover LeftoverOf(std::string_view resource, std::string_view value);

}  // namespace headroom::kubernetes
