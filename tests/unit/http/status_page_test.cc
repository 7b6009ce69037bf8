#include "http/status_page.h"

#include <gmock/gmock.h>

#include <cstdint>
#include <optional>
#include <string>

namespace headroom::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Lt;
using testing::Not;

constexpr std::int64_t kGiB = 1 << 30;

class StatusPageTest : public testing::Test {
 protected:
  // One that answers; the quota is unknown when absent.
  MemberReport& AddMember(const std::string& name, std::int64_t size,
                          std::optional<std::int64_t> quota) {
    const std::uint64_t id = cluster_.members.size() + 1;
    MemberReport member{.label = name};
    member.facts.status = etcd::StatusReply{.member_id = id,
                                            .db_size_bytes = size,
                                            .db_in_use_bytes = size / 2,
                                            .leader_id = 1,
                                            .quota_bytes = quota};
    return cluster_.members.emplace_back(member);
  }
  MemberReport& AddSilentMember(const std::string& name) {
    return cluster_.members.emplace_back(MemberReport{.label = name});
  }
  void AddDisk(const std::string& member, std::int64_t free_bytes) {
    disk_ = DataDisk{.member = member, .space = {static_cast<std::uint64_t>(free_bytes), 0}};
  }
  void AddWriter(const std::string& resource, std::uint64_t bytes,
                 std::optional<std::uint64_t> uncompacted = std::nullopt) {
    churn_.resources.push_back(
        {.name = resource, .write_bytes = bytes, .uncompacted_bytes = uncompacted});
  }
  std::string Render() const {
    return StatusPage({.cluster = cluster_, .disk = disk_, .churn = churn_}, day_, "/metrics");
  }

  ClusterReport cluster_;
  std::optional<DataDisk> disk_;
  ChurnSnapshot churn_;
  DayView day_;
};

TEST_F(StatusPageTest, ShowsEachMemberAgainstItsQuota) {
  AddMember("m1", kGiB, 4 * kGiB);
  AddMember("m2", kGiB, -1);
  EXPECT_THAT(
      Render(),
      AllOf(HasSubstr("<b>m1</b>leader"), HasSubstr("<b>m2</b>follower"),
            HasSubstr("File 1.0 GiB: 512.0 MiB in use and 512.0 MiB free pages; quota 4.0 "
                      "GiB, headroom 3.0 GiB (75.0 %)"),
            HasSubstr("<i style=\"width:12.5%\"></i><i style=\"width:12.5%\"></i>"),
            HasSubstr("the quota is disabled"), HasSubstr("The quota of a member is disabled")));
}

TEST_F(StatusPageTest, ColoursBarsByWhatIsLeft) {
  AddMember("m1", kGiB, 2 * kGiB);
  EXPECT_THAT(Render(), HasSubstr("<div class=\"bar\" "));
  AddMember("m2", 4 * kGiB, 5 * kGiB);
  EXPECT_THAT(Render(), AllOf(HasSubstr("<div class=\"bar tight\" "), Not(HasSubstr("bar full"))));
  AddMember("m3", 19 * kGiB, 20 * kGiB);
  EXPECT_THAT(Render(), HasSubstr("<div class=\"bar full\" "));
}

TEST_F(StatusPageTest, SaysOfHowManyMembersItKnows) {
  AddMember("m1", kGiB, 4 * kGiB);
  cluster_.list.resize(4);
  EXPECT_THAT(Render(),
              HasSubstr("No alarm is armed. Members asked from here: 1 of 4; each answers."));
}

TEST_F(StatusPageTest, GivesNoAllClearWithoutAQuota) {
  AddMember("m1", kGiB, std::nullopt);
  EXPECT_THAT(Render(), AllOf(HasSubstr("The quota of a member is not known"),
                              Not(HasSubstr("No alarm is armed"))));
}

TEST_F(StatusPageTest, AsksForPatienceWithADefragmentation) {
  AddSilentMember("m1").facts.page = etcd::PageFacts{.defrag_in_progress = 1};
  EXPECT_THAT(Render(), AllOf(HasSubstr("do not restart it"), HasSubstr("<b>m1</b>defragmenting"),
                              Not(HasSubstr("does not answer"))));
}

