#include "http/stalled_clients.h"

#include <gtest/gtest.h>

namespace headroom::http {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(StalledClients, AreNewsWhenManyAtOnceAndOnce) {
  StalledClients clients(3);
  StalledClients::Clock::time_point now;
  EXPECT_FALSE(clients.Dropped(now));
  EXPECT_FALSE(clients.Dropped(now));
  EXPECT_TRUE(clients.Dropped(now + seconds(4)));
  EXPECT_FALSE(clients.Dropped(now + seconds(4)));
  now += minutes(11);
  EXPECT_FALSE(clients.Dropped(now)) << "one alone";
  EXPECT_FALSE(clients.Dropped(now));
  EXPECT_TRUE(clients.Dropped(now)) << "they are back";
}

TEST(StalledClients, AreNoNewsOneAfterTheOther) {
  StalledClients clients(3);
  StalledClients::Clock::time_point now;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(clients.Dropped(now += seconds(3)));
}

}  // namespace
}  // namespace headroom::http
