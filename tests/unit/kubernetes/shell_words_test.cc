#include "kubernetes/shell_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"

namespace headroom::kubernetes {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The script's words, expanded, and its operators.
std::vector<std::string> Split(std::string_view script, const Environment& environment = {}) {
  const auto tokens = SplitShell(script);
  if (!tokens.ok()) return {"error: " + std::string(tokens.status().message())};
  std::vector<std::string> result;
  for (const ShellToken& token : *tokens) {
    if (!token.op.empty()) result.push_back(token.op);
    for (const std::string& field : ExpandWord(token.word, environment)) result.push_back(field);
  }
  return result;
}

Environment WithVariable(std::string_view name, std::string_view value) {
  Environment environment;
  environment.Set(name, std::string(value), /*exported=*/false);
  return environment;
}

TEST(SplitShell, EndsWordsAtBlanksAndOperators) {
  EXPECT_THAT(Split("a  b;c&&d||e|f&g\nh"),
              ElementsAre("a", "b", ";", "c", "&&", "d", "||", "e", "|", "f", "&", "g", "\n", "h"));
  EXPECT_THAT(Split("(a)"), ElementsAre("(", "a", ")"));
}

TEST(SplitShell, JoinsLinesAtBackslashes) {
  EXPECT_THAT(Split("etcd \\\n  --name\\\n=a"), ElementsAre("etcd", "--name=a"));
}

TEST(SplitShell, LeavesCommentsOut) {
  EXPECT_THAT(Split("a # it's\nb#c"), ElementsAre("a", "\n", "b#c"));
}

TEST(SplitShell, KeepsQuotedBlanksTogether) {
  EXPECT_THAT(Split(R"(a'b c'"d e"\ f)"), ElementsAre("ab cd e f"));
  EXPECT_THAT(Split(R"("a\"b\$c\d" '')"), ElementsAre(R"(a"b$c\d)", ""));
}

TEST(SplitShell, LeavesRedirectionsOut) {
  EXPECT_THAT(Split("etcd >/dev/null 2>&1 a 2>> log <in &>all b"), ElementsAre("etcd", "a", "b"));
  EXPECT_THAT(Split("etcd 2 > log"), ElementsAre("etcd", "2"));
}

TEST(SplitShell, RefusesWhatItCanNotRead) {
  EXPECT_EQ(SplitShell("a 'b").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(SplitShell("a \"b").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(SplitShell("a $(b").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(SplitShell("a ${b").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(SplitShell("a `b").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(SplitShell("cat <<EOF\na\nEOF").status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(SplitShell("a=(etcd b)").status().code(), absl::StatusCode::kUnimplemented);
}

TEST(ExpandWord, ReplacesVariables) {
  const Environment environment = WithVariable("Q", "5");
  EXPECT_THAT(Split("--q=$Q --q=${Q}0 \"--q=$Q\"", environment),
              ElementsAre("--q=5", "--q=50", "--q=5"));
  EXPECT_THAT(Split("${Q:-7} ${Q:?not set}", environment), ElementsAre("5", "5"));
}

TEST(ExpandWord, LeavesVariablesInSingleQuotesAlone) {
  EXPECT_THAT(Split("'$Q' \\$Q", WithVariable("Q", "5")), ElementsAre("$Q", "$Q"));
}

TEST(ExpandWord, SplitsUnquotedValuesOnly) {
  const Environment environment = WithVariable("ARGS", " --a=1  --b=2 ");
  EXPECT_THAT(Split("$ARGS", environment), ElementsAre("--a=1", "--b=2"));
  EXPECT_THAT(Split("x${ARGS}y", environment), ElementsAre("x", "--a=1", "--b=2", "y"));
  EXPECT_THAT(Split("\"$ARGS\"", environment), ElementsAre(" --a=1  --b=2 "));
  EXPECT_THAT(Split("$EMPTY", WithVariable("EMPTY", "")), IsEmpty());
}

TEST(ExpandWord, MarksWhatTheScriptDoesNotTell) {
  for (const char* word : {"$Q", "${Q}", "${Q:-7}", "${Q%x}", "$(date)", "`date`", "\"$@\"", "$1",
                           "$$", "$'a'", "$((Q+1))", "${#Q}", "\"$(echo \")\")\""}) {
    const std::vector<std::string> fields = Split(word);
    ASSERT_EQ(fields.size(), 1U) << word;
    EXPECT_TRUE(IsUnknown(fields[0])) << word << " gave " << fields[0];
  }
  EXPECT_TRUE(IsUnknown(Split("${Q:-7}", WithVariable("Q", "")).at(0)));
}

TEST(ExpandWord, MultipliesNumbers) {
  EXPECT_THAT(Split("--q=$((8*1024*1024*1024)) $(( 2 * 3 ))"), ElementsAre("--q=8589934592", "6"));
  EXPECT_TRUE(IsUnknown(Split("$((9223372036854775807*2))").at(0)));
  EXPECT_TRUE(IsUnknown(Split("$((010*2))").at(0)));
  EXPECT_TRUE(IsUnknown(Split("$((2*-3))").at(0)));
  EXPECT_TRUE(IsUnknown(Split("$((0*3))").at(0)));
}

TEST(ExpandWord, KeepsALoneDollar) {
  EXPECT_THAT(Split("a$ \"b$\" $\"c\""), ElementsAre("a$", "b$", "c"));
}

TEST(ExpandAssigned, DoesNotSplit) {
  const auto tokens = SplitShell("x$A");
  ASSERT_TRUE(tokens.ok());
  EXPECT_EQ(ExpandAssigned(tokens->at(0).word, WithVariable("A", "1 2")), "x1 2");
}

}  // namespace
}  // namespace headroom::kubernetes
