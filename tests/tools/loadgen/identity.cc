#include "identity.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "event_kinds.h"
#include "policies.h"
#include "random.h"

namespace headroom::loadgen {
namespace {

constexpr std::array<std::string_view, 12> kNamespaces{
    "default", "kube-system", "shop",      "payments", "monitoring", "ci",
    "search",  "identity",    "logistics", "mail",     "batch",      "data"};
constexpr std::array<std::string_view, 16> kApps{
    "web",    "api",   "worker", "cart",    "checkout", "catalog", "search", "auth",
    "ingest", "proxy", "cache",  "billing", "notify",   "report",  "sync",   "gateway"};

constexpr std::uint64_t kPodsOfAJob = 2;

// Kubernetes' own alphabet for generated names: no vowels, no look-alikes.
constexpr std::string_view kSafeLetters = "bcdfghjklmnpqrstvwxz2456789";
constexpr std::uint64_t kSuffixes = 27ULL * 27 * 27 * 27 * 27;

std::string SafeLetters(std::uint64_t number, int length) {
  std::string text;
  for (int i = 0; i < length; ++i) {
    text += kSafeLetters[number % kSafeLetters.size()];
    number /= kSafeLetters.size();
  }
  return text;
}

// Distinct for distinct serials: below 27^5 a permutation that looks random, beyond that with
// further characters.
std::string UniqueSuffix(std::uint64_t serial) {
  std::string suffix =
      SafeLetters(serial % kSuffixes * 7368787 % kSuffixes, 5);  // prime, so coprime with 27^5
  for (std::uint64_t rest = serial / kSuffixes; rest > 0; rest /= kSafeLetters.size())
    suffix += SafeLetters(rest, 1);
  return suffix;
}

std::string Hex(std::uint64_t number, std::size_t digits) {
  std::string text(digits, '0');
  for (std::size_t i = digits; i > 0; --i, number >>= 4U) {
    text[i - 1] = "0123456789abcdef"[number & 0xfU];
  }
  return text;
}

// Squaring a uniform number favours the first namespaces.
std::string NamespaceFor(std::uint64_t random, std::uint32_t namespaces) {
  const double unit = static_cast<double>(random >> 11U) * 0x1.0p-53;
  const auto index = std::min(static_cast<std::size_t>(unit * unit * namespaces),
                              static_cast<std::size_t>(namespaces - 1));
  if (index < kNamespaces.size()) return std::string(kNamespaces.at(index));
  return "team-" + std::to_string(index);
}

std::string NameFor(const Resource& resource, const Identity& identity) {
  const std::string unique = UniqueSuffix(identity.serial);
  switch (resource.name_style) {
    case NameStyle::kPlain:
      return identity.app + "-" + unique;
    case NameStyle::kHashed:
      return identity.app + "-" + SafeLetters(identity.hash >> 32U, 4) + unique;
    case NameStyle::kPod:
      return identity.owner + "-" + unique;
    case NameStyle::kUid:
      return identity.owner_uid;
    case NameStyle::kGenerated:
      return identity.owner_uid + "-" + unique;
    case NameStyle::kNode:
      return "node-" + std::to_string(identity.serial + 1);
    case NameStyle::kEvent:
      break;
  }
  // Event recorders append a time stamp in hexadecimal.
  return InvolvedName(identity) + "." + Hex(0x17a0b00000000000U + identity.serial * 0x10001, 16);
}

}  // namespace

std::string PodName(const Identity& identity) {
  return identity.app + "-" + SafeLetters(identity.hash >> 20U, 9) + "-" +
         SafeLetters(identity.hash >> 8U, 5);
}

std::string InvolvedName(const Identity& event) {
  const std::string_view kind = EventKindFor(event.hash).involved_kind;
  if (kind == "Node") return "node-" + std::to_string(event.hash % 50 + 1);
  if (kind == "ClusterPolicy") return std::string(kPolicies.at(event.hash % kPolicies.size()));
  return kind == "Pod" ? PodName(event) : event.app;
}

std::string MakeUid(std::uint64_t random) {
  const std::string low = Hex(Scramble(random), 16);
  const std::string high = Hex(random, 16);
  return high.substr(0, 8) + "-" + high.substr(8, 4) + "-4" + high.substr(13, 3) + "-a" +
         low.substr(1, 3) + "-" + low.substr(4);
}

std::uint64_t HashOf(const Resource& resource, std::uint64_t serial, std::uint64_t seed) {
  // Different resources and different seeds give different objects for the same serial.
  std::uint64_t salt = seed;
  for (const char letter : resource.plural)
    salt = Scramble(salt + static_cast<unsigned char>(letter));
  return Scramble(salt ^ Scramble(serial));
}

Identity MakeIdentity(const Resource& resource, std::uint64_t serial, std::uint64_t seed,
                      std::uint32_t namespaces) {
  Identity identity;
  identity.serial = serial;
  identity.hash = HashOf(resource, serial, seed);
  identity.uid = MakeUid(identity.hash);
  identity.app = kApps.at(identity.hash % kApps.size());
  if (resource.nature == Nature::kEvents && !HasNamespace(EventKindFor(identity.hash))) {
    identity.object_namespace = "default";
  } else if (resource.in_namespace == "*") {
    identity.object_namespace = NamespaceFor(Scramble(identity.hash), namespaces);
  } else {
    identity.object_namespace = resource.in_namespace;
  }
  if (resource.name_style == NameStyle::kPod) {
    const Resource& jobs = AllResources()[static_cast<std::size_t>(FindResource("jobs"))];
    Identity job = MakeIdentity(jobs, serial / kPodsOfAJob, seed, namespaces);
    identity.object_namespace = std::move(job.object_namespace);
    identity.app = std::move(job.app);
    identity.owner = std::move(job.name);
    identity.owner_uid = std::move(job.uid);
  } else if (resource.name_style == NameStyle::kUid ||
             resource.name_style == NameStyle::kGenerated) {
    identity.owner = PodName(identity);
    identity.owner_uid = MakeUid(~identity.hash);
  }
  identity.name = NameFor(resource, identity);
  return identity;
}

std::string MakeKey(const Resource& resource, const Identity& identity) {
  std::string key = "/registry/";
  key += resource.path;
  key += '/';
  if (!identity.object_namespace.empty()) {
    key += identity.object_namespace;
    key += '/';
  }
  key += identity.name;
  return key;
}

}  // namespace headroom::loadgen
