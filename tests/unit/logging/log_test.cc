#include "logging/log.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "logging/escape.h"

namespace headroom::log {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

TEST(LogfmtValue, LeavesPlainWordsBare) {
  EXPECT_EQ(LogfmtValue("etcd-0"), "etcd-0");
  EXPECT_EQ(LogfmtValue("https://127.0.0.1:2379/metrics"), "https://127.0.0.1:2379/metrics");
}

TEST(LogfmtValue, QuotesWhatWouldBeReadAsSomethingElse) {
  EXPECT_EQ(LogfmtValue(""), R"("")");
  EXPECT_EQ(LogfmtValue("two words"), R"("two words")");
  EXPECT_EQ(LogfmtValue("level=error"), R"("level=error")");
  EXPECT_EQ(LogfmtValue("say \"no\""), R"("say \"no\"")");
  EXPECT_EQ(LogfmtValue("back\\slash"), R"("back\\slash")");
}

TEST(LogfmtValue, EscapesLineBreaksAndControlCharacters) {
  EXPECT_EQ(LogfmtValue("a\nts=1 level=error"), R"("a\nts=1 level=error")");
  EXPECT_EQ(LogfmtValue("a\r\tb"), R"("a\r\tb")");
  EXPECT_EQ(LogfmtValue("\x1b[31m"), "\"\\u001b[31m\"");
  EXPECT_EQ(LogfmtValue(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(LogfmtValue, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(LogfmtValue("a\xff"
                        "b"),
            "\"a\xef\xbf\xbd"
            "b\"");
  EXPECT_EQ(LogfmtValue("cut \xe2\x82"), "\"cut \xef\xbf\xbd\"");
}

TEST(LogfmtValue, KeepsUtf8) { EXPECT_EQ(LogfmtValue("größe"), "\"größe\""); }

TEST(JsonString, IsReadBackAsTheSameText) {
  for (const char* text : {"", "plain", "two words", "\"\\/\b\f\n\r\t", "\x01\x1f", "größe €"})
    EXPECT_EQ(nlohmann::json::parse(JsonString(text)), text);
}

TEST(JsonString, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(nlohmann::json::parse(JsonString("a\xff")), "a\xef\xbf\xbd");
}

TEST(Render, WritesLogfmt) {
  EXPECT_EQ(Render(Format::kLogfmt, "member answers", {{"endpoint", "a:1"}, {"version", "3.5 x"}}),
            R"(msg="member answers" endpoint=a:1 version="3.5 x")");
  EXPECT_EQ(Render(Format::kLogfmt, "serving", {}), "msg=serving");
}

TEST(Render, WritesMembersOfAJsonObject) {
  const std::string text = Render(Format::kJson, "say \"no\"", {{"error", "a\nb\xff"}});
  const auto object = nlohmann::json::parse("{" + text + "}");
  EXPECT_EQ(object, (nlohmann::json{{"msg", "say \"no\""}, {"error", "a\nb\xef\xbf\xbd"}}));
}

TEST(Render, WritesNumbersAsNumbers) {
  EXPECT_EQ(Render(Format::kLogfmt, "m", {{"bytes", 4096}}), "msg=m bytes=4096");
  const auto object =
      nlohmann::json::parse("{" + Render(Format::kJson, "m", {{"bytes", 4096}}) + "}");
  EXPECT_EQ(object.at("bytes"), 4096);
}

TEST(Render, LetsNoFieldForgeALine) {
  for (const Format format : {Format::kLogfmt, Format::kJson}) {
    const std::string text = Render(format, "a\nb", {{"error", "c\r\nd\x1b\x85"}});
    for (const char c : text) EXPECT_GE(static_cast<unsigned char>(c), ' ');
  }
}

// What `write` sends to stderr under a configuration.
template <typename Write>
std::string Logged(std::string_view level, Format format, Write write) {
  Configure(level, format);
  testing::internal::CaptureStderr();
  write();
  return testing::internal::GetCapturedStderr();
}

void LogEachLevel() {
  Debug("d");
  Info("i");
  Warn("w");
  Error("e");
}

// In a process of its own, which nobody has configured.
TEST(LogDeathTest, WritesLogfmtAtLevelInfoBeforeItIsConfigured) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto log_and_exit = [] {
    Debug("d");
    Info("i");
    std::exit(0);
  };
  EXPECT_EXIT(log_and_exit(), testing::ExitedWithCode(0), "^ts=[0-9T:.-]+Z level=info msg=i\n$");
}

TEST(Log, WritesTimeAndLevelInFrontOfLogfmt) {
  EXPECT_THAT(Logged("info", Format::kLogfmt,
                     [] {
                       Info("two words", {{"key", "value"}});
                     }),
              MatchesRegex("ts=[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z level=info "
                           "msg=\"two words\" key=value\n"));
}

TEST(Log, WritesOneJsonObjectALine) {
  const std::string line = Logged("info", Format::kJson, [] {
    Warn("a\nb", {{"percent", "100 %v {}"}});
  });
  const auto object = nlohmann::json::parse(line);
  EXPECT_THAT(object.at("ts").get<std::string>(), MatchesRegex("[0-9T:.-]+Z"));
  EXPECT_EQ(object.at("level"), "warn");
  EXPECT_EQ(object.at("msg"), "a\nb");
  EXPECT_EQ(object.at("percent"), "100 %v {}");
  EXPECT_EQ(object.size(), 4U);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  EXPECT_THAT(
      Logged("debug", Format::kLogfmt, LogEachLevel),
      AllOf(HasSubstr("msg=d"), HasSubstr("msg=i"), HasSubstr("msg=w"), HasSubstr("msg=e")));
  EXPECT_THAT(Logged("info", Format::kLogfmt, LogEachLevel),
              AllOf(Not(HasSubstr("msg=d")), HasSubstr("msg=i")));
  EXPECT_THAT(Logged("warn", Format::kLogfmt, LogEachLevel),
              AllOf(Not(HasSubstr("msg=i")), HasSubstr("msg=w")));
  EXPECT_THAT(Logged("error", Format::kLogfmt, LogEachLevel),
              AllOf(Not(HasSubstr("msg=w")), HasSubstr("msg=e")));
}

}  // namespace
}  // namespace headroom::log
