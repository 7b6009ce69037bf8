#include "options/cli_error.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "options/command_line.h"

namespace headroom {
namespace {

TEST(NearestFlag, IsTheOneWithTheFewestChanges) {
  const std::vector<std::string> flags{"--etcd.endpoints", "--etcd.cacert", "--log.level"};
  EXPECT_EQ(NearestFlag("--etcd.endpoint=http://x", flags), "--etcd.endpoints");
  EXPECT_EQ(NearestFlag("--etcd-cacert", flags), "--etcd.cacert");
  EXPECT_EQ(NearestFlag("--loglevel", flags), "--log.level");
  EXPECT_EQ(NearestFlag("--something.else", flags), "");
  EXPECT_EQ(NearestFlag("", flags), "");
}

std::string ErrorOf(const char* argument) {
  const std::array<const char*, 2> arguments{"etcd-headroom-exporter", argument};
  return std::string(ParseCommandLine(2, arguments.data()).status().message());
}

TEST(CliError, NamesTheFlagThatWasMeant) {
  EXPECT_EQ(ErrorOf("--etcd.endpoint=http://127.0.0.1:1"),
            "The following argument was not expected: --etcd.endpoint=http://127.0.0.1:1; did you "
            "mean --etcd.endpoints?; see --help");
  EXPECT_EQ(ErrorOf("--nothing.like.it"),
            "The following argument was not expected: --nothing.like.it; see --help");
}

TEST(CliError, HelpAndVersionHaveShortNames) {
  for (const char* argument : {"-h", "-V"}) {
    const std::array<const char*, 2> arguments{"etcd-headroom-exporter", argument};
    const auto parsed = ParseCommandLine(2, arguments.data());
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_TRUE(std::holds_alternative<PrintAndExit>(*parsed));
  }
}

}  // namespace
}  // namespace headroom
