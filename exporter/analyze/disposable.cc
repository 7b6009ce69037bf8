#include "analyze/disposable.h"

#include <algorithm>
#include <array>

#include "kubernetes/resource_name.h"

namespace headroom::analyze {
namespace {

constexpr std::array<std::string_view, 6> kLeftovers = {"events",
                                                        "jobs.batch",
                                                        "workflows.argoproj.io",
                                                        "pipelineruns.tekton.dev",
                                                        "taskruns.tekton.dev",
                                                        "updaterequests.kyverno.io"};

// Of the core group, which is not in a resource's name; keys of others look the same.
constexpr std::array<std::string_view, 16> kCore = {"bindings",
                                                    "componentstatuses",
                                                    "configmaps",
                                                    "endpoints",
                                                    "limitranges",
                                                    "namespaces",
                                                    "nodes",
                                                    "persistentvolumeclaims",
                                                    "persistentvolumes",
                                                    "pods",
                                                    "podtemplates",
                                                    "replicationcontrollers",
                                                    "resourcequotas",
                                                    "secrets",
                                                    "serviceaccounts",
                                                    "services"};
constexpr std::array<std::string_view, 4> kGroups = {"apps", "autoscaling", "batch", "policy"};

bool Has(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool IsDisposable(std::string_view resource) {
  // policyreports.wgpolicyk8s.io, ephemeralreports.reports.kyverno.io,
  // vulnerabilityreports.aquasecurity.github.io and their like.
  const auto [plural, group] = kubernetes::SplitResource(resource);
  return (!group.empty() && plural.ends_with("reports")) || Has(kLeftovers, resource);
}

bool IsBuiltInConfiguration(std::string_view resource) {
  if (IsDisposable(resource)) return false;
  const std::string_view group = kubernetes::SplitResource(resource).group;
  if (group.empty()) return Has(kCore, resource);
  return Has(kGroups, group) || group.ends_with(".k8s.io");
}

}  // namespace headroom::analyze
