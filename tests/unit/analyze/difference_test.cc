#include "analyze/difference.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace headroom::analyze {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Row RowOf(std::string resource, std::string part, std::uint64_t objects, std::uint64_t bytes) {
  return {.resource = std::move(resource),
          .part = std::move(part),
          .usage = {.live_objects = objects, .live_bytes = bytes, .live_page_bytes = 2 * bytes}};
}

Analysis AnalysisOf(const std::string& path, std::vector<Row> rows,
                    Breakdown by = Breakdown::kNone) {
  Analysis analysis{.path = path, .question = {.by = by}, .size_bytes = 4096};
  for (const Row& row : rows) analysis.total += row.usage;
  (by == Breakdown::kNone ? analysis.resources : analysis.breakdown) = std::move(rows);
  return analysis;
}

const Analysis kOld = AnalysisOf(
    "old.db", {RowOf("pods", "", 5, 100), RowOf("gone", "", 1, 50), RowOf("same", "", 1, 7)});
const Analysis kNew = AnalysisOf(
    "new.db", {RowOf("pods", "", 9, 3172), RowOf("jobs", "", 2, 10), RowOf("same", "", 1, 7)});

TEST(Difference, HasWhatGrewMostFirstAndNothingThatStayed) {
  std::vector<std::string> names;
  for (const Change& change : ChangesOf(kOld, kNew)) names.push_back(change.resource);
  EXPECT_THAT(names, ElementsAre("pods", "jobs", "gone"));
}

TEST(Difference, ShowsGrowthAndShrinkingToPeople) {
  const std::string text = DifferenceText(kOld, kNew, 2);
  EXPECT_THAT(text, HasSubstr("old: old.db: 4.0 KiB\nnew: new.db: 4.0 KiB\n"));
  EXPECT_THAT(text, testing::ContainsRegex("pods +\\+4 +\\+3.0 KiB +0 +\\+6.0 KiB"));
  EXPECT_THAT(text, testing::ContainsRegex("\\(1 more\\) +-1 +-50 B +0 +-100 B"));
  EXPECT_THAT(text, testing::ContainsRegex("total +\\+5 +\\+3.0 KiB"));
  EXPECT_THAT(text, Not(HasSubstr("same")));
}

TEST(Difference, ComparesPartsOfTheBreakdown) {
  const Analysis before = AnalysisOf("a", {RowOf("pods", "x", 1, 10)}, Breakdown::kManager);
  const Analysis after =
      AnalysisOf("b", {RowOf("pods", "x", 1, 10), RowOf("pods", "y", 1, 30)}, Breakdown::kManager);
  const auto json = nlohmann::json::parse(DifferenceJson(before, after, 9));
  ASSERT_EQ(json["changes"].size(), 1U);
  EXPECT_EQ(json["changes"][0]["manager"], "y");
  EXPECT_EQ(json["changes"][0]["page_bytes"], 60);
  EXPECT_EQ(json["total"]["live_objects"], 1);
  EXPECT_EQ(json["new"]["file"], "b");
}

}  // namespace
}  // namespace headroom::analyze
