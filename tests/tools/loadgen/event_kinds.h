#pragma once

#include <cstdint>
#include <string_view>

namespace headroom::loadgen {

// One way a component reports something.
struct EventKind {
  std::string_view component;
  std::string_view manager;  // as in managedFields: the program's name
  std::string_view reason;
  std::string_view involved_kind;
  std::string_view involved_api_version;
  bool warning;
  // True for clients of events.k8s.io, which name themselves in reportingComponent alone; older
  // ones fill source too.
  bool new_api;
  std::uint32_t weight;  // relative frequency
  std::string_view message;
};

// What has no namespace is reported in "default".
bool HasNamespace(const EventKind& kind);
// Trouble that lasts is reported again. Kyverno reports each violation in an Event of its own.
bool Repeats(const EventKind& kind);

// The kind that a uniformly distributed 64-bit number stands for.
const EventKind& EventKindFor(std::uint64_t random);

}  // namespace headroom::loadgen
