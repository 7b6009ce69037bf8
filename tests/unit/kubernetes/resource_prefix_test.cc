#include "kubernetes/resource_prefix.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "kubernetes/registry_key.h"

namespace headroom::kubernetes {
namespace {

using ::testing::Contains;

TEST(ResourcePrefix, ListsBuiltInResourcesByLabel) {
  const auto prefixes = BuiltInPrefixes("/registry");
  EXPECT_THAT(prefixes, Contains(ResourcePrefix{"pods", "/registry/pods/"}));
  EXPECT_THAT(prefixes, Contains(ResourcePrefix{"nodes", "/registry/minions/"}));
  EXPECT_THAT(prefixes, Contains(ResourcePrefix{"services", "/registry/services/specs/"}));
  EXPECT_THAT(prefixes, Contains(ResourcePrefix{
                            "customresourcedefinitions.apiextensions.k8s.io",
                            "/registry/apiextensions.k8s.io/customresourcedefinitions/"}));
}

TEST(ResourcePrefix, ListsThemInTheOrderOfTheirKeysAndNoneWithinAnother) {
  const auto prefixes = BuiltInPrefixes("kubernetes.io/");
  for (std::size_t i = 1; i < prefixes.size(); ++i) {
    EXPECT_LT(prefixes[i - 1].key_prefix, prefixes[i].key_prefix);
    EXPECT_FALSE(prefixes[i].key_prefix.starts_with(prefixes[i - 1].key_prefix));
  }
}

TEST(ResourcePrefix, NeverGivesTwoBuiltInResourcesOneLabelOrNone) {
  std::vector<std::string> labels;
  for (const auto& prefix : BuiltInPrefixes("/registry")) labels.push_back(prefix.resource);
  std::sort(labels.begin(), labels.end());
  EXPECT_EQ(std::adjacent_find(labels.begin(), labels.end()), labels.end());
  EXPECT_FALSE(std::binary_search(labels.begin(), labels.end(), kOtherResource));
}

TEST(ResourcePrefix, PutsTheGroupOfACustomResourceFirst) {
  EXPECT_EQ(
      CustomResourcePrefix("/registry", "policyreports.wgpolicyk8s.io"),
      (ResourcePrefix{"policyreports.wgpolicyk8s.io", "/registry/wgpolicyk8s.io/policyreports/"}));
}

TEST(ResourcePrefix, RefusesWhatIsNoCrdsName) {
  for (const char* name : {"", "foos", "foos.", ".bar.com", "foos.bar", "fo/os.bar.com",
                           "foos.bar/x.com", "Foos.bar.com", "foos..com/"}) {
    EXPECT_EQ(CustomResourcePrefix("/registry", name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace headroom::kubernetes
