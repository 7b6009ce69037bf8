#include "analyze/removable.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "analyze/age.h"
#include "support/wire.h"

namespace headroom::analyze {
namespace {

using test::Bytes;
using test::Number;
using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Removable::Kind;

constexpr std::uint64_t kNow = 1'796'000'400;
constexpr std::uint64_t kHour = kHourSeconds;

std::string Object(const std::string& metadata, std::uint64_t created = kNow,
                   const std::string& rest = "") {
  return std::string("k8s\0", 4) +
         Bytes(2, Bytes(1, metadata + Bytes(8, Number(1, created))) + rest);
}
std::string OwnedBy(const std::string& uid) { return Bytes(13, Bytes(4, uid)); }

// A finder that knows what time it is.
class RemovableTest : public testing::Test {
 protected:
  RemovableTest() { finder_.Add("leases.coordination.k8s.io", Object(""), 10); }

  std::vector<std::string> Found(bool complete = true) {
    std::vector<std::string> found;
    for (const auto& row : finder_.Find(complete).rows) {
      found.push_back(std::to_string(static_cast<int>(row.kind)) + ": " +
                      std::to_string(row.objects) + " " + std::to_string(row.day_old) + " " +
                      std::to_string(row.bytes));
    }
    return found;
  }
  static std::string Line(Kind kind, const std::string& numbers) {
    return std::to_string(static_cast<int>(kind)) + ": " + numbers;
  }

  RemovableFinder finder_;
};

TEST_F(RemovableTest, CountsFinishedObjectsByAge) {
  const std::string succeeded = Bytes(3, Bytes(1, "Succeeded"));
  finder_.Add("pods", Object("", kNow - 25 * kHour, succeeded), 100);
  finder_.Add("pods", Object("", kNow - 23 * kHour, succeeded), 50);
  finder_.Add("pods", Object("", kNow - 25 * kHour, Bytes(3, Bytes(1, "Running"))), 1000);
  EXPECT_THAT(Found(), ElementsAre(Line(Kind::kFinishedPods, "2 1 150")));
}

TEST_F(RemovableTest, CountsObjectsWhoseOwnersAreAllGone) {
  finder_.Add("pods", Object(OwnedBy("gone"), kNow - 25 * kHour), 100);
  finder_.Add("pods", Object(OwnedBy("gone") + OwnedBy("later")), 20);
  finder_.Add("pods", Object(OwnedBy("gone") + OwnedBy("away")), 7);
  finder_.Add("things.example.com",
              R"({"metadata":{"uid":"later","ownerReferences":[{"uid":"gone"}]}})", 3);
  EXPECT_THAT(Found(), ElementsAre(Line(Kind::kOrphans, "3 1 110")));
}

TEST_F(RemovableTest, CountsNoOrphansWhereAnOwnerMayBeUnread) {
  finder_.Add("pods", Object(OwnedBy("gone")), 100);
  EXPECT_THAT(Found(false), IsEmpty());
  finder_.Add("secrets", "k8s:enc:aescbc:v1:key:xyz", 9);
  EXPECT_THAT(Found(), IsEmpty());
  EXPECT_EQ(finder_.Find(true).encrypted_objects, 1U);
}

TEST_F(RemovableTest, CountsEventsThatAreOlderThanAnyLease) {
  finder_.Add("events", Object("", kNow - 2 * kHour), 5);
  finder_.Add("events", Object("", kNow - 4 * kHour), 10);
  finder_.Add("events", Object("", kNow - 30 * kHour), 100);
  EXPECT_THAT(Found(), IsEmpty()) << "no lease says how long Events live";
  finder_.SeeLease(15);
  finder_.SeeLease(3660);
  EXPECT_THAT(Found(), ElementsAre(Line(Kind::kExpiredEvents, "2 1 110")));
}

TEST_F(RemovableTest, KeepsEventsThatWereWrittenLately) {
  finder_.SeeLease(3660);
  finder_.Add(
      "events",
      Object(Bytes(17, Bytes(1, "kubelet") + Bytes(4, Number(1, kNow - kHour))), kNow - 30 * kHour),
      5);
  EXPECT_THAT(Found(), IsEmpty());
}

TEST(AgeClass, TellsAgesApart) {
  constexpr std::int64_t kEnd = kNow;
  EXPECT_EQ(AgeClass(kEnd + 5, kEnd), "under 1 h");
  EXPECT_EQ(AgeClass(kEnd - kHourSeconds, kEnd), "1 to 6 h");
  EXPECT_EQ(AgeClass(kEnd - kDaySeconds, kEnd), "1 to 7 days");
  EXPECT_EQ(AgeClass(kEnd - 30 * kDaySeconds, kEnd), "30 to 365 days");
  EXPECT_EQ(AgeClass(0, kEnd), "over 1 year");
  EXPECT_EQ(AgeClass(std::nullopt, kEnd), "unknown");
  EXPECT_EQ(AgeClass(kEnd, std::nullopt), "unknown");
}

}  // namespace
}  // namespace headroom::analyze
