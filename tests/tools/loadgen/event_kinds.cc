#include "event_kinds.h"

#include <array>

namespace headroom::loadgen {
namespace {

constexpr std::array kKinds{
    EventKind{"kubelet", "Pulled", "Pod", "v1", false, false, 14,
              "Container image already present on machine"},
    EventKind{"kubelet", "Created", "Pod", "v1", false, false, 12, "Created container: app"},
    EventKind{"kubelet", "Started", "Pod", "v1", false, false, 12, "Started container app"},
    EventKind{"kubelet", "Pulling", "Pod", "v1", false, false, 6, "Pulling image"},
    EventKind{"kubelet", "Killing", "Pod", "v1", false, false, 5, "Stopping container app"},
    EventKind{"kubelet", "Unhealthy", "Pod", "v1", true, false, 8,
              "Readiness probe failed: HTTP probe failed with 503"},
    EventKind{"kubelet", "BackOff", "Pod", "v1", true, false, 8,
              "Back-off restarting failed container app in pod"},
    EventKind{"kubelet", "FailedMount", "Pod", "v1", true, false, 3,
              "MountVolume.SetUp failed for volume \"config\""},
    EventKind{"kubelet", "NodeHasSufficientMemory", "Node", "v1", false, false, 1,
              "Node has sufficient memory"},
    EventKind{"default-scheduler", "Scheduled", "Pod", "v1", false, true, 12,
              "Successfully assigned pod to node"},
    EventKind{"default-scheduler", "FailedScheduling", "Pod", "v1", true, true, 4,
              "0/6 nodes are available"},
    EventKind{"job-controller", "SuccessfulCreate", "Job", "batch/v1", false, false, 6,
              "Created pod"},
    EventKind{"job-controller", "Completed", "Job", "batch/v1", false, false, 5, "Job completed"},
    EventKind{"cronjob-controller", "SuccessfulCreate", "CronJob", "batch/v1", false, false, 3,
              "Created job"},
    EventKind{"cronjob-controller", "SawCompletedJob", "CronJob", "batch/v1", false, false, 3,
              "Saw completed job"},
    EventKind{"replicaset-controller", "SuccessfulCreate", "ReplicaSet", "apps/v1", false, false, 6,
              "Created pod"},
    EventKind{"replicaset-controller", "SuccessfulDelete", "ReplicaSet", "apps/v1", false, false, 4,
              "Deleted pod"},
    EventKind{"deployment-controller", "ScalingReplicaSet", "Deployment", "apps/v1", false, false,
              4, "Scaled up replica set from 1 to 2"},
    EventKind{"horizontal-pod-autoscaler", "SuccessfulRescale", "HorizontalPodAutoscaler",
              "autoscaling/v2", false, false, 2,
              "New size: 4; reason: cpu resource utilization above target"},
    EventKind{"kyverno-admission", "PolicyViolation", "Pod", "v1", true, true, 90,
              "policy require-limits/check-limits fail: memory limits are required"},
    EventKind{"kyverno-scan", "PolicyViolation", "Deployment", "apps/v1", true, true, 4,
              "policy disallow-latest-tag/validate-image-tag fail: an image tag is required"},
    EventKind{"cert-manager-certificates-issuing", "Issuing", "Certificate", "cert-manager.io/v1",
              false, false, 1, "The certificate has been successfully issued"},
};

constexpr std::uint64_t kTotalWeight = [] {
  std::uint64_t sum = 0;
  for (const EventKind& kind : kKinds) sum += kind.weight;
  return sum;
}();

}  // namespace

const EventKind& EventKindFor(std::uint64_t random) {
  std::uint64_t left = random % kTotalWeight;
  for (const EventKind& kind : kKinds) {
    if (left < kind.weight) return kind;
    left -= kind.weight;
  }
  return kKinds.back();
}

}  // namespace headroom::loadgen
