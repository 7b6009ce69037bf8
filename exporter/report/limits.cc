#include "report/limits.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "accounting/resource_table.h"
#include "kubernetes/resource_name.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Count;

constexpr std::string_view kEventsResource = "events";

// Without their leases and Pods there is no cluster.
bool IsOfKubernetes(std::string_view object_namespace) {
  return object_namespace.starts_with("kube-");
}

std::string Quota(const std::string& object_namespace, const std::string& resource,
                  std::uint64_t objects) {
  return absl::StrFormat(R"(apiVersion: v1
kind: ResourceQuota
metadata:
  name: etcd-headroom
  namespace: "%s"
spec:
  hard:
    count/%s: "%d"
)",
                         object_namespace, resource, objects);
}

// Whose updates keep workloads alive.
bool IsOfTheNode(std::string_view resource) {
  return resource == "pods" || resource == "leases.coordination.k8s.io" ||
         resource == "endpointslices.discovery.k8s.io" || resource == "endpoints";
}

std::string Policy(const std::string& object_namespace, const std::string& resource) {
  const auto [plural, group] = kubernetes::SplitResource(resource);
  const std::string groups = resource == kEventsResource
                                 ? R"("", "events.k8s.io")"
                                 : absl::StrCat("\"", std::string(group), "\"");
  return absl::StrFormat(R"yaml(apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: etcd-headroom-%1$s
spec:
  failurePolicy: Fail
  matchConstraints:
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: "%1$s"
    resourceRules:
      - apiGroups: [%3$s]
        apiVersions: ["*"]
        operations: [CREATE, UPDATE]
        resources: ["%2$s"]
  validations:
    - expression: "request.operation == 'UPDATE' && has(object.metadata.deletionTimestamp)"
      message: "Writes of %2$s in %1$s are stopped: they fill etcd."
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: etcd-headroom-%1$s
spec:
  policyName: etcd-headroom-%1$s
  validationActions: [Deny]
)yaml",
                         object_namespace, std::string(plural), groups);
}

// Quotas do not count Events. Rewrites make no object.
void SetManifest(std::optional<std::uint64_t> objects, bool is_rewritten, Limit& limit) {
  if (IsOfKubernetes(limit.object_namespace)) {
    absl::StrAppend(&limit.why, " It is one of Kubernetes' own: a limit could stop the cluster.");
  } else if (is_rewritten && IsOfTheNode(limit.resource)) {
    absl::StrAppend(&limit.why,
                    " Kubernetes itself rewrites these: a policy would stop the workload.");
  } else if (is_rewritten || !objects || limit.resource == kEventsResource) {
    limit.manifest = Policy(limit.object_namespace, limit.resource);
  } else {
    limit.manifest = Quota(limit.object_namespace, limit.resource, *objects);
  }
}

Limit OverBudget(const Facts& facts, const BudgetFact& over) {
  Limit limit{.object_namespace = over.object_namespace};
  limit.why = absl::StrCat(over.object_namespace, over.owner.empty() ? "" : " (" + over.owner + ")",
                           " has ", Bytes(over.stored_bytes), " stored. Its budget is ",
                           Bytes(over.budget_bytes), ".");
  // The largest is the first.
  const auto row =
      std::ranges::find(facts.file->breakdown, over.object_namespace, &analyze::Row::part);
  if (row == facts.file->breakdown.end()) {
    absl::StrAppend(&limit.why,
                    " What it has most of is unknown: the file has too many namespaces.");
    return limit;
  }
  const analyze::Usage& usage = row->usage;
  limit.resource = row->resource;
  absl::StrAppend(&limit.why, " Most are ", row->resource, ": ", Count(usage.live_objects),
                  " objects of ", Bytes(usage.live_bytes), ", and ", Bytes(usage.history_bytes()),
                  " of history.");
  SetManifest(usage.live_objects, usage.history_bytes() > usage.live_bytes, limit);
  return limit;
}

std::optional<std::uint64_t> ObjectsOf(const Facts& facts, const Sample::Namespace& pair) {
  if (!facts.file) return std::nullopt;
  const auto row = std::ranges::find_if(facts.file->breakdown, [&pair](const analyze::Row& each) {
    return each.resource == pair.resource && each.part == pair.object_namespace;
  });
  if (row == facts.file->breakdown.end()) return std::nullopt;
  return row->usage.live_objects;
}

std::optional<Limit> OfTopWriter(const Facts& facts) {
  constexpr double kMoreIsNew = 0.5;
  const Sample& sample = facts.sample;
  if (sample.namespaces.empty()) return std::nullopt;
  const Sample::Namespace& top = sample.namespaces.front();
  const bool is_named = !top.object_namespace.empty() &&
                        top.object_namespace != accounting::kOtherLabel &&
                        top.resource != accounting::kOtherLabel;
  if (!is_named || 2 * top.bytes <= sample.bytes()) return std::nullopt;
  Limit limit{.object_namespace = top.object_namespace,
              .resource = top.resource,
              .why = absl::StrCat(text::Percent(top.bytes, sample.bytes()),
                                  " of the bytes of the sample were ", top.name(), ".")};
  SetManifest(ObjectsOf(facts, top), sample.new_share < kMoreIsNew, limit);
  return limit;
}

}  // namespace

std::vector<Limit> LimitsFor(const Facts& facts, const Situation& situation) {
  std::vector<Limit> limits;
  for (const BudgetFact& over : facts.over_budget) {
    if (limits.size() == kMostLimits) break;
    limits.push_back(OverBudget(facts, over));
  }
  const bool is_filling = situation.nospace || situation.at_quota || situation.forecast.has_value();
  if (!is_filling || limits.size() == kMostLimits) return limits;
  auto limit = OfTopWriter(facts);
  if (limit && std::ranges::find(limits, limit->object_namespace, &Limit::object_namespace) ==
                   limits.end()) {
    limits.push_back(*std::move(limit));
  }
  return limits;
}

}  // namespace headroom::report
