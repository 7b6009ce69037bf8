#include "http/recent_writers.h"

#include <gmock/gmock.h>

namespace headroom::http {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

ChurnSnapshot Page(std::vector<ChurnSnapshot::Manager> managers) {
  ChurnSnapshot churn;
  churn.managers = std::move(managers);
  return churn;
}

ChurnSnapshot::Manager Of(const char* manager, const char* resource, std::uint64_t bytes) {
  return {resource, manager, "", {.writes = 1, .bytes = bytes}};
}

class RecentWritersTest : public testing::Test {
 protected:
  void PageAt(int minute, std::vector<ChurnSnapshot::Manager> managers) {
    recent_.OnPage(Page(std::move(managers)), start_ + minutes(minute));
  }
  RecentShares At(int minute) const { return recent_.Shares(start_ + minutes(minute)); }

  RecentWriters recent_;
  RecentWriters::Clock::time_point start_;
};

TEST_F(RecentWritersTest, KnowNothingBeforeTheSecondPage) {
  EXPECT_THAT(At(0).managers, IsEmpty());
  PageAt(0, {Of("helm", "secrets", 500)});
  EXPECT_THAT(At(0).managers, IsEmpty()) << "when that was written is not known";
}

TEST_F(RecentWritersTest, AddUpWhatEachWroteBetweenPages) {
  PageAt(0, {Of("helm", "secrets", 500), Of("kubelet", "pods", 10)});
  PageAt(1, {Of("helm", "secrets", 501), Of("kubelet", "pods", 20), Of("kubelet", "nodes", 5)});
  const RecentShares shares = At(2);
  EXPECT_EQ(shares.seconds, 60);
  EXPECT_THAT(shares.managers, UnorderedElementsAre(Pair("kubelet", 15), Pair("helm", 1)));
}

TEST_F(RecentWritersTest, CountASeriesThatComesBackFromZero) {
  PageAt(0, {Of("helm", "secrets", 500)});
  PageAt(1, {});
  PageAt(2, {Of("helm", "secrets", 7)});
  EXPECT_THAT(At(2).managers, ElementsAre(Pair("helm", 7)));
}

TEST_F(RecentWritersTest, PassOverAPageThatALaterOneOvertook) {
  PageAt(0, {Of("helm", "secrets", 0)});
  PageAt(1, {Of("helm", "secrets", 30)});
  PageAt(1, {Of("helm", "secrets", 20)});
  PageAt(2, {Of("helm", "secrets", 40)});
  EXPECT_THAT(At(2).managers, ElementsAre(Pair("helm", 40)));
}

TEST_F(RecentWritersTest, KnowNamespacesAndReportersOfEventsApart) {
  ChurnSnapshot churn;
  recent_.OnPage(churn, start_);
  churn.managers = {Of("same", "pods", 1)};
  churn.namespaces = {{"pods", "same", {.writes = 1, .bytes = 20}},
                      {"secrets", "same", {.writes = 1, .bytes = 3}}};
  churn.event_objects = {{"same", "Killing", "Pod", {.writes = 1, .bytes = 400}}};
  recent_.OnPage(churn, start_ + minutes(1));
  EXPECT_THAT(At(1).managers, ElementsAre(Pair("same", 1)));
  EXPECT_THAT(At(1).namespaces, ElementsAre(Pair("same", 23)));
  EXPECT_THAT(At(1).reporters, ElementsAre(Pair("same", 400)));
}

TEST_F(RecentWritersTest, ForgetWhatIsTwoWindowsOld) {
  for (int minute = 0; minute <= 12; ++minute) {
    PageAt(minute, {Of("helm", "secrets", static_cast<std::uint64_t>(minute))});
  }
  EXPECT_EQ(At(12).seconds, 7 * 60);
  EXPECT_THAT(At(12).managers, ElementsAre(Pair("helm", 7)));
  EXPECT_THAT(At(23).managers, IsEmpty()) << "no scraper for long";
}

}  // namespace
}  // namespace headroom::http
