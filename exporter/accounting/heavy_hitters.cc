#include "accounting/heavy_hitters.h"

#include <algorithm>

#include "accounting/resource_table.h"

namespace headroom::accounting {
namespace {

constexpr std::size_t kCandidatesPerPlace = 4;
// How many candidates are looked at to find one to replace.
constexpr std::size_t kHandful = 8;

}  // namespace

template <std::size_t kCount, std::size_t kKept>
void HeavyHitters<kCount, kKept>::Add(const Labels<kCount>& labels, std::uint64_t bytes,
                                      TimePoint now) {
  const Counts write{.writes = 1, .bytes = bytes};
  if (cap_ == 0 || labels == OtherOf(labels)) return AddToOther(labels, write);
  Pair& pair = Watched(labels, now);
  pair.five_minutes.Add(bytes, now);
  pair.hour.Add(bytes, now);
  if (pair.standing != Standing::kPlaced) return AddToOther(labels, write);
  pair.counts += write;
}

template <std::size_t kCount, std::size_t kKept>
void HeavyHitters<kCount, kKept>::Collect(
    absl::FunctionRef<void(const Labels<kCount>&, const Counts&)> series) {
  for (Entry* entry : placed_) {
    Pair& pair = entry->second;
    pair.standing = Standing::kPlaced;
    pair.served = pair.counts;
    series(ViewOf(entry->first), pair.counts);
  }
  for (const auto& [labels, counts] : other_) series(ViewOf(labels), counts);
  collected_ = true;
}

template <std::size_t kCount, std::size_t kKept>
void HeavyHitters<kCount, kKept>::Served(TimePoint now) {
  // Were places to change hands twice between two pages, a pair could lose its place and be back
  // on the second, at a value that does not show it.
  if (!collected_) return;
  collected_ = false;
  const auto hour = [&](const Entry* entry) { return entry->second.hour.Value(now); };
  const auto five_minutes = [&](const Entry* entry) {
    return entry->second.five_minutes.Value(now);
  };
  std::sort(placed_.begin(), placed_.end(),
            [&](const Entry* a, const Entry* b) { return hour(a) < hour(b); });
  std::sort(candidates_.begin(), candidates_.end(),
            [&](const Entry* a, const Entry* b) { return five_minutes(a) > five_minutes(b); });
  // A winner has written more in its hour than all further candidates in their 5 minutes, so each
  // candidate is up against the next of the places there were.
  const std::size_t rivals = std::min(placed_.size(), candidates_.size());
  for (std::size_t i = 0; i < rivals; ++i) {
    if (five_minutes(candidates_[i]) <= hour(placed_[i])) break;
    Replace(placed_[i], candidates_[i]);
  }
}

template <std::size_t kCount, std::size_t kKept>
Labels<kCount> HeavyHitters<kCount, kKept>::OtherOf(const Labels<kCount>& labels) {
  Labels<kCount> other;
  other.fill(kOtherLabel);
  std::copy_n(labels.begin(), kKept, other.begin());
  return other;
}

template <std::size_t kCount, std::size_t kKept>
Labels<kCount> HeavyHitters<kCount, kKept>::ViewOf(const OwnedLabels& labels) {
  Labels<kCount> views;
  std::copy(labels.begin(), labels.end(), views.begin());
  return views;
}

template <std::size_t kCount, std::size_t kKept>
typename HeavyHitters<kCount, kKept>::OwnedLabels HeavyHitters<kCount, kKept>::CopyOf(
    const Labels<kCount>& labels) {
  OwnedLabels owned;
  std::copy(labels.begin(), labels.end(), owned.begin());
  return owned;
}

template <std::size_t kCount, std::size_t kKept>
void HeavyHitters<kCount, kKept>::AddToOther(const Labels<kCount>& labels, const Counts& counts) {
  const Labels<kCount> other = OtherOf(labels);
  auto series = other_.find(other);
  if (series == other_.end()) series = other_.emplace(CopyOf(other), Counts()).first;
  series->second += counts;
}

// The pair of these labels, from now on watched: with a place while there is one.
template <std::size_t kCount, std::size_t kKept>
typename HeavyHitters<kCount, kKept>::Pair& HeavyHitters<kCount, kKept>::Watched(
    const Labels<kCount>& labels, TimePoint now) {
  const auto known = pairs_.find(labels);
  if (known != pairs_.end()) return known->second;
  Entry* const entry = &*pairs_.emplace(CopyOf(labels), Pair()).first;
  if (placed_.size() < cap_) {
    entry->second.standing = Standing::kPlaced;
    placed_.push_back(entry);
  } else if (candidates_.size() < kCandidatesPerPlace * cap_) {
    candidates_.push_back(entry);
  } else {
    Entry*& replaced = LightestAtHand(now);
    pairs_.erase(pairs_.find(replaced->first));
    replaced = entry;
  }
  return entry->second;
}

template <std::size_t kCount, std::size_t kKept>
typename HeavyHitters<kCount, kKept>::Entry*& HeavyHitters<kCount, kKept>::LightestAtHand(
    TimePoint now) {
  std::size_t lightest = hand_ % candidates_.size();
  for (std::size_t i = 1; i < kHandful; ++i) {
    const std::size_t other = (hand_ + i) % candidates_.size();
    if (candidates_[other]->second.five_minutes.Value(now) <
        candidates_[lightest]->second.five_minutes.Value(now)) {
      lightest = other;
    }
  }
  hand_ = (hand_ + kHandful) % candidates_.size();
  return candidates_[lightest];
}

template <std::size_t kCount, std::size_t kKept>
void HeavyHitters<kCount, kKept>::Replace(Entry*& placed, Entry*& candidate) {
  Pair& loser = placed->second;
  // What the served page does not have yet; opens the series for what the loser is going to write.
  AddToOther(ViewOf(placed->first), loser.counts - loser.served);
  loser = {
      .standing = Standing::kCandidate, .five_minutes = loser.five_minutes, .hour = loser.hour};
  candidate->second.standing = Standing::kWinner;
  std::swap(placed, candidate);
}

template class HeavyHitters<2, 1>;
template class HeavyHitters<3, 1>;
template class HeavyHitters<3, 0>;

}  // namespace headroom::accounting
