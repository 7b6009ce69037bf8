#include "json_values.h"

#include <array>
#include <cstdint>
#include <ctime>
#include <string_view>
#include <utility>

#include "managed_fields.h"
#include "policies.h"

namespace headroom::loadgen {
namespace {

// Of one result of a report, and of what follows them.
constexpr std::size_t kResultBytes = 360;
constexpr std::size_t kSummaryBytes = 60;

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

bool IsReport(const Resource& resource) {
  return resource.name_style == NameStyle::kUid || resource.name_style == NameStyle::kGenerated;
}

// An EphemeralReport names its Pod in annotations, a PolicyReport goes with its Pod.
std::string Annotations(const Resource& resource, const Identity& identity) {
  if (resource.name_style != NameStyle::kGenerated) return "";
  return R"("annotations":{"audit.kyverno.io/resource.name":)" + Quoted(identity.owner) +
         R"(,"audit.kyverno.io/resource.namespace":)" + Quoted(identity.object_namespace) + "},";
}

std::string Owners(const Resource& resource, const Identity& identity) {
  if (resource.name_style != NameStyle::kUid) return "";
  return R"(,"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":)" + Quoted(identity.owner) +
         R"(,"uid":)" + Quoted(identity.owner_uid) + "}]";
}

std::string Head(const Resource& resource, const Identity& identity, std::uint32_t version,
                 const std::string& now, const std::string& fields_v1) {
  const std::string api_version = Quoted(resource.api_version);
  const std::string label = IsReport(resource)
                                ? R"("app.kubernetes.io/managed-by":"kyverno")"
                                : R"("app.kubernetes.io/name":)" + Quoted(identity.app);
  return R"({"apiVersion":)" + api_version + R"(,"kind":)" + Quoted(resource.kind) +
         R"(,"metadata":{)" + Annotations(resource, identity) + R"("creationTimestamp":)" +
         Quoted(now) + R"(,"generation":)" + std::to_string(version) + R"(,"labels":{)" + label +
         R"(},"managedFields":[{"apiVersion":)" + api_version +
         R"(,"fieldsType":"FieldsV1","fieldsV1":)" + fields_v1 + R"(,"manager":)" +
         Quoted(ManagerOf(resource, identity)) + R"(,"operation":"Update","time":)" + Quoted(now) +
         R"(}],"name":)" + Quoted(identity.name) + R"(,"namespace":)" +
         Quoted(identity.object_namespace) + Owners(resource, identity) + R"(,"uid":)" +
         Quoted(identity.uid) + "}";
}

// What Kyverno 1.19 found out about one Pod: {"results":[...],"summary":{...}} without the braces.
std::string Results(std::size_t bytes, Random& random) {
  const std::string seconds = std::to_string(std::time(nullptr));
  std::string json = R"("results":[)";
  std::uint64_t failed = 0;
  do {
    if (failed++ > 0) json += ',';
    const std::string policy(kPolicies.at(random.Below(kPolicies.size())));
    json +=
        R"({"message":"validation error: The field is required. rule )" + policy +
        R"( failed at path /spec/containers/0/securityContext/","policy":)" + Quoted(policy) +
        R"(,"properties":{"process":"background scan"},"result":"fail","rule":)" + Quoted(policy) +
        R"(,"scored":true,"source":"kyverno","timestamp":{"nanos":0,"seconds":)" + seconds + "}}";
  } while (json.size() + kResultBytes / 2 < bytes);
  return json + R"(],"summary":{"error":0,"fail":)" + std::to_string(failed) +
         R"(,"pass":0,"skip":0,"warn":0})";
}

std::size_t Rest(std::size_t bytes, std::size_t others) {
  return bytes > others ? bytes - others : 0;
}

std::string PolicyReport(std::string json, const Identity& identity, std::size_t bytes,
                         Random& random) {
  json += R"(,"scope":{"apiVersion":"v1","kind":"Pod","name":)" + Quoted(identity.owner) +
          R"(,"namespace":)" + Quoted(identity.object_namespace) + R"(,"uid":)" +
          Quoted(identity.owner_uid) + "},";
  return json + Results(Rest(bytes, json.size() + kSummaryBytes), random) + "}";
}

std::string EphemeralReport(std::string json, std::size_t bytes, Random& random) {
  json += R"(,"spec":{"owner":{"apiVersion":"","kind":"","name":"","uid":""},)";
  return json + Results(Rest(bytes, json.size() + kSummaryBytes), random) + "}}";
}

std::string Definition(std::string json, const Identity& identity, std::size_t bytes,
                       Random& random) {
  json +=
      R"(,"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":)" +
      Quoted(identity.name) +
      R"(},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{)";
  do {
    if (json.back() != '{') json += ',';
    json += Quoted("field-" + MakeUid(random.Next())) + R"(:{"type":"string"})";
  } while (json.size() + 40 < bytes);
  return json + "}}}}]}}";
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
  if (resource.kind == "PolicyReport")
    return PolicyReport(std::move(json), identity, bytes, random);
  if (resource.kind == "EphemeralReport") return EphemeralReport(std::move(json), bytes, random);
  if (resource.nature == Nature::kInstalled)
    return Definition(std::move(json), identity, bytes, random);
  return OtherObject(std::move(json), identity, now, bytes, random);
}

}  // namespace headroom::loadgen
