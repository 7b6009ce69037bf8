#include "analyze/removable_advice.h"

namespace headroom::analyze {
namespace {

using Kind = Removable::Kind;

}  // namespace

RemovableName NameOf(Removable::Kind kind) {
  switch (kind) {
    case Kind::kFinishedJobs:
      return {"finished Jobs", "finished_jobs"};
    case Kind::kFinishedPods:
      return {"finished Pods", "finished_pods"};
    case Kind::kEmptyReplicaSets:
      return {"old revisions of Deployments", "empty_replicasets"};
    case Kind::kSupersededReleases:
      return {"superseded Helm releases", "superseded_releases"};
    case Kind::kExpiredEvents:
      return {"Events past their time", "expired_events"};
    case Kind::kOrphans:
      return {"objects whose owner is gone", "orphans"};
  }
  return {"", ""};
}

std::string AdviceOn(Removable::Kind kind) {
  switch (kind) {
    case Kind::kFinishedJobs:
      return "Finished Jobs do nothing any more. Their Pods and logs go with them. Delete those "
             "that "
             "succeeded with `kubectl delete jobs -A --field-selector=status.successful=1`. For "
             "the "
             "future set ttlSecondsAfterFinished in Jobs, and successfulJobsHistoryLimit and "
             "failedJobsHistoryLimit in CronJobs.";
    case Kind::kFinishedPods:
      return "Finished Pods run nothing. Their logs go with them. Delete them with `kubectl delete "
             "pods -A --field-selector=status.phase=Succeeded`, and the same with "
             "status.phase=Failed. For the future lower --terminated-pod-gc-threshold of the "
             "controller manager (12,500).";
    case Kind::kEmptyReplicaSets:
      return "ReplicaSets without replicas are the revisions that a Deployment can roll back to. "
             "Set spec.revisionHistoryLimit of the Deployments lower (default 10): the controller "
             "deletes the oldest.";
    case Kind::kSupersededReleases:
      return "Superseded releases are what `helm rollback` can go back to. Delete them with "
             "`kubectl delete secrets -A --selector=owner=helm,status=superseded`, or ConfigMaps "
             "where Helm stores them there. For the future use `helm upgrade --history-max=3`.";
    case Kind::kExpiredEvents:
      return "These Events are older than any lease in etcd allows. Leases start again when etcd's "
             "leader changes. Delete Events with `kubectl delete events -A --all`: nothing depends "
             "on them.";
    case Kind::kOrphans:
      return "The garbage collector of kube-controller-manager deletes what has lost its owner. If "
             "this number stays, see its log. An owner in another etcd or in an aggregated API is "
             "not in this file.";
  }
  return "";
}

}  // namespace headroom::analyze
