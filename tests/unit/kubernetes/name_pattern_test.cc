#include "kubernetes/name_pattern.h"

#include <gmock/gmock.h>

#include <string>
#include <string_view>

namespace headroom::kubernetes {
namespace {

std::string PatternOf(std::string_view name) { return std::string(NamePattern().Read(name)); }

TEST(NamePattern, KeepsNamesThatPeopleGive) {
  for (const std::string_view name :
       {"web", "kube-system", "ingress-nginx-controller", "system:kube-scheduler", "my.example.com",
        "https-proxy", "k8s-api", "extension-apiserver-authentication", "", "-", "a.", "a--b"}) {
    EXPECT_EQ(PatternOf(name), name);
  }
}

TEST(NamePattern, FoldsWhatControllersMakeUp) {
  for (const auto& [name, pattern] : {
           std::pair{"web-7d4b9c6f5-x2x9z", "web-*"},
           {"web-7d4b9c6f5-x2x9z.17a4f0c1b2d3e4f5", "web-*"},
           {"web-0", "web-*"},
           {"backup-28963440-7xkqp", "backup-*"},
           {"default-token-x2x9z", "default-token-*"},
           {"3f2a8c1e-1b2c-4d5e-9f00-aabbccddeeff", "*"},
           {"pvc-3f2a8c1e-1b2c-4d5e-9f00-aabbccddeeff", "pvc-*"},
           {"report-01hzy3q4r5s6t7v8w9x0y1z2a3", "report-*"},
           {"node12", "node*"},
           {"node12.zone-3.example.com", "node*.zone-*.example.com"},
           {"10.0.0.1", "*"},
           {"apiserver-2hq5vdxq6nbvqmzzwzzqfrjgxy", "apiserver-*"},
       }) {
    EXPECT_EQ(PatternOf(name), pattern) << name;
  }
}

TEST(NamePattern, IsOneForAllReleasesOfHelm) {
  EXPECT_EQ(PatternOf("sh.helm.release.v1.web.v12"), "sh.helm.release.v1.*");
}

TEST(NamePattern, IsFitForALabelWhateverTheName) {
  EXPECT_EQ(PatternOf("a\xff\n-b"),
            "a?"
            "?-b");
  EXPECT_EQ(PatternOf(std::string(1 << 20U, 'a')).size(), kMaxLabelBytes);
}

TEST(ObjectName, IsBehindTheLastSlash) {
  EXPECT_EQ(ObjectName("/registry/pods/default/web-0"), "web-0");
  EXPECT_EQ(ObjectName("compact_rev_key"), "compact_rev_key");
  EXPECT_EQ(ObjectName("/registry/pods/"), "");
}

}  // namespace
}  // namespace headroom::kubernetes
