#include "report/what_if.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "report/json.h"
#include "report/text.h"
#include "test_facts.h"

namespace headroom::report {
namespace {

using analyze::Removable;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::optional<Answer> AnswerOf(const Facts& facts, std::string_view id) {
  for (const Answer& answer : WhatIf(facts, Situation(facts))) {
    if (answer.id == id) return answer;
  }
  return std::nullopt;
}

std::vector<std::string> Ids(const Facts& facts) {
  std::vector<std::string> ids;
  for (const Answer& answer : WhatIf(facts, Situation(facts))) ids.emplace_back(answer.id);
  return ids;
}

// A third of the quota is used, and it fills by 4 MiB a second; argo writes three quarters of that.
Facts Filling() {
  Facts facts = ThreeMembers(kQuota / 2, kQuota / 4);
  facts.sample.new_share = 1;
  facts.sample.growth = {
      .bytes_per_second = 4.0 * kMiB, .lowest = 4.0 * kMiB, .highest = 4.0 * kMiB};
  facts.sample.resources = {{"workflows.argoproj.io", 30, 300}, {"pods", 10, 100}};
  facts.sample.managers = {
      {.manager = "argo", .resource = "workflows.argoproj.io", .writes = 30, .bytes = 300},
      {.manager = "kubelet", .resource = "pods", .writes = 10, .bytes = 100}};
  return facts;
}

TEST(WhatIf, TheOthersTakeLongerOnceTheTopWriterStops) {
  const Facts facts = Filling();
  const auto pace = AnswerOf(facts, "pace");
  const auto stops = AnswerOf(facts, "top_writer_stops");
  ASSERT_TRUE(pace && pace->full && stops && stops->full);
  EXPECT_NEAR(pace->full->earliest, 0.75 * kQuota / (4.0 * kMiB), 1);
  EXPECT_NEAR(stops->full->earliest, 4 * pace->full->earliest, 1);
  EXPECT_EQ(stops->premise, "argo stops writing");
  EXPECT_THAT(stops->assumes, HasSubstr("75.0 %"));
}

TEST(WhatIf, AByteOfSmallObjectsTakesMorePages) {
  Facts facts = Filling();
  MakeLocal(facts, FileOf("pods", 500'000'000, 0));
  facts.file->resources.front().usage.live_page_bytes *= 6;
  facts.file->resources.push_back(FileOf("workflows.argoproj.io", 100'000'000, 0).resources[0]);
  EXPECT_EQ(AnswerOf(facts, "top_writer_stops")->premise, "kubelet stops writing");
}

TEST(WhatIf, ItNoLongerFillsWhereNobodyElseWrites) {
  Facts facts = Filling();
  facts.sample.resources.resize(1);
  facts.sample.managers.resize(1);
  const auto stops = AnswerOf(facts, "top_writer_stops");
  ASSERT_TRUE(stops);
  EXPECT_FALSE(stops->fills);
  EXPECT_EQ(stops->Outcome(), "it no longer fills");
}

TEST(WhatIf, AResourceIsNamedWhereNobodyElseIs) {
  Facts facts = Filling();
  facts.sample.managers.front().manager = "none";
  facts.sample.managers.back().manager = "ambiguous";
  EXPECT_EQ(AnswerOf(facts, "top_writer_stops")->premise, "workflows.argoproj.io stops writing");
}

TEST(WhatIf, ALargerQuotaHasItsPrice) {
  Facts facts = Filling();
  facts.node.memory_bytes = std::uint64_t{16} << 30U;
  const auto quota = AnswerOf(facts, "quota");
  ASSERT_TRUE(quota && quota->full);
  EXPECT_EQ(quota->premise, "the quota is 8.0 GiB");
  EXPECT_NEAR(quota->full->latest, (4 - 0.25) * kQuota / (4.0 * kMiB), 1);
  EXPECT_THAT(quota->assumes, HasSubstr("16.0 GiB of memory"));
  for (MemberFact& member : facts.members) member.quota_bytes = std::int64_t{8} << 30U;
  EXPECT_FALSE(AnswerOf(facts, "quota"));
}

TEST(WhatIf, TheFileSaysWhatACompactionAndADefragmentationFree) {
  Facts facts = ThreeMembers(kQuota, kQuota / 2);
  MakeLocal(facts, FileOf("pods", 400'000'000, 600'000'000));
  const auto compact = AnswerOf(facts, "compact");
  ASSERT_TRUE(compact && compact->frees);
  EXPECT_EQ(compact->frees->least, 540'000'000U);
  EXPECT_EQ(compact->frees->most, 660'000'000U);
  const auto defragment = AnswerOf(facts, "defragment");
  ASSERT_TRUE(defragment && defragment->frees);
  EXPECT_EQ(defragment->frees->least, kQuota - 440'000'000U);
  EXPECT_THAT(defragment->Outcome(), HasSubstr("frees about 1.6 GiB"));
}

TEST(WhatIf, EventsThatLiveForAQuarterOfTheTimeTakeAQuarterOfTheSpace) {
  Facts facts = ThreeMembers(kQuota, kQuota / 2);
  MakeLocal(facts, FileOf("events", 400'000'000, 0));
  EXPECT_EQ(AnswerOf(facts, "event_ttl")->frees->least, 300'000'000U);
  // Most of them are new: fewer are older than a quarter of an hour.
  facts.sample.resources = {{"events", 100, 3'000'000}};
  EXPECT_EQ(AnswerOf(facts, "event_ttl")->frees->least, 130'000'000U);
  EXPECT_EQ(AnswerOf(facts, "event_ttl")->frees->most, 300'000'000U);
}

TEST(WhatIf, WhatHasDoneItsWorkTakesPagesOfItsResource) {
  Facts facts = ThreeMembers(kQuota, kQuota / 2);
  MakeLocal(facts, FileOf("jobs.batch", 400'000'000, 0));
  facts.file->resources.front().usage.live_page_bytes *= 2;
  facts.file->removable = Removable{
      .rows = {{.kind = Removable::Kind::kFinishedJobs, .objects = 1000, .bytes = 100'000'000}}};
  const auto removed = AnswerOf(facts, "delete_removable");
  ASSERT_TRUE(removed && removed->frees);
  EXPECT_EQ(removed->frees->least, 180'000'000U);
  EXPECT_THAT(removed->assumes, HasSubstr("1,000 objects"));
}

TEST(WhatIf, WhatIsNotKnownHasNoAnswer) {
  EXPECT_THAT(Ids(ThreeMembers(kQuota / 2, kQuota / 4)), ElementsAre("quota"));
  Facts facts = Filling();
  MakeLocal(facts, FileOf("pods", 400'000'000, 600'000'000));
  facts.file->problem = "a page could not be read";
  EXPECT_THAT(Ids(facts), ElementsAre("pace", "top_writer_stops", "quota"));
}

TEST(WhatIf, IsPartOfTheReport) {
  const Facts facts = Filling();
  const Situation situation(facts);
  const Diagnosis diagnosis = Diagnose(facts, situation);
  const auto found = nlohmann::json::parse(Json(facts, situation, diagnosis, {}));
  ASSERT_EQ(found["what_if"].size(), 3U);
  EXPECT_EQ(found["what_if"][1]["id"], "top_writer_stops");
  EXPECT_GT(found["what_if"][1]["full_in_seconds"]["latest"], 1500);
  EXPECT_THAT(Text(facts, situation, diagnosis, {}, false),
              HasSubstr("What if\n- the pace goes on: full in about 6 min."));
  const Facts healthy = ThreeMembers(kQuota / 2, kQuota / 4);
  const Situation well(healthy);
  EXPECT_THAT(Text(healthy, well, Diagnose(healthy, well), {}, false), Not(HasSubstr("What if")));
}

TEST(Situation, WhatWasWrittenSinceTheMembersWereAskedIsNoRoom) {
  Facts facts = Filling();
  const auto before = Situation(facts).room_bytes;
  facts.sample.last_in_use_bytes = kQuota / 4 + 40 * kMiB;
  EXPECT_EQ(*Situation(facts).room_bytes, *before - 40 * kMiB);
  facts.sample.last_in_use_bytes = kQuota;
  const Situation full(facts);
  EXPECT_TRUE(full.at_quota);
  EXPECT_FALSE(full.forecast) << "it is full, not about to be";
  // A compaction meanwhile: what the members reported stands.
  facts.sample.last_in_use_bytes = kQuota / 5;
  EXPECT_EQ(Situation(facts).room_bytes, before);
}

}  // namespace
}  // namespace headroom::report
