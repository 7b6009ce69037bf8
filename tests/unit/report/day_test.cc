// What the exporter's last 24 hours add to a report.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "report/culprit.h"
#include "report/day_text.h"
#include "report/diagnosis.h"
#include "report/json.h"
#include "test_facts.h"

namespace headroom::report {
namespace {

using accounting::SpaceReading;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::StartsWith;

Diagnosis Diagnosed(const Facts& facts) { return Diagnose(facts, Situation(facts)); }

DayView Filling(double earliest, double latest) {
  DayView day;
  day.forecast = {.horizon_minutes = 60,
                  .bytes_per_second = 100.0 * 1024,
                  .earliest_seconds = earliest,
                  .latest_seconds = latest};
  day.quarter_hour = {.seconds = 900,
                      .by_kind = {{{100, {{{"argo", "pods"}, 80}, {{"helm", "secrets"}, 20}}},
                                   {100, {{{"ci", "pods"}, 70}}},
                                   {}}}};
  return day;
}

TEST(Day, AForecastOfHoursIsARiskThatTheSampleDidNotSee) {
  Facts facts = ThreeMembers(kQuota / 2, kQuota / 4);
  EXPECT_EQ(Diagnosed(facts).verdict, Verdict::kHealthy);
  facts.day = Filling(9000, 10'000);
  const Diagnosis diagnosis = Diagnosed(facts);
  EXPECT_EQ(diagnosis.verdict, Verdict::kAtRisk);
  EXPECT_THAT(diagnosis.headline, AllOf(StartsWith("Full in about 2.6 h at this pace"),
                                        HasSubstr("Top writer: argo, of pods.")));
  EXPECT_THAT(diagnosis.findings,
              Contains(Field(&Finding::text, StartsWith("In-use grew by 100.0 KiB a second for 60 "
                                                        "min, as the exporter on this node saw"))));
}

TEST(Day, TheSoonerForecastCounts) {
  Facts facts = ThreeMembers(kQuota / 2, kQuota / 4);
  facts.day = Filling(9000, 10'000);
  facts.sample.new_share = 1;
  facts.sample.growth = {
      .bytes_per_second = 4.0 * kMiB, .lowest = 4.0 * kMiB, .highest = 4.0 * kMiB};
  EXPECT_THAT(Diagnosed(facts).headline, StartsWith("Full in about 6 min"));
  facts.day = Filling(100, 110);
  EXPECT_THAT(Diagnosed(facts).headline, StartsWith("Full in about 2 min"));
}

TEST(Day, NobodyForeseesWhatHasHappened) {
  Facts facts = Full();
  facts.day = Filling(9000, 10'000);
  EXPECT_FALSE(Situation(facts).forecast);
}

TEST(Day, ADiskThatIsNearerIsFullSooner) {
  Facts facts = ThreeMembers(kQuota / 2, kQuota / 4);
  MakeLocal(facts, FileOf("pods", 1024, 1024));
  facts.node.disk = DiskSpace{.free_bytes = 100 * kMiB, .size_bytes = 4 * kQuota};
  facts.day = Filling(9000, 10'000);
  const Situation situation(facts);
  ASSERT_TRUE(situation.disk_is_nearer);
  ASSERT_TRUE(situation.forecast);
  EXPECT_LT(situation.forecast->latest, 9000);
  EXPECT_THAT(situation.forecast->basis, HasSubstr("until the disk is used up"));
}

TEST(Day, MinutesNameTheWriterWhereASampleFellBetweenTwoBursts) {
  Facts facts = ThreeMembers(kQuota / 2, kQuota / 4);
  facts.sample.resources = {{.name = "leases.coordination.k8s.io", .writes = 1, .bytes = 50}};
  EXPECT_EQ(FindWriter(facts).name, "leases.coordination.k8s.io");
  facts.day = Filling(9000, 10'000);
  const Writer writer = FindWriter(facts);
  EXPECT_EQ(writer.name, "pods");
  EXPECT_EQ(writer.manager, "argo");
  EXPECT_EQ(writer.evidence,
            "pods were 80.0 % of the bytes in the last 15 min. Most were by argo in ci.");
  facts.sample.resources[0].bytes = 5000;
  EXPECT_EQ(FindWriter(facts).name, "leases.coordination.k8s.io") << "a burst of this moment";
}

TEST(Day, TheTextHasADigitForEachHalfHourAndTheWritersOfBothWindows) {
  Facts facts = ThreeMembers(kQuota / 2, kQuota / 4);
  facts.day = Filling(9000, 10'000);
  facts.day->day = {.seconds = 86400, .by_kind = {{{4096, {{{"argo", "pods"}, 4096}}}, {}, {}}}};
  const auto reading = [](std::uint64_t file, std::uint64_t in_use) {
    return SpaceReading{.file_bytes = file, .in_use_bytes = in_use, .quota_bytes = 100};
  };
  facts.day->space = {reading(100, 70), reading(89, 81), std::nullopt, std::nullopt,
                      reading(50, 9)};
  EXPECT_EQ(DayText(facts),
            "The last 24 hours, from the exporter on this node. A digit is half an hour:\n"
            "tenths of the quota.\n"
            "FILE    " +
                std::string(45, '.') + "5.9\nIN USE  " + std::string(45, '.') +
                "0.8\n"
                "WHO WROTE      15 min   24.0 h\n"
                "argo: pods       80 B  4.0 KiB\n"
                "helm: secrets    20 B      0 B\n\n");
}

TEST(Day, TheTextSaysWhenNoExporterAnswers) {
  Facts facts = ThreeMembers(kQuota / 2, kQuota / 4);
  EXPECT_EQ(DayText(facts), "");
  facts.day_problem = ":9379: connect: Connection refused";
  EXPECT_THAT(DayText(facts), StartsWith("The last 24 hours are unknown, as no exporter answers"));
}

TEST(Day, TheJsonHasItAsTheExporterServesIt) {
  Facts facts = ThreeMembers(kQuota / 2, kQuota / 4);
  facts.day = Filling(9000, 10'000);
  const Situation situation(facts);
  const auto object = nlohmann::json::parse(
      Json(facts, situation, Diagnose(facts, situation), PlanFor(facts, situation)));
  EXPECT_EQ(object.at("history").at("forecast").at("horizon_seconds"), 3600);
  EXPECT_EQ(object.at("room").at("full_in_seconds").at("earliest"), 8990);
}

}  // namespace
}  // namespace headroom::report
