#include "budgets/budgets.h"

#include <gmock/gmock.h>

#include <string>

namespace headroom::budgets {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

Budgets BudgetsOf(std::string_view text) {
  auto budgets = ParseBudgets(text);
  EXPECT_TRUE(budgets.ok()) << budgets.status();
  return budgets.value_or(Budgets());
}

std::string RefusalOf(std::string_view text) {
  const auto budgets = ParseBudgets(text);
  EXPECT_EQ(budgets.status().code(), absl::StatusCode::kInvalidArgument) << text;
  std::string message(budgets.status().message());
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  return message;
}

// A budget of namespace a with this line below it.
std::string RefusalOfLine(const std::string& line) {
  return RefusalOf("budgets:\n  - namespace: a\n    " + line + "\n");
}

TEST(Budgets, AreBytesOrAShareOfTheQuota) {
  const auto budgets = BudgetsOf(
      "budgets:\n"
      "  - namespace: team-*\n    bytes: 100KiB\n    owner: team-a\n"
      "  - {namespace: shop, share: 12.5%}\n");
  ASSERT_EQ(budgets.size(), 2U);
  EXPECT_EQ(budgets[0].BytesOf(std::nullopt), 102'400U);
  EXPECT_EQ(budgets[0].owner, "team-a");
  EXPECT_EQ(budgets[1].BytesOf(8'000), 1'000U);
  EXPECT_EQ(budgets[1].BytesOf(std::nullopt), std::nullopt) << "the quota is unknown";
  EXPECT_EQ(budgets[1].owner, "");
}

TEST(Budgets, AreFoundByNamespace) {
  const auto budgets =
      BudgetsOf("budgets: [{namespace: team-*, bytes: 1MiB}, {namespace: shop, bytes: 2MiB}]");
  EXPECT_EQ(Find(budgets, "team-b"), &budgets[0]);
  EXPECT_EQ(Find(budgets, "shop"), &budgets[1]);
  EXPECT_EQ(Find(budgets, "shop-2"), nullptr);
}

TEST(Budgets, RefuseKeysTheyDoNotKnow) {
  EXPECT_THAT(RefusalOf("budgets:\n  - namespace: a\n    byte: 1MiB\n"),
              AllOf(StartsWith("line 3: "), HasSubstr("\"byte\"")));
  EXPECT_THAT(RefusalOf("# limits\nlimits: []\n"), StartsWith("line 2: unknown key"));
  EXPECT_THAT(RefusalOfLine("bytes: 1MiB\n    bytes: 2MiB"), HasSubstr("given twice"));
}

TEST(Budgets, RefuseSizesThatAreNone) {
  for (const char* size :
       {"-1", "-1MiB", "0", "much", "1023", "2TiB", "99999999999999999999", "[1]"})
    EXPECT_THAT(RefusalOfLine(std::string("bytes: ") + size), StartsWith("line 3: bytes: "))
        << size;
  for (const char* share : {"0.1", "0%", "-5%", "101%", "nan%", "'%'", "half"})
    EXPECT_THAT(RefusalOfLine(std::string("share: ") + share), StartsWith("line 3: share: "))
        << share;
  EXPECT_THAT(RefusalOfLine("bytes: 1MiB\n    share: 1%"), HasSubstr("either bytes or share"));
  EXPECT_THAT(RefusalOfLine("owner: a"), HasSubstr("either bytes or share"));
}

TEST(Budgets, RefusePatternsThatOverlap) {
  EXPECT_THAT(RefusalOf("budgets:\n  - {namespace: team-*, bytes: 1MiB}\n"
                        "  - {namespace: '*-prod', bytes: 1MiB}\n"),
              AllOf(StartsWith("line 3: "), HasSubstr("\"*-prod\" overlaps \"team-*\"")));
  EXPECT_THAT(RefusalOf("budgets: [{namespace: a, bytes: 1MiB}, {namespace: a, bytes: 1MiB}]"),
              HasSubstr("\"a\" overlaps \"a\""));
}

TEST(Budgets, RefuseNamespacesAndOwnersThatAreNone) {
  EXPECT_THAT(RefusalOf("budgets: [{namespace: Team, bytes: 1MiB}]"), HasSubstr("\"Team\""));
  EXPECT_THAT(RefusalOf("budgets: [{bytes: 1MiB}]"), HasSubstr("without a namespace"));
  EXPECT_THAT(RefusalOfLine("owner: \"a\\nb\""), StartsWith("line 3: owner: "));
}

TEST(Budgets, RefuseAFileWithoutBudgets) {
  for (const char* text : {"", "# nothing\n", "budgets:", "budgets: []", "budgets: a", "- a", "a"})
    EXPECT_THAT(RefusalOf(text), StartsWith("line 1: ")) << text;
  EXPECT_THAT(RefusalOf("budgets: [{namespace: a"), StartsWith("line "));
  EXPECT_THAT(RefusalOf("budgets:\n  - a\n"), StartsWith("line 2: expected a budget"));
}

TEST(Budgets, RefuseMoreThanThereIsRoomFor) {
  std::string text = "budgets:\n";
  for (std::size_t i = 0; i <= kMost; ++i)
    text += "  - {namespace: ns" + std::to_string(i) + ", bytes: 1MiB}\n";
  EXPECT_THAT(RefusalOf(text), HasSubstr("more than 1000"));
}

}  // namespace
}  // namespace headroom::budgets
