#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
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
                    .stored_bytes = live_bytes + history_bytes}};
}

Analysis AnalysisOf(std::vector<Row> rows) {
  Analysis analysis{.path = "db", .file_bytes = 1U << 20U, .resources = std::move(rows)};
  for (const Row& row : analysis.resources) analysis.total += row.usage;
  analysis.walk.meta = {.page_bytes = 4096, .root = 2, .high_water = 256, .transaction = 1};
  analysis.parts.free = 200U << 10U;
  return analysis;
}

TEST(Verdict, NamesTheHeaviestWriterFirstWhenHistoryWeighsMore) {
  const Analysis analysis = AnalysisOf({RowOf("pods", 2048, 1024), RowOf("leases", 10, 4096)});
  EXPECT_THAT(Verdict(analysis),
              ElementsAre(HasSubstr("Compaction would free about 5.0 KiB (0.5 % of the file)"),
                          HasSubstr("give back 200.0 KiB or more now, and 205.0 KiB or so once"),
                          HasSubstr("Slow down first what writes leases"),
                          HasSubstr("Delete first what is not needed of pods")));
}

TEST(Verdict, NamesTheLargestFirstWhenLiveDataWeighMore) {
  const Analysis analysis = AnalysisOf({RowOf("pods", 9000, 1024), RowOf("leases", 10, 4096)});
  EXPECT_THAT(Verdict(analysis)[2], HasSubstr("Delete first what is not needed of pods"));
}

TEST(Verdict, PromisesNothingWithoutHistory) {
  EXPECT_THAT(
      Verdict(AnalysisOf({RowOf("pods", 9000, 0)})),
      ElementsAre(HasSubstr("Compaction would free nothing"),
                  "Defragmentation would give back 200.0 KiB or more.", HasSubstr("Delete first")));
}

TEST(Verdict, CannotTellWhatIsFreeInAnUnreadableFile) {
  Analysis analysis = AnalysisOf({});
  analysis.walk.unreadable_pages = 1;
  analysis.problem = "1 pages cannot be read";
  EXPECT_THAT(Verdict(analysis), ElementsAre(HasSubstr("What compaction would free cannot be told"),
                                             HasSubstr("would give back cannot be told")));
}

TEST(Verdict, IsUncertainWhereAPartWasNotRead) {
  Analysis analysis = AnalysisOf({RowOf("pods", 9000, 1024), RowOf("leases", 10, 4096)});
  analysis.problem = "2 records cannot be decoded";
  EXPECT_THAT(
      Verdict(analysis),
      ElementsAre(
          HasSubstr("Compaction would free at least 5.0 KiB"),
          HasSubstr("200.0 KiB or more now, and at least 205.0 KiB once a compaction"),
          AllOf(HasSubstr("Uncertain"), HasSubstr("Delete first what is not needed of pods"),
                Not(HasSubstr("of all"))),
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
  const auto json = nlohmann::json::parse(Json(analysis, Breakdown::kNone, 9));
  EXPECT_EQ(json["verdict"], nlohmann::json::array({only}));
}

TEST(Text, AddsUpWhatIsBelowTheTop) {
  const Analysis analysis =
      AnalysisOf({RowOf("pods", 9000, 0), RowOf("leases", 10, 0), RowOf("jobs", 5, 0)});
  const std::string all = Text(analysis, 3);
  EXPECT_THAT(all, HasSubstr("jobs "));
  EXPECT_THAT(all, Not(HasSubstr("more)")));
  const std::string one = Text(analysis, 1);
  EXPECT_THAT(one, HasSubstr("(2 more)     2        15 B"));
  EXPECT_THAT(one, Not(HasSubstr("jobs ")));
  EXPECT_THAT(one, HasSubstr("total        3     8.8 KiB"));
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
  const auto json = nlohmann::json::parse(Json(analysis, Breakdown::kNone, 9));
  EXPECT_EQ(json["file_bytes"], 1U << 20U);
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
  EXPECT_EQ(json["total"]["live_bytes"], 110);
}

TEST(Json, HasNoFreeBytesOfAnUnreadableFile) {
  Analysis analysis = AnalysisOf({});
  analysis.walk.unreadable_pages = 3;
  const auto json = nlohmann::json::parse(Json(analysis, Breakdown::kNone, 9));
  EXPECT_FALSE(json.contains("free_bytes"));
  EXPECT_EQ(json["unreadable_pages"], 3);
}

TEST(Json, IsValidWhateverABucketIsCalled) {
  Analysis analysis = AnalysisOf({});
  analysis.walk.buckets.push_back({.name = "\"\xff\n"});
  EXPECT_TRUE(nlohmann::json::accept(Json(analysis, Breakdown::kNone, 9)));
}

}  // namespace
}  // namespace headroom::analyze
