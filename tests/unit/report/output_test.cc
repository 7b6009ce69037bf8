#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "report/json.h"
#include "report/text.h"
#include "test_facts.h"

namespace headroom::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string TextOf(const Facts& facts, bool colour = false) {
  const Situation situation(facts);
  return Text(facts, situation, Diagnose(facts, situation), PlanFor(facts, situation), colour);
}

nlohmann::json JsonOf(const Facts& facts) {
  const Situation situation(facts);
  return nlohmann::json::parse(
      Json(facts, situation, Diagnose(facts, situation), PlanFor(facts, situation)));
}

TEST(Text, DrawsTheQuotaAsABar) {
  const std::string text = TextOf(ThreeMembers(kQuota / 2, kQuota / 4));
  EXPECT_THAT(text, HasSubstr("[###==.....] 50.0 %"));
}

TEST(Text, ABarEndsAtTheQuotaWhateverTheFileHas) {
  EXPECT_THAT(TextOf(Full(kQuota + 8192, 0)), HasSubstr("[==========] 100.0 %"));
}

TEST(Text, IsPlainWithoutColour) {
  EXPECT_THAT(TextOf(Full()), Not(HasSubstr("\x1b")));
  EXPECT_THAT(TextOf(Full(), true), HasSubstr("\x1b[1;31mNOSPACE is armed"));
}

TEST(Text, SaysWhereItIsFromThatWritersAreKnown) {
  Facts facts = Full();
  facts.sample.revisions = 12;
  facts.sample.managers = {{.manager = "kubelet",
                            .resource = "pods",
                            .subresource = "status",
                            .writes = 9,
                            .bytes = 2048}};
  facts.sample.resources = {{.name = "pods", .writes = 9, .bytes = 2048}};
  facts.file_problem = "db: Permission denied";
  EXPECT_THAT(TextOf(facts),
              AllOf(HasSubstr("The last revisions that are kept: 12 revisions, 2.0 KiB."),
                    HasSubstr("The database file was not read: db: Permission denied"),
                    HasSubstr("WHO WRITES            WRITES    BYTES    SHARE\n"
                              "kubelet: pods/status       9  2.0 KiB  100.0 %\n"),
                    HasSubstr("WHAT  WRITES    BYTES    SHARE\n"
                              "pods       9  2.0 KiB  100.0 %\n")));
}

TEST(Text, SaysThatNothingOfWhatWasWrittenIsKept) {
  Facts facts = Full();
  facts.sample.revisions = 50;
  EXPECT_THAT(TextOf(facts), HasSubstr("50 revisions, 0 B. All are deletes"));
}

TEST(Text, MarksAnAssumedQuota) {
  Facts facts = ThreeMembers(kQuota / 2, kQuota / 4);
  facts.members[1].quota_source = kAssumed;
  EXPECT_THAT(TextOf(facts), HasSubstr("2.0 GiB?"));
  EXPECT_THAT(TextOf(facts), HasSubstr("The quota of b is assumed to be this node's"));
}

TEST(Text, FitsATerminal) {
  Facts facts = Full();
  const std::string resource(50, 'r');
  MakeLocal(facts, FileOf(resource, 1900 * kMiB, 10 * kMiB));
  facts.file->largest_objects = {
      {.key = "/registry/" + std::string(200, 'k'), .resource = resource, .bytes = kMiB}};
  for (MemberFact& member : facts.members) member.name += "-control-plane.eu-west-1.example.com";
  facts.sample.puts = 1;
  facts.sample.resources = {{.name = resource, .writes = 1'000'000, .bytes = 1000 * kMiB}};
  facts.sample.managers = {{.manager = std::string(50, 'm'),
                            .resource = resource,
                            .subresource = "status",
                            .writes = 1'000'000,
                            .bytes = 1000 * kMiB}};
  const std::string text = TextOf(facts);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    // But for commands and keys, which are copied.
    if (absl::StartsWith(line, "     ") || absl::StrContains(line, "/registry/")) continue;
    EXPECT_LE(line.size(), 80) << std::string(line);
  }
}

TEST(Json, LeavesOutWhatIsNotKnown) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[1].quota_bytes.reset();
  facts.members[1].compacted.reset();
  facts.members[2] = {.name = "c", .url = "https://c.example:2379", .problem = "refused"};
  const auto found = JsonOf(facts);
  EXPECT_EQ(found["verdict"], "unknown");
  EXPECT_EQ(found["members"][0]["quota_bytes"], kQuota);
  EXPECT_FALSE(found["members"][1].contains("quota_bytes"));
  EXPECT_FALSE(found["members"][1].contains("compact_revision"));
  EXPECT_EQ(found["members"][2], nlohmann::json({{"name", "c"},
                                                 {"url", "https://c.example:2379"},
                                                 {"answers", false},
                                                 {"problem", "refused"}}));
  EXPECT_FALSE(found.contains("file"));
}

TEST(Json, NamesManagersWithWhatTheyWrote) {
  Facts facts = Full();
  facts.sample.managers = {{.manager = "kubelet",
                            .resource = "pods",
                            .subresource = "status",
                            .writes = 9,
                            .bytes = 20}};
  EXPECT_EQ(JsonOf(facts)["sample"]["managers"], nlohmann::json({{{"manager", "kubelet"},
                                                                  {"resource", "pods"},
                                                                  {"subresource", "status"},
                                                                  {"writes", 9},
                                                                  {"bytes", 20}}}));
}

TEST(Json, CarriesTheStepsWithTheirCommands) {
  const auto found = JsonOf(Full());
  EXPECT_EQ(found["verdict"], "writes refused");
  EXPECT_EQ(found["alarms"], nlohmann::json({{{"alarm", "NOSPACE"}, {"raised_by", "b"}}}));
  EXPECT_EQ(found["steps"][1]["title"], "Save a snapshot");
  EXPECT_EQ(found["steps"][1]["command"], "save_snapshot https://a.example:2379\n");
  EXPECT_FALSE(found["steps"][2].contains("command"));
}

}  // namespace
}  // namespace headroom::report
