#include "monitor/object_sweep.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace headroom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// Some keys in order, and how long a count of more than `fast` of them seems to take.
class Store : public KeyReader {
 public:
  explicit Store(std::vector<std::string> keys) : keys_(std::move(keys)) {
    std::ranges::sort(keys_);
  }

  absl::StatusOr<Counted> Count(const etcd::KeyRange& range) override {
    if (fails) return absl::OutOfRangeError("compacted");
    const auto keys =
        std::ranges::count_if(keys_, [&](const std::string& key) { return Holds(range, key); });
    largest_count = std::max<std::int64_t>(largest_count, keys);
    return Counted{.keys = keys,
                   .took = keys > fast ? std::chrono::seconds(1) : std::chrono::seconds(0)};
  }

  absl::StatusOr<std::vector<std::string>> Keys(const etcd::KeyRange& range,
                                                std::int64_t limit) override {
    std::vector<std::string> found;
    for (const std::string& key : keys_) {
      if (Holds(range, key) && std::ssize(found) < limit) found.push_back(key);
    }
    return found;
  }

  bool fails = false;
  std::int64_t fast = 1'000'000;
  std::int64_t largest_count = 0;

 private:
  static bool Holds(const etcd::KeyRange& range, const std::string& key) {
    return key >= range.begin && (range.end == std::string(1, '\0') || key < range.end);
  }

  std::vector<std::string> keys_;
};

ObjectSweep::Objects Swept(ObjectSweep& sweep, Store& store) {
  auto objects = sweep.Run(store);
  EXPECT_TRUE(objects.ok()) << objects.status();
  return objects.ok() ? *std::move(objects) : ObjectSweep::Objects();
}

ObjectSweep::Objects Swept(std::vector<std::string> keys) {
  ObjectSweep sweep{kubernetes::RegistryKeyReader()};
  Store store(std::move(keys));
  return Swept(sweep, store);
}

TEST(ObjectSweep, CountsNothingInAnEmptyStore) { EXPECT_THAT(Swept({}), IsEmpty()); }

TEST(ObjectSweep, CountsBuiltInResourcesByTheirNames) {
  EXPECT_THAT(
      Swept({"/registry/pods/a/1", "/registry/pods/b/2", "/registry/minions/n",
             "/registry/services/specs/a/s", "/registry/services/endpoints/a/s",
             "/kubernetes.io/pods/c/3"}),
      ElementsAre(Pair("endpoints", 1), Pair("nodes", 1), Pair("pods", 3), Pair("services", 1)));
}

TEST(ObjectSweep, CountsCustomResourcesThatHaveACrd) {
  EXPECT_THAT(Swept({"/registry/apiextensions.k8s.io/customresourcedefinitions/policyreports.wg.io",
                     "/registry/wg.io/policyreports/a/1", "/registry/wg.io/policyreports/a/2"}),
              ElementsAre(Pair("customresourcedefinitions.apiextensions.k8s.io", 1),
                          Pair("policyreports.wg.io", 2)));
}

TEST(ObjectSweep, FindsWhatNobodyNames) {
  EXPECT_THAT(
      Swept({"/registry/wardle.example.com/wardle.example.com/flunders/a/1",
             "/registry/wardle.example.com/wardle.example.com/fischers/1",
             "/registry/newthings/a/1", "/registry/newthings/b/2", "/registry/zz/1"}),
      ElementsAre(Pair("fischers.wardle.example.com", 1), Pair("flunders.wardle.example.com", 1),
                  Pair("newthings", 2), Pair("zz", 1)));
}

TEST(ObjectSweep, CountsOtherUsersOfEtcdByTheirPrefix) {
  EXPECT_THAT(Swept({"/calico/a", "/calico/b", "/registry/pods/a/1", "k3s/x"}),
              ElementsAre(Pair("/calico", 2), Pair("k3s", 1), Pair("pods", 1)));
}

TEST(ObjectSweep, CountsAllElseAsOther) {
  EXPECT_THAT(Swept({"compact_rev_key", "/registry/pods/a/1", "/registry/BAD/1", "/registry", "x",
                     std::string("\xff\xff", 2), std::string("\0\0", 2)}),
              ElementsAre(Pair("compact_rev_key", 1), Pair("other", 5), Pair("pods", 1)));
}

// Labels are those that the watch gives to the same keys, before the count and after it.
TEST(ObjectSweep, GivesPastTheMostForeignPrefixesNoNameToAny) {
  std::vector<std::string> keys{"/z-known/1", "/registry/pods/a/1"};
  for (char letter = 'a'; letter <= 'z'; ++letter) keys.push_back(std::string(1, letter) + "/1");
  kubernetes::RegistryKeyReader reader;
  EXPECT_EQ(reader.Read("/z-known/1").resource, "/z-known");
  ObjectSweep sweep(reader);
  Store store(keys);
  const auto objects = Swept(sweep, store);
  EXPECT_EQ(objects.at("/z-known"), 1U);
  EXPECT_EQ(objects.at("a"), 1U);
  EXPECT_EQ(objects.at("other"), 26 - (kubernetes::ForeignPrefixes::kMost - 1));
  EXPECT_EQ(reader.Read("z/1").resource, "other");
}

TEST(ObjectSweep, NamesNoForeignPrefixThatItDidNotReach) {
  std::vector<std::string> keys{"zz/1", "zz/2"};
  for (int i = 0; i <= ObjectSweep::kMaxUnnamed; ++i) keys.push_back("single-" + std::to_string(i));
  kubernetes::RegistryKeyReader reader;
  ObjectSweep sweep(reader);
  Store store(keys);
  EXPECT_THAT(Swept(sweep, store), ElementsAre(Pair("other", keys.size())));
  EXPECT_EQ(reader.Read("zz/1").resource, "other");
}

TEST(ObjectSweep, CountsALargeRangeInPartsTheNextTime) {
  std::vector<std::string> keys{"/registry/pods/0/1", "/registry/pods/~/1", "/registry/pods/-/1"};
  for (int i = 0; i < 400; ++i) {
    keys.push_back("/registry/pods/team-" + std::to_string(i) + "/pod");
  }
  ObjectSweep sweep{kubernetes::RegistryKeyReader()};
  Store store(keys);
  store.fast = 150;
  for (int i = 0; i < 12; ++i) {
    store.largest_count = 0;
    EXPECT_THAT(Swept(sweep, store), ElementsAre(Pair("pods", 403)));
  }
  EXPECT_LE(store.largest_count, store.fast);
}

TEST(ObjectSweep, StopsWhereTheReaderFails) {
  ObjectSweep sweep{kubernetes::RegistryKeyReader()};
  Store store({"/registry/pods/a/1"});
  store.fails = true;
  EXPECT_TRUE(absl::IsOutOfRange(sweep.Run(store).status()));
}

}  // namespace
}  // namespace headroom
