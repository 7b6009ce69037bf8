#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

#include "accounting/heavy_hitters.h"

// The invariant of heavy_hitters.h, on streams of writes in which the cap overflows and pairs come
// and go, with pages served, pages lost and writes at any moment in between.
namespace headroom::accounting {
namespace {

using std::chrono::seconds;

template <std::size_t kCount>
using OwnedLabels = std::array<std::string, kCount>;

template <std::size_t kCount>
bool IsOther(const OwnedLabels<kCount>& labels) {
  return labels.back() == "other";
}

// One of 40 pairs in 5 resources; a few are far more frequent, and with `phase` it is others that
// are.
template <std::size_t kCount>
OwnedLabels<kCount> RandomLabels(std::mt19937& random, std::size_t phase) {
  const auto number = (random() % (1 + random() % 40) + 7 * phase) % 40;
  OwnedLabels<kCount> labels;
  labels.fill("n" + std::to_string(number));
  labels[0] = "r" + std::to_string(number % 5);
  return labels;
}

// Feeds one stream and checks each page against the one before.
template <std::size_t kCount, std::size_t kKept>
class Stream {
 public:
  explicit Stream(unsigned seed) : random_(seed), cap_(1 + seed % 7), hitters_(cap_) {}

  void Run() {
    for (std::size_t step = 0; step < 20'000; ++step) {
      now_ += std::chrono::milliseconds(random_() % 16'000);
      Write(RandomLabels<kCount>(random_, step / 400));
      if (OneIn(100)) hitters_.Served(now_);  // late, or of the same page again
      if (!OneIn(50)) continue;
      ASSERT_NO_FATAL_FAILURE(CheckPage());
      if (!OneIn(4)) hitters_.Served(now_);  // else the page is lost on its way
    }
    EXPECT_GT(losses_, 5) << "tests nothing";
    EXPECT_GT(returns_, 0) << "tests nothing";
  }

 private:
  using Hitters = HeavyHitters<kCount, kKept>;
  using Counts = typename Hitters::Counts;
  using Page = std::map<OwnedLabels<kCount>, Counts>;

  bool OneIn(unsigned n) { return random_() % n == 0; }

  // What a family's increase is compared by: in namespaces' it adds up for each resource.
  static std::string Kept(const OwnedLabels<kCount>& labels) { return kKept == 0 ? "" : labels[0]; }

  void Write(const OwnedLabels<kCount>& labels) {
    const std::uint64_t bytes = OneIn(4) ? 0 : random_() % 3000;
    Labels<kCount> views;
    std::copy(labels.begin(), labels.end(), views.begin());
    hitters_.Add(views, bytes, now_);
    truth_[Kept(labels)] += Counts{.writes = 1, .bytes = bytes};
  }

  Page Collect() {
    Page page;
    hitters_.Collect([&](const Labels<kCount>& labels, const Counts& counts) {
      OwnedLabels<kCount> owned;
      std::copy(labels.begin(), labels.end(), owned.begin());
      EXPECT_TRUE(page.emplace(owned, counts).second) << "a series twice on one page";
    });
    return page;
  }

  void CheckPage() {
    const Page page = Collect();
    std::map<std::string, Counts> increase;
    std::size_t placed = 0;
    for (const auto& [labels, counts] : page) {
      if (!IsOther(labels)) ++placed;
      const auto before = last_page_.find(labels);
      const Counts past = before == last_page_.end() ? Counts() : before->second;
      ASSERT_GE(counts.writes, past.writes) << "a counter went down";
      ASSERT_GE(counts.bytes, past.bytes) << "a counter went down";
      increase[Kept(labels)] += counts - past;
      if (lost_.erase(labels) == 0) continue;
      ++returns_;
      ASSERT_EQ(counts, Counts()) << "a pair that comes back starts at 0";
    }
    ASSERT_LE(placed, cap_);
    for (const auto& [labels, counts] : last_page_) {
      if (page.contains(labels)) continue;
      ASSERT_FALSE(IsOther(labels)) << "other is gone";
      lost_.insert(labels);
      ++losses_;
    }
    for (const auto& [kept, counts] : truth_) {
      ASSERT_EQ(increase[kept].writes, counts.writes) << kept;
      ASSERT_EQ(increase[kept].bytes, counts.bytes) << kept;
    }
    last_page_ = page;
    truth_.clear();
  }

  std::mt19937 random_;
  std::size_t cap_;
  Hitters hitters_;
  TimePoint now_{seconds(1'000'000)};
  Page last_page_;
  std::map<std::string, Counts> truth_;  // added since the last page
  std::set<OwnedLabels<kCount>> lost_;   // lost their place and are not back yet
  int losses_ = 0;
  int returns_ = 0;
};

TEST(HeavyHittersProperty, IncreasesOfNamespacesAddUpByResource) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    ASSERT_NO_FATAL_FAILURE((Stream<2, 1>(seed).Run()));
  }
}

TEST(HeavyHittersProperty, IncreasesOfEventsAddUp) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    ASSERT_NO_FATAL_FAILURE((Stream<3, 0>(seed).Run()));
  }
}

}  // namespace
}  // namespace headroom::accounting
