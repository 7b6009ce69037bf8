#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/functional/function_ref.h"
#include "accounting/label_hash.h"
#include "accounting/sliding_window.h"

namespace headroom::accounting {

// A family of counters with a bounded number of series: the heaviest label sets ("pairs") have
// places, the writes of all others are counted under "other".
//
// The invariant, for writes and for bytes alike, over any two consecutive calls of Collect and
// whatever happens between them: the values of the series in the second, less their values in the
// first (0 for a series that is not in it), add up to all that was added between the two calls.
// A series whose labels are in both never has a lower value in the second, and "other" series
// stay for good.
//
// How places are given:
// - A pair that is new takes a free place at once and counts from its first write.
// - Once there is none, a pair without a place is a candidate: its writes go to "other". Served()
//   lets each candidate whose bytes of the last 5 minutes exceed the last hour's of the lightest
//   placed pair take its place. The loser's series ends with the page that was served; what it
//   wrote since is moved to "other". The winner is served at 0 by the next Collect and counts from
//   there (what it writes until then is "other"'s): so increase() misses nothing of it, and a pair
//   that comes back is always seen as a counter's reset.
// - Pairs are weighed by bytes put. The last 5 minutes are kept in 5 buckets of a minute, the last
//   hour in 12 of 5 minutes.
//
// At most 4 x cap candidates are watched. With all of those taken, a new pair replaces the lightest
// of a few that a hand going round points at: a heavy one is soon among them, a heavy one that is
// stays. Bounded: 5 x cap pairs of about 250 bytes and their labels, and the "other" series, which
// are as many as there are values of the labels kept in them.
//
// kCount labels, of which the first kKept are kept in "other"; the rest read "other" there. A pair
// that reads so itself is counted there, with or without free places.
template <std::size_t kCount, std::size_t kKept>
class HeavyHitters {
 public:
  struct Counts {
    std::uint64_t writes = 0;
    std::uint64_t bytes = 0;

    bool operator==(const Counts&) const = default;
    Counts& operator+=(const Counts& more) {
      writes += more.writes;
      bytes += more.bytes;
      return *this;
    }
    Counts operator-(const Counts& less) const {
      return {.writes = writes - less.writes, .bytes = bytes - less.bytes};
    }
  };

  // `cap`: how many places there are.
  explicit HeavyHitters(std::size_t cap) : cap_(cap) {}
  // Places and candidates are held by pointer.
  HeavyHitters(const HeavyHitters&) = delete;
  HeavyHitters& operator=(const HeavyHitters&) = delete;

  // Counts one write; `bytes` is 0 for a delete. Allocates only for a pair that is not watched.
  void Add(const Labels<kCount>& labels, std::uint64_t bytes, TimePoint now);

  // Gives every series for a page to be served. The labels are good within the callback.
  void Collect(absl::FunctionRef<void(const Labels<kCount>&, const Counts&)> series);

  // To be called once the page of the latest Collect has been served; the places change hands.
  // Writes may have come in between. A page that never reached its scraper must not be reported.
  void Served(TimePoint now);

 private:
  using OwnedLabels = std::array<std::string, kCount>;

  enum class Standing : std::uint8_t {
    kCandidate,
    kWinner,  // has a place; counted in "other" until Collect has shown it at 0
    kPlaced,
  };
  struct Pair {
    Standing standing = Standing::kCandidate;
    Counts counts;  // the series' value; 0 without a place
    Counts served;  // the same as of the latest Collect
    SlidingSum<5, 60> five_minutes;
    SlidingSum<12, 300> hour;
  };
  using Pairs = absl::node_hash_map<OwnedLabels, Pair, LabelHash, LabelEqual>;
  using Entry = typename Pairs::value_type;

  static Labels<kCount> OtherOf(const Labels<kCount>& labels);
  static Labels<kCount> ViewOf(const OwnedLabels& labels);
  static OwnedLabels CopyOf(const Labels<kCount>& labels);
  void AddToOther(const Labels<kCount>& labels, const Counts& counts);
  Pair& Watched(const Labels<kCount>& labels, TimePoint now);
  Entry*& LightestAtHand(TimePoint now);
  void Replace(Entry*& placed, Entry*& candidate);

  std::size_t cap_;
  Pairs pairs_;
  std::vector<Entry*> placed_;      // at most cap_
  std::vector<Entry*> candidates_;  // at most 4 x cap_
  std::size_t hand_ = 0;            // where to look next for a candidate to replace
  bool collected_ = false;          // a Collect since the places changed hands last
  absl::flat_hash_map<OwnedLabels, Counts, LabelHash, LabelEqual> other_;
};

// {resource, object_namespace}; {resource, "other"}.
using NamespaceHitters = HeavyHitters<2, 1>;
// {component, reason, involved_kind}; all three "other".
using EventHitters = HeavyHitters<3, 0>;
// {resource, manager, subresource}; {resource, "other", "other"}.
using ManagerHitters = HeavyHitters<3, 1>;

extern template class HeavyHitters<2, 1>;
extern template class HeavyHitters<3, 1>;
extern template class HeavyHitters<3, 0>;

}  // namespace headroom::accounting
