#include "kubernetes/registry_key.h"

#include <gtest/gtest.h>

#include <string>

namespace headroom::kubernetes {
namespace {

using std::string_literals::operator""s;

// The reader's own copy of a label goes with the next call; tests keep theirs.
struct KeyParts {
  std::string resource;
  std::string object_namespace;
  bool malformed = false;
  bool is_foreign = false;

  bool operator==(const KeyParts&) const = default;
};

std::ostream& operator<<(std::ostream& out, const KeyParts& read) {
  return out << read.resource << " in '" << read.object_namespace << "'"
             << (read.malformed ? ", malformed" : "") << (read.is_foreign ? ", foreign" : "");
}

KeyParts ReadKey(std::string_view key, std::vector<std::string> prefixes = {}) {
  RegistryKeyReader reader(std::move(prefixes));
  const RegistryKey read = reader.Read(key);
  return {std::string(read.resource), std::string(read.object_namespace), read.malformed,
          read.is_foreign};
}

const KeyParts kNotKubernetes{"other", "", false, true};
const KeyParts kMalformed{"other", "", true};

TEST(RegistryKey, GivesBuiltInResourcesByKubectlsName) {
  EXPECT_EQ(ReadKey("/registry/pods/kube-system/coredns-x"), (KeyParts{"pods", "kube-system"}));
  EXPECT_EQ(ReadKey("/registry/minions/node1"), (KeyParts{"nodes", ""}));
  EXPECT_EQ(ReadKey("/registry/events/default/web-1.17a0b"), (KeyParts{"events", "default"}));
  EXPECT_EQ(ReadKey("/registry/controllers/a/b"), (KeyParts{"replicationcontrollers", "a"}));
  EXPECT_EQ(ReadKey("/registry/ingress/a/b"), (KeyParts{"ingresses.networking.k8s.io", "a"}));
  EXPECT_EQ(ReadKey("/registry/podsecuritypolicy/x"), (KeyParts{"podsecuritypolicies.policy", ""}));
  EXPECT_EQ(ReadKey("/registry/leases/kube-node-lease/node1"),
            (KeyParts{"leases.coordination.k8s.io", "kube-node-lease"}));
}

TEST(RegistryKey, GivesTheGroupThatTheKeyLeavesOut) {
  EXPECT_EQ(ReadKey("/registry/jobs/batch-jobs/j1"), (KeyParts{"jobs.batch", "batch-jobs"}));
  EXPECT_EQ(ReadKey("/registry/deployments/a/b"), (KeyParts{"deployments.apps", "a"}));
  EXPECT_EQ(ReadKey("/registry/evictions/a/b"), (KeyParts{"evictions.lifecycle.k8s.io", "a"}));
  EXPECT_EQ(ReadKey("/registry/newthings/a/b"), (KeyParts{"newthings", "a"}));
}

TEST(RegistryKey, GivesTheApiServersCompactionKeyItsName) {
  EXPECT_EQ(ReadKey("compact_rev_key"), (KeyParts{"compact_rev_key", ""}));
  EXPECT_EQ(ReadKey("compact_rev_key2"), kNotKubernetes);
}

TEST(RegistryKey, TellsServicesFromTheirEndpoints) {
  EXPECT_EQ(ReadKey("/registry/services/specs/default/kubernetes"),
            (KeyParts{"services", "default"}));
  EXPECT_EQ(ReadKey("/registry/services/endpoints/default/kubernetes"),
            (KeyParts{"endpoints", "default"}));
  EXPECT_EQ(ReadKey("/registry/services/other/default/kubernetes"), kMalformed);
}

TEST(RegistryKey, GivesClusterScopedObjectsNoNamespace) {
  EXPECT_EQ(ReadKey("/registry/namespaces/prod"), (KeyParts{"namespaces", ""}));
  EXPECT_EQ(ReadKey("/registry/clusterroles/system:node"),
            (KeyParts{"clusterroles.rbac.authorization.k8s.io", ""}));
  EXPECT_EQ(ReadKey("/registry/ipaddresses/192.168.2.3"),
            (KeyParts{"ipaddresses.networking.k8s.io", ""}));
  EXPECT_EQ(ReadKey("/registry/clustertrustbundles/example.com:signer:abc"),
            (KeyParts{"clustertrustbundles.certificates.k8s.io", ""}));
}

TEST(RegistryKey, GivesTheApiServersOwnEntriesNoNamespace) {
  EXPECT_EQ(ReadKey("/registry/masterleases/10.0.0.5"), (KeyParts{"masterleases", ""}));
  EXPECT_EQ(ReadKey("/registry/masterleases/fd00::5"), (KeyParts{"masterleases", ""}));
  EXPECT_EQ(ReadKey("/registry/peerserverleases/a/b"), (KeyParts{"peerserverleases", ""}));
  EXPECT_EQ(ReadKey("/registry/ranges/serviceips"), (KeyParts{"ranges", ""}));
}

TEST(RegistryKey, JoinsPluralAndGroupOfCustomResources) {
  EXPECT_EQ(ReadKey("/registry/wgpolicyk8s.io/policyreports/team-a/pol-1"),
            (KeyParts{"policyreports.wgpolicyk8s.io", "team-a"}));
  EXPECT_EQ(ReadKey("/registry/wgpolicyk8s.io/clusterpolicyreports/x"),
            (KeyParts{"clusterpolicyreports.wgpolicyk8s.io", ""}));
  EXPECT_EQ(ReadKey("/registry/apiextensions.k8s.io/customresourcedefinitions/foos.cr.bar.com"),
            (KeyParts{"customresourcedefinitions.apiextensions.k8s.io", ""}));
  EXPECT_EQ(ReadKey("/registry/apiregistration.k8s.io/apiservices/v1.apps"),
            (KeyParts{"apiservices.apiregistration.k8s.io", ""}));
}

TEST(RegistryKey, LooksPastThePrefixOfAnAggregatedApiServer) {
  EXPECT_EQ(ReadKey("/registry/wardle.example.com/wardle.example.com/flunders/ns1/a"),
            (KeyParts{"flunders.wardle.example.com", "ns1"}));
}

TEST(RegistryKey, KnowsOpenShiftsPrefixes) {
  EXPECT_EQ(ReadKey("/kubernetes.io/deployments/openshift-console/console"),
            (KeyParts{"deployments.apps", "openshift-console"}));
  EXPECT_EQ(ReadKey("/kubernetes.io/config.openshift.io/clusteroperators/console"),
            (KeyParts{"clusteroperators.config.openshift.io", ""}));
  EXPECT_EQ(ReadKey("/openshift.io/oauth/accesstokens/sha256~x"), (KeyParts{"accesstokens", ""}));
  EXPECT_EQ(ReadKey("/openshift.io/routes/ns1/r1"), (KeyParts{"routes", "ns1"}));
  EXPECT_EQ(ReadKey("/registry/oauth/ns1/x"), (KeyParts{"oauth", "ns1"}));
}

TEST(RegistryKey, NamesOtherUsersOfEtcdByTheirFirstSegment) {
  const auto foreign = [](const char* name) { return KeyParts{name, "", false, true}; };
  EXPECT_EQ(ReadKey("k3s/apiaddresses"), foreign("k3s"));
  EXPECT_EQ(ReadKey("/bootstrap/5d41"), foreign("/bootstrap"));
  EXPECT_EQ(ReadKey("/calico/ipam/v2/host"), foreign("/calico"));
  EXPECT_EQ(ReadKey("registry/pods/a/b"), foreign("registry"));
  EXPECT_EQ(ReadKey("/registryx/pods/a/b"), foreign("/registryx"));
}

TEST(RegistryKey, NamesTheFirstOtherUsersAlone) {
  RegistryKeyReader reader;
  for (std::size_t i = 0; i < ForeignPrefixes::kMost; ++i) {
    const std::string name = "/user-" + std::to_string(i);
    EXPECT_EQ(reader.Read(name + "/key").resource, name);
  }
  EXPECT_EQ(reader.Read("/late/key").resource, "other");
  EXPECT_EQ(reader.ResourcePath("/late/key"), "");
  RegistryKeyReader copy = reader;
  EXPECT_EQ(copy.Read("/user-3/other-key").resource, "/user-3");
  EXPECT_EQ(copy.ResourcePath("/user-3/other-key"), "/user-3/");
}

TEST(RegistryKey, HasANamespaceBelowItsResourcePath) {
  RegistryKeyReader reader;
  for (const std::string& key :
       {"/registry/pods/ns1/web"s, "/registry/minions/n1"s, "/registry/pods/Bad/web"s,
        "/registry/pods/ns1/web/more"s, "/registry/pods/ns1/"s, "/registry/masterleases/a/b"s,
        "/registry/services/specs/ns1/s"s, "/registry/services/unknown/ns1/s"s,
        "/registry/wgpolicyk8s.io/policyreports/ns1/p"s, "/calico/ns1/x"s, "compact_rev_key"s}) {
    const std::string path = key.substr(reader.ResourcePath(key).size());
    const RegistryKey read = reader.Read(key);
    EXPECT_EQ(HasNamespaces(read) ? NamespaceIn(path) : "", read.object_namespace) << key;
  }
}

TEST(RegistryKey, CountsWhatHasNoNameAsOther) {
  for (const std::string& key :
       {""s, "/"s, "\0"s, "/registry"s, "single"s, "//x"s, "\xff\xfe/registry/"s, "a\nb/c"s,
        std::string(200, 'x') + "/y", "events/x"s, "policyreports.wgpolicyk8s.io/x"s}) {
    EXPECT_EQ(ReadKey(key), kNotKubernetes) << key;
  }
}

TEST(RegistryKey, TellsMalformedKeysByTheirForm) {
  for (const std::string& key :
       {"/registry/"s, "/registry//default/x"s, "/registry/Pods/a/b"s, "/registry/po_ds/a/b"s,
        "/registry/p\u00f6ds/a/b"s, "/registry/\xff/a"s, "/registry/pods\0/a/b"s,
        "/registry/group.io"s, "/registry/group.io/"s, "/registry/group.io//a/b"s,
        "/registry/" + std::string(254, 'a') + "/x", "/registry/services"s,
        "/registry/g.io/" + std::string(249, 'p') + "/x"}) {
    EXPECT_EQ(ReadKey(key), kMalformed) << key;
  }
  const KeyParts pods{"pods", "", true};
  EXPECT_EQ(ReadKey("/registry/pods"), pods);
  EXPECT_EQ(ReadKey("/registry/pods/"), pods);
  EXPECT_EQ(ReadKey("/registry/pods//x"), pods);
  EXPECT_EQ(ReadKey("/registry/pods/default/"), pods);
  EXPECT_EQ(ReadKey("/registry/pods/default/x/y"), pods);
  EXPECT_EQ(ReadKey("/registry/masterleases/"), (KeyParts{"masterleases", "", true}));
}

TEST(RegistryKey, TakesLabelsUpToTheirLongest) {
  EXPECT_EQ(ReadKey("/registry/" + std::string(253, 'a') + "/x").resource, std::string(253, 'a'));
  EXPECT_EQ(ReadKey("/registry/g.io/" + std::string(248, 'p') + "/x").resource,
            std::string(248, 'p') + ".g.io");
  EXPECT_EQ(ReadKey("/registry/pods/" + std::string(63, 'n') + "/x").object_namespace,
            std::string(63, 'n'));
}

TEST(RegistryKey, TakesOnlyNamespacesThatKubernetesAllows) {
  const KeyParts pods{"pods", "", true};
  for (const std::string& name : {std::string(64, 'n'), "-a"s, "a-"s, "Team"s, "a.b"s, "a_b"s,
                                  "a\nb"s, "a\"b"s, "\xc3\xa9"s, "\xff"s}) {
    EXPECT_EQ(ReadKey("/registry/pods/" + name + "/x"), pods) << name;
  }
  EXPECT_EQ(ReadKey("/registry/pods/0-9/x"), (KeyParts{"pods", "0-9"}));
}

TEST(RegistryKey, TakesConfiguredPrefixesInAnyForm) {
  for (const char* prefix :
       {"a/b/registry", "/a/b/registry", "/a/b/registry/", "//a/b/registry//"}) {
    EXPECT_EQ(ReadKey("/a/b/registry/pods/x/y", {prefix}), (KeyParts{"pods", "x"})) << prefix;
  }
  EXPECT_TRUE(ReadKey("/registry/pods/x/y", {"/a"}).is_foreign);
  EXPECT_EQ(ReadKey("/pods/x/y", {"/"}), (KeyParts{"pods", "x"}));
}

TEST(RegistryKey, PrefersTheLongestPrefix) {
  EXPECT_EQ(ReadKey("/k8s/two/pods/x/y", {"/k8s", "/k8s/two"}), (KeyParts{"pods", "x"}));
  EXPECT_EQ(ReadKey("/k8s/secrets/x/y", {"/k8s", "/k8s/two"}), (KeyParts{"secrets", "x"}));
}

}  // namespace
}  // namespace headroom::kubernetes
