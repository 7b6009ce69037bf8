#include "json_values.h"

#include <array>
#include <ctime>
#include <string_view>

#include "managed_fields.h"

namespace headroom::loadgen {
namespace {

constexpr std::array<std::string_view, 5> kPolicies{"require-limits", "disallow-latest-tag",
                                                    "require-probes", "restrict-host-path",
                                                    "require-run-as-nonroot"};
constexpr std::array<std::string_view, 4> kResults{"pass", "pass", "fail", "warn"};

std::string Now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return {text.data(), length};
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  quoted += text;
  quoted += '"';
  return quoted;
}

std::string Head(const Resource& resource, const Identity& identity, std::uint32_t version,
                 const std::string& now, const std::string& fields_v1) {
  const std::string api_version = Quoted(resource.api_version);
  return R"({"apiVersion":)" + api_version + R"(,"kind":)" + Quoted(resource.kind) +
         R"(,"metadata":{"creationTimestamp":)" + Quoted(now) + R"(,"generation":)" +
         std::to_string(version) + R"(,"labels":{"app.kubernetes.io/name":)" +
         Quoted(identity.app) + R"(},"managedFields":[{"apiVersion":)" + api_version +
         R"(,"fieldsType":"FieldsV1","fieldsV1":)" + fields_v1 + R"(,"manager":)" +
         Quoted(ManagerOf(resource, identity)) + R"(,"operation":"Update","time":)" + Quoted(now) +
         R"(}],"name":)" + Quoted(identity.name) + R"(,"namespace":)" +
         Quoted(identity.object_namespace) + R"(,"uid":)" + Quoted(identity.uid) + "}";
}

std::string PolicyReport(std::string json, const std::string& now, std::size_t bytes,
                         Random& random) {
  const std::string seconds = std::to_string(std::time(nullptr));
  json += R"(,"results":[)";
  do {
    if (json.back() != '[') json += ',';
    const std::uint64_t draw = random.Next();
    const std::string policy(kPolicies.at(draw % kPolicies.size()));
    json +=
        R"({"category":"Best Practices","message":"validation rule )" + policy + " evaluated for " +
        std::to_string(draw) + R"(","policy":)" + Quoted(policy) + R"(,"result":)" +
        Quoted(kResults.at(draw / 8 % kResults.size())) + R"(,"rule":)" +
        Quoted("check-" + policy) +
        R"(,"scored":true,"severity":"medium","source":"kyverno","timestamp":{"nanos":0,"seconds":)" +
        seconds + "}}";
  } while (json.size() + 280 < bytes);
  return json + R"(],"summary":{"error":0,"fail":1,"pass":2,"skip":0,"warn":1},"updated":)" +
         Quoted(now) + "}";
}

std::string OtherObject(std::string json, const Identity& identity, const std::string& now,
                        std::size_t bytes, Random& random) {
  json += R"(,"spec":{"dnsNames":[)";
  do {
    if (json.back() != '[') json += ',';
    json += Quoted(identity.app + "-" + MakeUid(random.Next()) + ".example.com");
  } while (json.size() + 320 < bytes);
  return json + R"(],"issuerRef":{"kind":"ClusterIssuer","name":"internal"},"secretName":)" +
         Quoted(identity.name + "-tls") + R"(},"status":{"conditions":[{"lastTransitionTime":)" +
         Quoted(now) +
         R"(,"message":"Certificate is up to date and has not expired","reason":"Ready","status":"True","type":"Ready"}]}})";
}

}  // namespace

std::string MakeJsonValue(const Resource& resource, const Identity& identity, std::uint32_t version,
                          std::size_t bytes, Random& random) {
  const std::string now = Now();
  std::string json = Head(resource, identity, version, now, FieldsV1(resource, bytes, random));
  if (resource.kind == "PolicyReport") return PolicyReport(std::move(json), now, bytes, random);
  return OtherObject(std::move(json), identity, now, bytes, random);
}

}  // namespace headroom::loadgen
