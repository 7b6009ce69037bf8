#pragma once

#include <cstdint>
#include <string>

#include "resources.h"

namespace headroom::loadgen {

// Who an object is; all of it follows from the seed, the resource and the object's serial number.
struct Identity {
  std::uint64_t serial = 0;
  std::uint64_t hash =
      0;  // uniformly distributed; whatever varies between objects is drawn from it
  std::string object_namespace;  // empty for cluster-scoped resources
  std::string name;
  std::string app;  // the application it belongs to, also the prefix of most names
  std::string uid;
  // The Job that a Pod is of, or the Pod that a report is about; empty for all others.
  std::string owner;
  std::string owner_uid;
};

// The hash of an object.
std::uint64_t HashOf(const Resource& resource, std::uint64_t serial, std::uint64_t seed);

// Serial numbers of one resource give distinct names; `namespaces` must not be 0. A few namespaces
// get most objects.
Identity MakeIdentity(const Resource& resource, std::uint64_t serial, std::uint64_t seed,
                      std::uint32_t namespaces);

// The key below /registry, kube-apiserver's default prefix.
std::string MakeKey(const Resource& resource, const Identity& identity);

// The name of a Pod that follows from an object's hash.
std::string PodName(const Identity& identity);

// The name of the object an Event is about.
std::string InvolvedName(const Identity& event);

// 36 characters in the form of a UUID.
std::string MakeUid(std::uint64_t random);

}  // namespace headroom::loadgen
