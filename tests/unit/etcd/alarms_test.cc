#include "etcd/alarms.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace headroom::etcd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kMember = 15'985'099'378'392'235'387U;

TEST(ParseAlarm, ReadsTheTextOfEveryVersion) {
  const Alarm nospace{.member_id = kMember, .type = "NOSPACE"};
  // 3.4 to 3.6: gogo/protobuf, with a blank at the end.
  EXPECT_EQ(ParseAlarm("memberID:15985099378392235387 alarm:NOSPACE "), nospace);
  // 3.7: google.golang.org/protobuf varies its blanks from build to build.
  EXPECT_EQ(ParseAlarm("memberID:15985099378392235387  alarm:NOSPACE"), nospace);
  EXPECT_EQ(ParseAlarm("memberID: 15985099378392235387 alarm: NOSPACE"), nospace);
  EXPECT_EQ(ParseAlarm("alarm:NOSPACE memberID:15985099378392235387"), nospace);
}

TEST(ParseAlarm, TakesAnAlarmOfNoMemberForId0) {
  EXPECT_EQ(ParseAlarm("alarm:CORRUPT "), (Alarm{.member_id = 0, .type = "CORRUPT"}));
}

TEST(ParseAlarm, TakesAnIdThatIsNoNumberFor0) {
  EXPECT_EQ(ParseAlarm("memberID:x alarm:CORRUPT"), (Alarm{.member_id = 0, .type = "CORRUPT"}));
  EXPECT_EQ(ParseAlarm("memberID:18446744073709551616 alarm:CORRUPT"),
            (Alarm{.member_id = 0, .type = "CORRUPT"}));
}

TEST(ParseAlarm, KeepsTypesThatLaterVersionsAdd) {
  EXPECT_EQ(ParseAlarm("memberID:1 alarm:DISK_SLOW "),
            (Alarm{.member_id = 1, .type = "DISK_SLOW"}));
}

TEST(ParseAlarm, FindsNoneInOtherErrors) {
  EXPECT_EQ(ParseAlarm(""), std::nullopt);
  EXPECT_EQ(ParseAlarm("etcdserver: no leader"), std::nullopt);
  EXPECT_EQ(ParseAlarm("memberID:15985099378392235387 "), std::nullopt);
  EXPECT_EQ(ParseAlarm("alarm:"), std::nullopt);
  EXPECT_EQ(ParseAlarm("alarm: 1"), std::nullopt);
  EXPECT_EQ(ParseAlarm("the alarm NOSPACE"), std::nullopt);
}

TEST(ParseAlarms, KeepsEachAlarmOnceInTheirOrder) {
  const std::vector<std::string> errors{"etcdserver: no leader", "memberID:2 alarm:NOSPACE ",
                                        "memberID:1 alarm:NOSPACE ", "memberID:2 alarm:NOSPACE ",
                                        "memberID:2 alarm:CORRUPT "};
  EXPECT_THAT(ParseAlarms(errors), ElementsAre(Alarm{.member_id = 2, .type = "NOSPACE"},
                                               Alarm{.member_id = 1, .type = "NOSPACE"},
                                               Alarm{.member_id = 2, .type = "CORRUPT"}));
}

TEST(ParseAlarms, FindsNoneInNoErrors) {
  EXPECT_THAT(ParseAlarms(std::vector<std::string>()), IsEmpty());
}

}  // namespace
}  // namespace headroom::etcd
