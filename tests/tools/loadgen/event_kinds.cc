#include "event_kinds.h"

#include <array>

namespace headroom::loadgen {
namespace {

// Most are as frequent as in recording.csv, whose nodes have no kubelet:
// its Events are of ordinary clusters.
constexpr std::array kKinds{
    EventKind{"kubelet", "kubelet", "Pulled", "Pod", "v1", false, false, 6,
              "Container image already present on machine"},
    EventKind{"kubelet", "kubelet", "Created", "Pod", "v1", false, false, 5,
              "Created container: app"},
    EventKind{"kubelet", "kubelet", "Started", "Pod", "v1", false, false, 5,
              "Started container app"},
    EventKind{"kubelet", "kubelet", "Pulling", "Pod", "v1", false, false, 3, "Pulling image"},
    EventKind{"kubelet", "kubelet", "Killing", "Pod", "v1", false, false, 2,
              "Stopping container app"},
    EventKind{"kubelet", "kubelet", "Unhealthy", "Pod", "v1", true, false, 3,
              "Readiness probe failed: HTTP probe failed with 503"},
    EventKind{"kubelet", "kubelet", "BackOff", "Pod", "v1", true, false, 3,
              "Back-off restarting failed container app in pod"},
    EventKind{"kubelet", "kubelet", "FailedMount", "Pod", "v1", true, false, 1,
              "MountVolume.SetUp failed for volume \"config\""},
    EventKind{"kubelet", "kubelet", "NodeHasSufficientMemory", "Node", "v1", false, false, 1,
              "Node has sufficient memory"},
    EventKind{"default-scheduler", "kube-scheduler", "Scheduled", "Pod", "v1", false, true, 26,
              "Successfully assigned pod to node"},
    EventKind{"default-scheduler", "kube-scheduler", "FailedScheduling", "Pod", "v1", true, true, 2,
              "0/6 nodes are available"},
    EventKind{"job-controller", "kube-controller-manager", "SuccessfulCreate", "Job", "batch/v1",
              false, false, 25, "Created pod"},
    EventKind{"job-controller", "kube-controller-manager", "Completed", "Job", "batch/v1", false,
              false, 13, "Job completed"},
    EventKind{"cronjob-controller", "kube-controller-manager", "SuccessfulCreate", "CronJob",
              "batch/v1", false, false, 1, "Created job"},
    EventKind{"cronjob-controller", "kube-controller-manager", "SawCompletedJob", "CronJob",
              "batch/v1", false, false, 1, "Saw completed job"},
    EventKind{"replicaset-controller", "kube-controller-manager", "SuccessfulCreate", "ReplicaSet",
              "apps/v1", false, false, 3, "Created pod"},
    EventKind{"replicaset-controller", "kube-controller-manager", "SuccessfulDelete", "ReplicaSet",
              "apps/v1", false, false, 1, "Deleted pod"},
    EventKind{"deployment-controller", "kube-controller-manager", "ScalingReplicaSet", "Deployment",
              "apps/v1", false, false, 2, "Scaled up replica set from 1 to 2"},
    EventKind{"horizontal-pod-autoscaler", "kube-controller-manager", "SuccessfulRescale",
              "HorizontalPodAutoscaler", "autoscaling/v2", false, false, 1,
              "New size: 4; reason: cpu resource utilization above target"},
    EventKind{"kyverno-admission", "kyverno", "PolicyViolation", "Pod", "v1", true, true, 300,
              "policy require-requests-limits/require-requests-limits fail: validation error: CPU "
              "and memory requests and limits are required. rule require-requests-limits failed"},
    EventKind{
        "kyverno-admission", "kyverno", "PolicyViolation", "Job", "batch/v1", true, true, 150,
        "policy require-pod-probes/autogen-require-pod-probes fail: validation error: Liveness "
        "and readiness probes are required. rule autogen-require-pod-probes failed"},
    EventKind{"kyverno-admission", "kyverno", "PolicyViolation", "ClusterPolicy", "kyverno.io/v1",
              true, true, 450,
              "[require-pod-probes] fail; validation error: Liveness and readiness probes are "
              "required. rule require-pod-probes failed"},
    EventKind{"kyverno-scan", "reports-controller", "PolicyViolation", "Deployment", "apps/v1",
              true, true, 18,
              "policy restrict-image-registries/autogen-restrict-image-registries fail: validation "
              "error: Images are to come from registry.example.com."},
    EventKind{"kyverno-scan", "reports-controller", "PolicyViolation", "ClusterPolicy",
              "kyverno.io/v1", true, true, 18,
              "[restrict-image-registries] fail; validation error: Images are to come from "
              "registry.example.com."},
    EventKind{"cert-manager-certificates-issuing", "cert-manager-certificates-issuing", "Issuing",
              "Certificate", "cert-manager.io/v1", false, false, 1,
              "The certificate has been successfully issued"},
};

constexpr std::uint64_t kTotalWeight = [] {
  std::uint64_t sum = 0;
  for (const EventKind& kind : kKinds) sum += kind.weight;
  return sum;
}();

}  // namespace

bool HasNamespace(const EventKind& kind) {
  return kind.involved_kind != "Node" && kind.involved_kind != "ClusterPolicy";
}

bool Repeats(const EventKind& kind) { return kind.warning && kind.reason != "PolicyViolation"; }

const EventKind& EventKindFor(std::uint64_t random) {
  std::uint64_t left = random % kTotalWeight;
  for (const EventKind& kind : kKinds) {
    if (left < kind.weight) return kind;
    left -= kind.weight;
  }
  return kKinds.back();
}

}  // namespace headroom::loadgen
