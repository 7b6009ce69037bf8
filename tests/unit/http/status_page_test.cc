#include "http/status_page.h"

#include <gmock/gmock.h>

#include <string>

#include "collectors/catalogue.h"

namespace headroom::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Lt;
using testing::Not;

constexpr double kGiB = 1 << 30;

class StatusPageTest : public testing::Test {
 protected:
  void AddMember(const std::string& name, double size, double quota) {
    families_.Add(metrics::kUp, 1, {{"member", name}});
    families_.Add(metrics::kMemberIsLeader, name == "m1" ? 1 : 0, {{"member", name}});
    families_.Add(metrics::kDbSize, size, {{"member", name}});
    families_.Add(metrics::kDbInUse, size / 2, {{"member", name}});
    families_.Add(metrics::kQuota, quota, {{"member", name}});
    if (quota > 0)
      families_.Add(metrics::kQuotaHeadroomRatio, 1 - size / quota, {{"member", name}});
  }
  std::string Render() { return StatusPage(std::move(families_).Take(), "/metrics"); }

  FamilySet families_;
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

TEST_F(StatusPageTest, SaysOfHowManyMembersItKnows) {
  AddMember("m1", kGiB, 4 * kGiB);
  families_.Add(metrics::kClusterMembers, 3, {{"role", "voter"}});
  families_.Add(metrics::kClusterMembers, 1, {{"role", "learner"}});
  EXPECT_THAT(Render(),
              HasSubstr("No alarm is armed. Members asked from here: 1 of 4; each answers."));
}

TEST_F(StatusPageTest, GivesNoAllClearWithoutAQuota) {
  families_.Add(metrics::kUp, 1, {{"member", "m1"}});
  families_.Add(metrics::kDbSize, kGiB, {{"member", "m1"}});
  EXPECT_THAT(Render(), AllOf(HasSubstr("The quota of a member is not known"),
                              Not(HasSubstr("No alarm is armed"))));
}

TEST_F(StatusPageTest, AsksForPatienceWithADefragmentation) {
  families_.Add(metrics::kUp, 0, {{"member", "m1"}});
  families_.Add(metrics::kDefragInProgress, 1, {{"member", "m1"}});
  EXPECT_THAT(Render(), AllOf(HasSubstr("do not restart it"), HasSubstr("<b>m1</b>defragmenting"),
                              Not(HasSubstr("does not answer"))));
}

TEST_F(StatusPageTest, SaysTheWorstFirst) {
  AddMember("m1", kGiB, 4 * kGiB);
  families_.Add(metrics::kUp, 0, {{"member", "m2"}});
  families_.Add(metrics::kAlarmActive, 1,
                {{"member", "m1"}, {"alarm", "NOSPACE"}, {"raised_by", "m1"}});
  families_.Add(metrics::kAlarmActive, 0,
                {{"member", "m1"}, {"alarm", "CORRUPT"}, {"raised_by", "m1"}});
  EXPECT_THAT(Render(), AllOf(HasSubstr("NOSPACE is armed by m1: etcd"), Not(HasSubstr("CORRUPT")),
                              HasSubstr("<b>m2</b>does not answer")));
}

TEST_F(StatusPageTest, ForbidsTheDisarmOfCorrupt) {
  AddMember("m1", kGiB, 4 * kGiB);
  for (const char* alarm : {"NOSPACE", "CORRUPT"})
    families_.Add(metrics::kAlarmActive, 1,
                  {{"member", "m1"}, {"alarm", alarm}, {"raised_by", "<m2>"}});
  EXPECT_THAT(Render(), AllOf(HasSubstr("CORRUPT is armed by &lt;m2&gt;"),
                              HasSubstr("Do not disarm"), Not(HasSubstr("NOSPACE"))));
}

TEST_F(StatusPageTest, WarnsWhenLittleIsLeft) {
  AddMember("m1", 3.8 * kGiB, 4 * kGiB);
  EXPECT_THAT(Render(), HasSubstr("Less than 10 % of a member's quota is left"));
}

TEST_F(StatusPageTest, NamesTheNearerOfDiskAndQuota) {
  AddMember("m1", kGiB, 4 * kGiB);
  families_.Add(metrics::kDataDiskFree, 2 * kGiB, {{"member", "m1"}});
  AddMember("m2", kGiB, 4 * kGiB);
  families_.Add(metrics::kDataDiskFree, 200 * kGiB, {{"member", "m2"}});
  EXPECT_THAT(Render(),
              AllOf(HasSubstr("quota 4.0 GiB, headroom 2.0 GiB (50.0 %) until the disk is full"),
                    HasSubstr("quota 4.0 GiB, headroom 3.0 GiB (75.0 %) until the quota is full"),
                    HasSubstr("<i style=\"width:16.7%\"></i><i style=\"width:16.7%\"></i>")));
}

TEST_F(StatusPageTest, WarnsOfADiskThatIsFullBeforeTheQuotaIs) {
  AddMember("m1", kGiB, 4 * kGiB);
  families_.Add(metrics::kDataDiskFree, 0.3 * kGiB, {{"member", "m1"}});
  EXPECT_THAT(Render(), AllOf(HasSubstr("The disk of a member has less room than 10 %"),
                              Not(HasSubstr("No alarm is armed"))));
}

TEST_F(StatusPageTest, KnowsTheDiskAsTheLimitWhereTheQuotaIsNone) {
  AddMember("m1", kGiB, -1);
  families_.Add(metrics::kDataDiskFree, 2 * kGiB, {{"member", "m1"}});
  EXPECT_THAT(Render(),
              HasSubstr("the quota is disabled, headroom 2.0 GiB until the disk is full"));
}

TEST_F(StatusPageTest, ShowsNoQuotaOfAMemberThatDoesNotAnswer) {
  families_.Add(metrics::kUp, 0, {{"member", "m1"}});
  families_.Add(metrics::kQuotaSource, 8 * kGiB, {{"member", "m1"}, {"source", "manifest"}});
  families_.Add(metrics::kDataDiskFree, 0, {{"member", "m1"}});
  EXPECT_THAT(Render(), AllOf(HasSubstr("<b>m1</b>does not answer<p>Its size is not known; free on "
                                        "its disk: 0 B.</p>"),
                              Not(HasSubstr("8.0 GiB"))));
}

TEST_F(StatusPageTest, SaysThatThereIsNoEtcd) {
  families_.Add(metrics::kEndpoints, 0);
  EXPECT_THAT(Render(), HasSubstr("There is no etcd to watch on this node."));
}

TEST_F(StatusPageTest, ShowsTheHeaviestWritersFirst) {
  AddMember("m1", kGiB, 4 * kGiB);
  families_.Add(metrics::kWriteBytes, 3 * 1024, {{"resource", "pods"}});
  families_.Add(metrics::kWriteBytes, 9 * 1024, {{"resource", "policyreports.wgpolicyk8s.io"}});
  families_.Add(metrics::kWriteBytes, 0, {{"resource", "secrets"}});
  const std::string page = Render();
  EXPECT_THAT(page, AllOf(HasSubstr("since this exporter started"), HasSubstr("9.0 KiB, 75 %"),
                          HasSubstr("3.0 KiB, 25 %"), Not(HasSubstr("secrets"))));
  EXPECT_LT(page.find("policyreports"), page.find("pods"));
}

TEST_F(StatusPageTest, PrefersWhatCompactionHasNotFreed) {
  AddMember("m1", kGiB, 4 * kGiB);
  families_.Add(metrics::kWriteBytes, 1024, {{"resource", "pods"}});
  families_.Add(metrics::kUncompactedWriteBytes, 512, {{"resource", "events"}});
  EXPECT_THAT(Render(), AllOf(HasSubstr("since the last compaction"), HasSubstr("<b>events</b>"),
                              Not(HasSubstr("<b>pods</b>"))));
}

TEST_F(StatusPageTest, NamesCannotBecomeMarkup) {
  AddMember("<script>alert('m')</script>\"&", kGiB, 4 * kGiB);
  families_.Add(metrics::kWriteBytes, 1, {{"resource", "<img src=x onerror=\"a()\">"}});
  EXPECT_THAT(Render(),
              AllOf(HasSubstr("&lt;script&gt;alert(&#39;m&#39;)&lt;/script&gt;&quot;&amp;"),
                    HasSubstr("&lt;img src=x onerror=&quot;a()&quot;&gt;"),
                    Not(HasSubstr("<script")), Not(HasSubstr("<img"))));
}

TEST_F(StatusPageTest, StaysSmallWhateverThereIs) {
  for (int i = 0; i < 1000; ++i) {
    const std::string name = std::string(100, 'm') + std::to_string(i);
    AddMember(name, kGiB, 4 * kGiB);
    families_.Add(metrics::kWriteBytes, i, {{"resource", name}});
  }
  const std::string page = Render();
  EXPECT_THAT(page.size(), Lt(50'000U));
  EXPECT_THAT(page, HasSubstr("and 970 more on the metrics page"));
}

}  // namespace
}  // namespace headroom::http