TEST_F(StatusPageTest, SaysTheWorstFirst) {
  AddMember("m1", kGiB, 4 * kGiB).facts.status->alarms = {{.member_id = 1, .type = "NOSPACE"}};
  AddSilentMember("m2");
  EXPECT_THAT(Render(), AllOf(HasSubstr("NOSPACE is armed by m1: etcd"), Not(HasSubstr("CORRUPT")),
                              HasSubstr("<b>m2</b>does not answer")));
}

TEST_F(StatusPageTest, ForbidsTheDisarmOfCorrupt) {
  AddMember("m1", kGiB, 4 * kGiB).facts.status->alarms = {{.member_id = 7, .type = "NOSPACE"},
                                                          {.member_id = 7, .type = "CORRUPT"}};
  cluster_.names = {{.id = 7, .name = "<m2>"}};
  EXPECT_THAT(Render(), AllOf(HasSubstr("CORRUPT is armed by &lt;m2&gt;"),
                              HasSubstr("Do not disarm"), Not(HasSubstr("NOSPACE"))));
}

TEST_F(StatusPageTest, WarnsWhenLittleIsLeft) {
  AddMember("m1", 38 * kGiB / 10, 4 * kGiB);
  EXPECT_THAT(Render(), HasSubstr("Less than 10 % of a member's quota is left"));
}

TEST_F(StatusPageTest, NamesTheNearerOfDiskAndQuota) {
  AddMember("m1", kGiB, 4 * kGiB);
  AddDisk("m1", 2 * kGiB);
  AddMember("m2", kGiB, 4 * kGiB);
  EXPECT_THAT(Render(),
              AllOf(HasSubstr("quota 4.0 GiB, headroom 2.0 GiB (50.0 %) until the disk is full"),
                    HasSubstr("quota 4.0 GiB, headroom 3.0 GiB (75.0 %)</small>"),
                    HasSubstr("<i style=\"width:16.7%\"></i><i style=\"width:16.7%\"></i>")));
}

TEST_F(StatusPageTest, NamesTheQuotaWhereTheDiskHasMore) {
  AddMember("m1", kGiB, 4 * kGiB);
  AddDisk("m1", 200 * kGiB);
  EXPECT_THAT(Render(),
              HasSubstr("quota 4.0 GiB, headroom 3.0 GiB (75.0 %) until the quota is full"));
}

TEST_F(StatusPageTest, WarnsOfADiskThatIsFullBeforeTheQuotaIs) {
  AddMember("m1", kGiB, 4 * kGiB);
  AddDisk("m1", 3 * kGiB / 10);
  EXPECT_THAT(Render(), AllOf(HasSubstr("The disk of a member has less room than 10 %"),
                              Not(HasSubstr("No alarm is armed"))));
}

TEST_F(StatusPageTest, KnowsTheDiskAsTheLimitWhereTheQuotaIsNone) {
  AddMember("m1", kGiB, -1);
  AddDisk("m1", 2 * kGiB);
  EXPECT_THAT(Render(),
              HasSubstr("the quota is disabled, headroom 2.0 GiB until the disk is full"));
}

TEST_F(StatusPageTest, ShowsNoQuotaOfAMemberThatDoesNotAnswer) {
  AddSilentMember("m1").configured_quota.manifest = 8 * kGiB;
  AddDisk("m1", 0);
  EXPECT_THAT(Render(), AllOf(HasSubstr("<b>m1</b>does not answer<p>Its size is not known; free on "
                                        "its disk: 0 B.</p>"),
                              Not(HasSubstr("8.0 GiB"))));
}

TEST_F(StatusPageTest, SaysThatThereIsNoEtcd) {
  EXPECT_THAT(Render(), HasSubstr("There is no etcd to watch on this node."));
}

