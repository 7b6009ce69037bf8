#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "analyze/json.h"
#include "analyze/text.h"
#include "analyze/verdict.h"

namespace headroom::analyze {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Row RowOf(std::string resource, std::uint64_t live_bytes, std::uint64_t history_bytes) {
  return {.resource = std::move(resource),
          .part = "",
          .usage = {.live_objects = 1,
                    .live_bytes = live_bytes,
                    .superseded_revisions = 2,
                    .superseded_bytes = history_bytes,
                    .history_stored_bytes = history_bytes,
                    .stored_bytes = live_bytes + history_bytes,
                    .live_page_bytes = 2 * live_bytes,
                    .history_page_bytes = 2 * history_bytes}};
}

Analysis AnalysisOf(std::vector<Row> rows) {
  // The file is longer than what etcd compares to its quota.
  Analysis analysis{
      .path = "db", .file_bytes = 2U << 20U, .size_bytes = 1U << 20U, .resources = std::move(rows)};
  for (const Row& row : analysis.resources) analysis.total += row.usage;
  analysis.walk.meta = {.page_bytes = 4096, .root = 2, .high_water = 256, .transaction = 1};
  analysis.parts.free = 200U << 10U;
  analysis.parts.beyond_mark = 1U << 20U;
  analysis.forecast = {.compaction_bytes = analysis.total.history_bytes() * 3 / 2,
                       .defragmented_bytes = 20U << 10U};
  return analysis;
}

TEST(Verdict, NamesTheHeaviestWriterFirstWhenHistoryWeighsMore) {
  const Analysis analysis = AnalysisOf({RowOf("events", 2048, 1024), RowOf("leases", 10, 4096)});
  EXPECT_THAT(
      Verdict(analysis),
      ElementsAre(HasSubstr("Compaction would free about 7.5 KiB (0.7 % of the file)"),
                  HasSubstr("give back 200.0 KiB or more now; once a compaction has finished, it "
                            "would shrink the file to about 20.0 KiB."),
                  HasSubstr("Slow down first what writes leases: 2 old versions and 0 deleted "
                            "objects take 8.0 KiB, 80.0 % of all history."),
                  HasSubstr("Delete first what is not needed of events: 1 live objects take 4.0 "
                            "KiB, 0.4 % of the file.")));
}

TEST(Verdict, NamesTheLargestFirstWhenLiveDataWeighMore) {
  const Analysis analysis = AnalysisOf({RowOf("events", 9000, 1024), RowOf("leases", 10, 4096)});
  EXPECT_THAT(Verdict(analysis)[2], HasSubstr("Delete first what is not needed of events"));
}

// A CustomResourceDefinition takes all its objects along.
TEST(Verdict, NeverSaysToDeleteWhatTheClusterConsistsOf) {
  for (const char* resource : {"customresourcedefinitions.apiextensions.k8s.io", "namespaces",
                               "secrets", "pods", "roles.rbac.authorization.k8s.io"}) {
    Analysis analysis = AnalysisOf({RowOf(resource, 9000, 0), RowOf("jobs.batch", 100, 0)});
    analysis.largest_objects = {{.key = "/registry/a", .resource = resource, .bytes = 3072},
                                {.key = "/registry/b", .resource = "jobs.batch", .bytes = 100}};
    const auto verdict = Verdict(analysis);
    ASSERT_EQ(verdict.size(), 3U) << "a few jobs are no help";
    EXPECT_THAT(verdict[2], AllOf(HasSubstr("do not delete them"), Not(HasSubstr("Delete first")),
                                  HasSubstr("The largest: /registry/a (3.0 KiB).")));
  }
}

TEST(Verdict, SaysToDeleteTheLargestThatIsOfNoLastingUse) {
  const auto verdict = Verdict(AnalysisOf(
      {RowOf("secrets", 9000, 0), RowOf("events", 900, 0), RowOf("jobs.batch", 1000, 0)}));
  ASSERT_EQ(verdict.size(), 4U);
  EXPECT_THAT(verdict[2], HasSubstr("Most of what lives is secrets"));
  EXPECT_THAT(verdict[3], HasSubstr("Delete first what is not needed of jobs.batch"));
}

TEST(Verdict, LeavesTheObjectsOfOthersToTheirOwners) {
  const auto verdict = Verdict(AnalysisOf({RowOf("widgets.example.com", 9000, 0)}));
  EXPECT_THAT(verdict[2], HasSubstr("Delete none whose owner does not agree."));
}

TEST(Verdict, PromisesNothingWithoutHistory) {
  EXPECT_THAT(
      Verdict(AnalysisOf({{.resource = "events",
                           .part = "",
                           .usage = {.live_objects = 1, .live_page_bytes = 9000}}})),
      ElementsAre(HasSubstr("Compaction would free nothing"),
                  "Defragmentation would give back 200.0 KiB or more: it would shrink the file to "
                  "about 20.0 KiB.",
                  HasSubstr("Delete first")));
}

TEST(Verdict, CannotTellWhatIsFreeInAnUnreadableFile) {
  Analysis analysis = AnalysisOf({});
  analysis.walk.unreadable_pages = 1;
  analysis.problem = "1 pages cannot be read";
  EXPECT_THAT(Verdict(analysis), ElementsAre(HasSubstr("What compaction would free is unknown"),
                                             HasSubstr("would give back is unknown")));
}

TEST(Verdict, IsUncertainWhereAPartWasNotRead) {
  Analysis analysis = AnalysisOf({RowOf("events", 9000, 1024), RowOf("leases", 10, 4096)});
  analysis.problem = "2 records cannot be decoded";
  EXPECT_THAT(
      Verdict(analysis),
      ElementsAre(
          HasSubstr("Compaction would free at least 7.5 KiB"),
          "Defragmentation would give back 200.0 KiB or more.",
          AllOf(HasSubstr("Uncertain"), HasSubstr("Delete first what is not needed of events")),
          AllOf(HasSubstr("Uncertain"), HasSubstr("Slow down first what writes leases"),
                Not(HasSubstr("of all")))));
}

// Its data are not to be trusted, and each of the other steps makes it worse.
TEST(Verdict, SaysNothingElseWhileCorruptIsArmed) {
  Analysis analysis = AnalysisOf({RowOf("pods", 9000, 1024)});
  analysis.notes.alarms = {{.member = 1, .type = 1}, {.member = 2, .type = 2}};
  const std::string only =
      "CORRUPT is armed: the members' data differ; do not compact, defragment or disarm; find the "
      "member and replace it.";
  EXPECT_THAT(Verdict(analysis), ElementsAre(only));
  EXPECT_THAT(Text(analysis, 9), Not(HasSubstr("ompaction would")));
  const auto json = nlohmann::json::parse(Json(analysis, 9));
  EXPECT_EQ(json["verdict"], nlohmann::json::array({only}));
}

TEST(Text, AddsUpWhatIsBelowTheTop) {
  const Analysis analysis =
      AnalysisOf({RowOf("pods", 9000, 0), RowOf("nodes", 10, 0), RowOf("jobs.batch", 5, 0)});
  const std::string all = Text(analysis, 3);
  EXPECT_THAT(all, HasSubstr("jobs.batch "));
  EXPECT_THAT(all, Not(HasSubstr("more)")));
  const std::string one = Text(analysis, 1);
  EXPECT_THAT(one, HasSubstr("(2 more)        2     15 B"));
  EXPECT_THAT(one, Not(HasSubstr("jobs.batch ")));
  EXPECT_THAT(one, HasSubstr("total           3  8.8 KiB"));
}

TEST(Text, FitsATerminalOf80Columns) {
  Row row = RowOf("verylongresourcename.group.of.a.vendor.example.com", 1023 << 10U, 1023 << 10U);
  row.usage.live_objects = 123'456'789;
  Analysis analysis = AnalysisOf({row});
  row.part = "a-namespace-with-a-long-name";
  analysis.question = {.by = Breakdown::kNamespace, .fields = true};
  analysis.breakdown = {row};
  analysis.breakdown_totals = {{.part = row.part, .usage = row.usage}};
  analysis.fields = {{.resource = row.resource, .live_bytes = 1023 << 10U}};
  analysis.removable = Removable{.encrypted_objects = 123'456'789};
  for (std::size_t kind = 0; kind < Removable::kKinds; ++kind) {
    analysis.removable->rows.push_back({.kind = static_cast<Removable::Kind>(kind),
                                        .objects = 123'456'789,
                                        .day_old = 123'456'789,
                                        .bytes = 1023 << 10U});
  }
  std::istringstream lines(Text(analysis, 3));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(Text, SumsUpPartsBeforeItShowsThemByResource) {
  Analysis analysis = AnalysisOf({RowOf("pods", 9000, 0)});
  analysis.question.by = Breakdown::kManager;
  analysis.breakdown = analysis.resources;
  analysis.breakdown[0].part = "kubelet";
  analysis.breakdown_totals = TotalsByPart(analysis.breakdown);
  EXPECT_THAT(Text(analysis, 3), testing::ContainsRegex("\nMANAGER  OBJECTS .*\nkubelet  .*\n"
                                                        "total .*\n\nRESOURCE  MANAGER  OBJECTS"));
}

TEST(Text, SaysHowToRemoveWhatHasDoneItsWork) {
  Analysis analysis = AnalysisOf({RowOf("jobs.batch", 9000, 0)});
  analysis.removable = Removable{};
  EXPECT_THAT(Text(analysis, 3), HasSubstr("No live object was found that has done its work."));
  analysis.removable->rows = {
      {.kind = Removable::Kind::kFinishedJobs, .objects = 9, .day_old = 4, .bytes = 900}};
  EXPECT_THAT(Text(analysis, 3),
              AllOf(testing::ContainsRegex("finished Jobs +9 +4 +900 B +10.0 %"),
                    HasSubstr("kubectl delete jobs -A"), Not(HasSubstr("etcdctl"))));
  EXPECT_EQ(nlohmann::json::parse(Json(analysis, 3))["removable"][0]["what"], "finished_jobs");
}

TEST(Text, ShowsSharesOfFields) {
  Analysis analysis = AnalysisOf({RowOf("pods", 1000, 0)});
  analysis.question.fields = true;
  analysis.fields = {{.resource = "pods",
                      .live_bytes = 1000,
                      .fields = {.managed_fields = 530, .annotations = 20, .status = 200}}};
  EXPECT_THAT(Text(analysis, 3),
              testing::ContainsRegex("pods +1000 B +53.0 % +20.0 % +2.0 % +25.0 %"));
  EXPECT_EQ(nlohmann::json::parse(Json(analysis, 3))["fields"][0]["rest_bytes"], 250);
}

TEST(Text, CallsTheFileWhatEtcdComparesToItsQuota) {
  const std::string text = Text(AnalysisOf({RowOf("pods", 9000, 0)}), 3);
  EXPECT_THAT(text, HasSubstr("database of 1.0 MiB, which etcd compares to its quota"));
  EXPECT_THAT(text, HasSubstr("free pages                            200.0 KiB   19.5 %\n"));
  EXPECT_THAT(text, HasSubstr("behind it, not counted by etcd          1.0 MiB\n"));
}

TEST(Text, NamesTheLargestObjects) {
  Analysis analysis = AnalysisOf({RowOf("pods", 9000, 0)});
  EXPECT_THAT(Text(analysis, 3), Not(HasSubstr("LARGEST OBJECTS")));
  analysis.largest_objects = {{.key = "/registry/pods/a/web", .resource = "pods", .bytes = 2048}};
  EXPECT_THAT(Text(analysis, 3), HasSubstr("BYTES    LARGEST OBJECTS\n"
                                           "2.0 KiB  /registry/pods/a/web\n"));
}

TEST(Text, ShowsNothingThatCouldSteerATerminal) {
  Analysis analysis = AnalysisOf({});
  analysis.walk.buckets.push_back({.name = "x\x1b[2J\xff"});
  EXPECT_THAT(Text(analysis, 1), HasSubstr("bucket x?[2J?"));
}

TEST(Text, TellsWhatEtcdNoted) {
  Analysis analysis = AnalysisOf({});
  analysis.notes = {.revision = 90,
                    .compacted_revision = 40,
                    .scheduled_compaction = 50,
                    .alarms = {{.member = 0xab, .type = 1}}};
  EXPECT_THAT(Text(analysis, 1),
              HasSubstr("revision 90, compacted at 40, compaction under way to 50\n"
                        "alarm NOSPACE of member ab\n"));
}

TEST(Json, HasTheFieldsOfEachResource) {
  Analysis analysis = AnalysisOf({RowOf("pods", 100, 60), RowOf("leases", 10, 0)});
  analysis.notes.compacted_revision = 40;
  analysis.largest_objects = {{.key = "/registry/pods/a/web", .resource = "pods", .bytes = 99}};
  const auto json = nlohmann::json::parse(Json(analysis, 9));
  EXPECT_EQ(json["file_bytes"], 2U << 20U);
  EXPECT_EQ(json["high_water_bytes"], 1U << 20U);
  EXPECT_EQ(json["compaction_bytes"], 90);
  EXPECT_EQ(json["defragmented_bytes"], 20U << 10U);
  EXPECT_EQ(json["largest_objects"][0]["key"], "/registry/pods/a/web");
  EXPECT_EQ(json["largest_objects"][0]["bytes"], 99);
  EXPECT_EQ(json["free_bytes"], 200U << 10U);
  EXPECT_EQ(json["compacted_revision"], 40);
  EXPECT_FALSE(json.contains("revision")) << "unknown is absent";
  EXPECT_FALSE(json.contains("namespaces"));
  ASSERT_EQ(json["resources"].size(), 2U);
  const auto& pods = json["resources"][0];
  EXPECT_EQ(pods["resource"], "pods");
  EXPECT_EQ(pods["live_objects"], 1);
  EXPECT_EQ(pods["live_bytes"], 100);
  EXPECT_EQ(pods["history_revisions"], 2);
  EXPECT_EQ(pods["history_bytes"], 60);
  EXPECT_EQ(pods["tombstones"], 0);
  EXPECT_EQ(pods["stored_bytes"], 160);
  EXPECT_EQ(pods["live_page_bytes"], 200);
  EXPECT_EQ(pods["history_page_bytes"], 120);
  EXPECT_EQ(json["total"]["live_bytes"], 110);
}

TEST(Json, HasNoFreeBytesOfAnUnreadableFile) {
  Analysis analysis = AnalysisOf({});
  analysis.walk.unreadable_pages = 3;
  const auto json = nlohmann::json::parse(Json(analysis, 9));
  EXPECT_FALSE(json.contains("free_bytes"));
  EXPECT_EQ(json["unreadable_pages"], 3);
}

TEST(Json, IsValidWhateverABucketIsCalled) {
  Analysis analysis = AnalysisOf({});
  analysis.walk.buckets.push_back({.name = "\"\xff\n"});
  EXPECT_TRUE(nlohmann::json::accept(Json(analysis, 9)));
}

}  // namespace
}  // namespace headroom::analyze
