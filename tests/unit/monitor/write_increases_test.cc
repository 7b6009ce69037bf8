#include "monitor/write_increases.h"

#include <gmock/gmock.h>

namespace headroom {
namespace {

using accounting::WriterKind;
using accounting::WriterName;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

ChurnSnapshot::Manager Of(const char* manager, const char* resource, std::uint64_t bytes) {
  return {resource, manager, "", {.writes = 1, .bytes = bytes}};
}

MATCHER_P4(Wrote, kind, name, resource, bytes, "") {
  return arg.kind == kind && arg.writer == (WriterName{name, resource}) &&
         arg.bytes == static_cast<std::uint64_t>(bytes);
}

class WriteIncreasesTest : public testing::Test {
 protected:
  std::vector<WriteIncrease> Page(std::vector<ChurnSnapshot::Manager> managers) {
    ChurnSnapshot churn;
    churn.managers = std::move(managers);
    return increases_.OnPage(churn);
  }

  WriteIncreases increases_;
};

TEST_F(WriteIncreasesTest, KnowNothingOfTheFirstPage) {
  EXPECT_THAT(Page({Of("helm", "secrets", 500)}), IsEmpty());
}

TEST_F(WriteIncreasesTest, AreWhatEachWroteBetweenPages) {
  Page({Of("helm", "secrets", 500), Of("kubelet", "pods", 10)});
  EXPECT_THAT(
      Page({Of("helm", "secrets", 501), Of("kubelet", "pods", 10), Of("kubelet", "nodes", 5)}),
      UnorderedElementsAre(Wrote(WriterKind::kManager, "helm", "secrets", 1),
                           Wrote(WriterKind::kManager, "kubelet", "nodes", 5)));
}

TEST_F(WriteIncreasesTest, CountASeriesThatComesBackFromZero) {
  Page({Of("helm", "secrets", 500)});
  Page({});
  EXPECT_THAT(Page({Of("helm", "secrets", 7)}),
              UnorderedElementsAre(Wrote(WriterKind::kManager, "helm", "secrets", 7)));
}

TEST_F(WriteIncreasesTest, PassOverAPageThatALaterOneOvertook) {
  Page({Of("helm", "secrets", 0)});
  Page({Of("helm", "secrets", 30)});
  EXPECT_THAT(Page({Of("kubelet", "pods", 9), Of("helm", "secrets", 20)}), IsEmpty());
  EXPECT_THAT(Page({Of("helm", "secrets", 40)}),
              UnorderedElementsAre(Wrote(WriterKind::kManager, "helm", "secrets", 10)));
}

TEST_F(WriteIncreasesTest, KnowNamespacesAndReportersOfEvents) {
  ChurnSnapshot churn;
  increases_.OnPage(churn);
  churn.namespaces = {{"pods", "shop", {.writes = 1, .bytes = 20}}};
  churn.event_objects = {{"kubelet", "Killing", "Pod", {.writes = 1, .bytes = 400}}};
  EXPECT_THAT(increases_.OnPage(churn),
              UnorderedElementsAre(Wrote(WriterKind::kNamespace, "shop", "pods", 20),
                                   Wrote(WriterKind::kReporter, "kubelet", "Killing", 400)));
}

}  // namespace
}  // namespace headroom
