#include "analyze/disposable.h"

#include <gtest/gtest.h>

namespace headroom::analyze {
namespace {

TEST(Disposable, IsWhatHasNoLastingUse) {
  for (const char* resource :
       {"events", "jobs.batch", "policyreports.wgpolicyk8s.io",
        "ephemeralreports.reports.kyverno.io", "vulnerabilityreports.aquasecurity.github.io"}) {
    EXPECT_TRUE(IsDisposable(resource)) << resource;
    EXPECT_FALSE(IsBuiltInConfiguration(resource)) << resource;
  }
}

TEST(Disposable, IsNothingThatAClusterConsistsOf) {
  for (const char* resource :
       {"pods", "nodes", "namespaces", "secrets", "configmaps", "serviceaccounts", "services",
        "replicasets.apps", "cronjobs.batch", "customresourcedefinitions.apiextensions.k8s.io",
        "apiservices.apiregistration.k8s.io", "clusterroles.rbac.authorization.k8s.io",
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        "leases.coordination.k8s.io", "poddisruptionbudgets.policy"}) {
    EXPECT_FALSE(IsDisposable(resource)) << resource;
    EXPECT_TRUE(IsBuiltInConfiguration(resource)) << resource;
  }
}

TEST(Disposable, SaysNothingAboutTheObjectsOfOthers) {
  for (const char* resource : {"widgets.example.com", "other", "/calico", "by-dev", "reports"}) {
    EXPECT_FALSE(IsDisposable(resource)) << resource;
    EXPECT_FALSE(IsBuiltInConfiguration(resource)) << resource;
  }
}

}  // namespace
}  // namespace headroom::analyze
