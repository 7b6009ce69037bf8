#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "accounting/minute_ring.h"

namespace headroom::accounting {

// What a writer is.
enum class WriterKind : std::uint8_t { kManager, kNamespace, kReporter };
inline constexpr std::size_t kWriterKinds = 3;

struct WriterName {
  std::string name;      // of the manager, the namespace, or the component that reports an Event
  std::string resource;  // of a reporter: the reason

  auto operator<=>(const WriterName&) const = default;
};

struct WriterBytes {
  WriterName writer;
  std::uint64_t bytes = 0;
};

// What one kind of writers wrote, of all of them and of the heaviest, those first.
struct WriterSum {
  std::uint64_t total_bytes = 0;
  std::vector<WriterBytes> heaviest;
};

// The heaviest writers of each of the last 1,440 minutes: 8 managers, 4 namespaces and 4 reporters
// a minute, and the sum of all. Takes 160 KiB, and the names of at most 256 writers. A writer that
// finds no place among those is in the sum alone. Not thread-safe.
class WriterHistory {
 public:
  // Bytes of keys and values, put in `minute`. One before the newest counts in the newest.
  void Add(std::int64_t minute, WriterKind kind, const WriterName& writer, std::uint64_t bytes);

  // Of the `minutes` up to and with `now`.
  WriterSum Sum(WriterKind kind, std::int64_t now, std::int64_t minutes) const;

  static constexpr std::size_t kMaxNames = 256;

 private:
  static constexpr std::array<std::size_t, kWriterKinds> kPlaces = {8, 4, 4};
  static constexpr std::size_t kAllPlaces = 16;
  static constexpr std::uint16_t kFree = 0xffff;
  // Bytes of a minute; more than 4 GiB are 4 GiB.
  struct Step {
    std::array<std::uint32_t, kWriterKinds> totals{};
    std::array<std::uint32_t, kAllPlaces> bytes{};
    std::array<std::uint16_t, kAllPlaces> names = FreeNames();
  };
  static constexpr std::array<std::uint16_t, kAllPlaces> FreeNames() {
    std::array<std::uint16_t, kAllPlaces> names{};
    names.fill(kFree);
    return names;
  }
  static std::size_t FirstPlace(WriterKind kind);
  void Close();
  // Its number; kFree when all are taken by writers of the last day.
  std::uint16_t NumberOf(const WriterName& writer);
  void ForgetUnused();

  using Open = std::map<WriterName, std::uint64_t>;
  std::int64_t minute_ = -1;  // of `open_`
  std::array<Open, kWriterKinds> open_;
  MinuteRing<Step> steps_;
  std::vector<WriterName> names_;  // by number; one that is free is empty
};

}  // namespace headroom::accounting
