#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace headroom::loadgen {

// How the objects of a resource live and die.
enum class Nature : std::uint8_t {
  kOrdinary,   // created, updated and deleted
  kFixedSet,   // created once, then only updated: node heartbeats
  kInstalled,  // the same, and updated twice at once: CRDs
  kEvents,     // created under a shared etcd lease, some repeated, never deleted by a client
};

// What a write does to an object.
enum class Op : std::uint8_t { kCreate, kUpdate, kDelete };

enum class Encoding : std::uint8_t { kProtobuf, kJson };

enum class NameStyle : std::uint8_t { kPlain, kHashed, kPod, kUid, kGenerated, kNode, kEvent };

// One kind of object an API server stores.
struct Resource {
  std::string_view plural;
  std::string_view group;         // kubectl's, empty for core
  std::string_view path;          // below the registry prefix, without slashes at its ends
  std::string_view api_version;   // as in the object
  std::string_view kind;          // as in the object
  std::string_view manager;       // who writes it, as in managedFields; Events: see ManagerOf
  std::string_view in_namespace;  // "*" = any, empty = cluster-scoped, else the only one
  Encoding encoding;
  NameStyle name_style;
  Nature nature;
  std::uint32_t mean_bytes;            // of the value
  std::uint32_t managed_percent = 35;  // of the value, in managedFields
  // Relative weight of creates, updates and deletes; of ordinary objects only.
  std::array<std::uint64_t, 3> ops{20, 65, 15};
};

std::span<const Resource> AllResources();

// As `kubectl api-resources -o name` prints it: "policyreports.wgpolicyk8s.io".
std::string LabelOf(const Resource& resource);

// Index into AllResources() for "policyreports" or the label; -1 when there is none.
int FindResource(std::string_view name);

}  // namespace headroom::loadgen