TEST_F(StatusPageTest, ShowsManagersBeforeResources) {
  AddWriter("pods", 1024);
  EXPECT_THAT(Render(), Not(HasSubstr("Who writes"))) << "nothing is known of managers";
  day_.quarter_hour = {.seconds = 600,
                       .by_kind = {{{6 * 1024,
                                     {{{"kubelet", "pods"}, 3 * 1024},
                                      {{"<helm>", "secrets"}, 1024},
                                      {{"kubelet", "nodes"}, 512}}},
                                    {1024, {{{"", "nodes"}, 1024}}},
                                    {2048, {{{"scheduler", "FailedScheduling"}, 2048}}}}}};
  const std::string page = Render();
  EXPECT_THAT(
      page,
      AllOf(HasSubstr("in the last 10 min, by field manager. All together: 6.0 KiB, 10 B a second"),
            HasSubstr("<b>(no namespace)</b>1.0 KiB, 100 %"),
            HasSubstr("<b>scheduler</b>2.0 KiB, 100 %"), HasSubstr("<b>kubelet</b>3.5 KiB, 58 %"),
            HasSubstr("<b>&lt;helm&gt;</b>1.0 KiB, 17 %"), Not(HasSubstr("Who wrote most"))));
  EXPECT_THAT(page.find("<b>kubelet</b>"), Lt(page.find("<b>pods</b>")));
  day_.day = {.seconds = 86400, .by_kind = {{{2048, {{{"argo", "workflows"}, 2048}}}, {}, {}}}};
  EXPECT_THAT(Render(), AllOf(HasSubstr("Who wrote most"), HasSubstr("in the last 24.0 h, by"),
                              HasSubstr("<b>argo</b>2.0 KiB, 100 %")));
}

TEST_F(StatusPageTest, SaysWhenItIsFull) {
  AddMember("m1", kGiB, 4 * kGiB);
  day_.forecast = {.horizon_minutes = 60,
                   .bytes_per_second = 1024,
                   .earliest_seconds = 3 * 3600.0,
                   .latest_seconds = 5 * 3600.0};
  EXPECT_THAT(Render(), HasSubstr("<p class=\"state\">Full in 3.0 h to 5.0 h: in-use grew by 1.0 "
                                  "KiB a second over 60 min.</p>"));
  day_.forecast->earliest_seconds = 600;
  EXPECT_THAT(Render(), HasSubstr("<p class=\"state bad\" role=\"alert\">Full in 10 min to"));
  AddMember("m2", 95 * kGiB / 100, kGiB);
  EXPECT_THAT(Render(),
              HasSubstr("is left. At its end etcd refuses every write. Full in 10 min to"));
  cluster_.members[0].facts.status->alarms = {{.member_id = 1, .type = "NOSPACE"}};
  EXPECT_THAT(Render(), Not(HasSubstr("Full in"))) << "it is full";
}

TEST_F(StatusPageTest, ShowsTheHeaviestWritersFirst) {
  AddMember("m1", kGiB, 4 * kGiB);
  AddWriter("pods", 3 * 1024);
  AddWriter("policyreports.wgpolicyk8s.io", 9 * 1024);
  AddWriter("secrets", 0);
  const std::string page = Render();
  EXPECT_THAT(page, AllOf(HasSubstr("since this exporter started"), HasSubstr("9.0 KiB, 75 %"),
                          HasSubstr("3.0 KiB, 25 %"), Not(HasSubstr("secrets"))));
  EXPECT_LT(page.find("policyreports"), page.find("pods"));
}

TEST_F(StatusPageTest, PrefersWhatCompactionHasNotFreed) {
  AddMember("m1", kGiB, 4 * kGiB);
  AddWriter("pods", 1024, 0);
  AddWriter("events", 512, 512);
  EXPECT_THAT(Render(), AllOf(HasSubstr("since the last compaction"), HasSubstr("<b>events</b>"),
                              Not(HasSubstr("<b>pods</b>"))));
}

TEST_F(StatusPageTest, NamesCannotBecomeMarkup) {
  AddMember("<script>alert('m')</script>\"&", kGiB, 4 * kGiB);
  AddWriter("<img src=x onerror=\"a()\">", 1);
  EXPECT_THAT(Render(),
              AllOf(HasSubstr("&lt;script&gt;alert(&#39;m&#39;)&lt;/script&gt;&quot;&amp;"),
                    HasSubstr("&lt;img src=x onerror=&quot;a()&quot;&gt;"),
                    Not(HasSubstr("<script")), Not(HasSubstr("<img"))));
}

TEST_F(StatusPageTest, StaysSmallWhateverThereIs) {
  for (int i = 0; i < 1000; ++i) {
    const std::string name = std::string(100, 'm') + std::to_string(i);
    AddMember(name, kGiB, 4 * kGiB);
    AddWriter(name, static_cast<std::uint64_t>(i));
  }
  const std::string page = Render();
  EXPECT_THAT(page.size(), Lt(50'000U));
  EXPECT_THAT(page, HasSubstr("and 970 more on the metrics page"));
}

}  // namespace
}  // namespace headroom::http
