#include "http/routes.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>

namespace headroom::http {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using testing::Not;
using testing::Pair;
using namespace std::chrono_literals;

// Knows how often it was asked, by a number of endpoints, and remembers how.
class CountingSource : public SnapshotSource {
 public:
  Snapshot Take(Deadline deadline, Hitters hitters) override {
    (hitters == Hitters::kWith ? scrapes : looks) += 1;
    last_deadline = deadline;
    return {.cluster = ClusterReport{.endpoints = static_cast<std::size_t>(40 + scrapes)},
            .churn = ChurnSnapshot()};
  }
  void PageServed() override { ++served; }
  DayView LastDay() override {
    DayView day;
    day.quarter_hour = {.seconds = 60, .by_kind = {{{10, {{{"kubelet", "pods"}, 10}}}, {}, {}}}};
    return day;
  }

  int scrapes = 0;
  int looks = 0;
  int served = 0;
  Deadline last_deadline;
};

class RoutesTest : public testing::Test {
 protected:
  Response Get(std::string_view path) { return handler_({.method = "GET", .path = path}); }

  CountingSource source_;
  Server::Handler handler_ = Routes("/metrics", source_);
};

TEST_F(RoutesTest, ServeTheMetricsOfASnapshot) {
  const Response response = Get("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_FALSE(response.gzip);
  EXPECT_THAT(response.body, HasSubstr("# TYPE etcd_headroom_endpoints gauge\n"
                                       "etcd_headroom_endpoints 41\n"));
}

TEST_F(RoutesTest, TakeASnapshotForEveryRequest) {
  Get("/metrics");
  EXPECT_THAT(Get("/metrics").body, HasSubstr("etcd_headroom_endpoints 42\n"));
}

TEST_F(RoutesTest, ShowTheLastDayWithoutAskingEtcd) {
  const Response response = Get("/history");
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_THAT(response.body, HasSubstr("\"manager\": \"kubelet\""));
  EXPECT_EQ(source_.looks + source_.scrapes, 0);
  EXPECT_THAT(Get("/").body, HasSubstr("<b>kubelet</b>10 B, 100 %"));
}

TEST_F(RoutesTest, HaveTheRunbooksWithoutTheInternet) {
  const Response list = Get("/runbooks");
  EXPECT_EQ(list.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(list.body, HasSubstr("<a href=\"/runbooks/EtcdHeadroomWritesRefused.md\">"));
  const Response runbook = Get("/runbooks/EtcdHeadroomWritesRefused.md");
  EXPECT_EQ(runbook.content_type, "text/plain; charset=utf-8");
  EXPECT_THAT(runbook.body, testing::StartsWith("# EtcdHeadroomWritesRefused"));
  EXPECT_EQ(Get("/reference/etcdctl.md").status, 200);
  EXPECT_EQ(Get("/runbooks/EtcdHeadroomNone.md").status, 404);
  EXPECT_EQ(Get("/runbooks/").status, 404);
  EXPECT_EQ(source_.looks, 0) << "etcd is not asked";
}

TEST_F(RoutesTest, SayWhenAPageHasReachedItsScraper) {
  const Response response = Get("/metrics");
  EXPECT_EQ(source_.served, 0);
  response.on_sent();
  EXPECT_EQ(source_.served, 1);
  EXPECT_FALSE(Get("/").on_sent);
}

TEST_F(RoutesTest, CompressForWhoAcceptsIt) {
  const Response response =
      handler_({.method = "GET", .path = "/metrics", .accept_encoding = "gzip"});
  EXPECT_TRUE(response.gzip);
  EXPECT_EQ(response.body.substr(0, 2), "\x1f\x8b");
}

TEST_F(RoutesTest, GiveTheSourceTheTimeThatTheScraperLeaves) {
  const auto before = std::chrono::steady_clock::now();
  handler_({.method = "GET", .path = "/metrics", .scrape_timeout = "10"});
  const auto after = std::chrono::steady_clock::now();
  EXPECT_THAT(source_.last_deadline, AllOf(Ge(before + 9500ms), Le(after + 9500ms)));
}

TEST_F(RoutesTest, AnswerProbesWithoutASnapshot) {
  for (const char* path : {"/-/healthy", "/-/ready"}) {
    EXPECT_EQ(Get(path).status, 200) << path;
    EXPECT_EQ(source_.scrapes, 0) << path;
  }
}

TEST_F(RoutesTest, LeadFromTheRootToTheMetrics) {
  const Response response = Get("/");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(response.body, HasSubstr("<a href=\"/metrics\">"));
  EXPECT_EQ(source_.looks, 1);
  EXPECT_EQ(source_.scrapes, 0) << "not a scrape";
}

TEST_F(RoutesTest, ServeTheMetricsWhereTheyAreConfigured) {
  const auto handler = Routes("/own/path", source_);
  EXPECT_EQ(handler({.method = "GET", .path = "/own/path"}).status, 200);
  EXPECT_EQ(handler({.method = "GET", .path = "/metrics"}).status, 404);
  EXPECT_THAT(handler({.method = "GET", .path = "/"}).body, HasSubstr("href=\"/own/path\""));
}

TEST_F(RoutesTest, KnowNoOtherPath) {
  for (const char* path : {"/metrics/", "/metrics2", "/-/", "/-/ready/x", "//", "", "/METRICS"})
    EXPECT_EQ(Get(path).status, 404) << path;
  EXPECT_EQ(source_.scrapes, 0);
}

TEST_F(RoutesTest, AnswerHeadAsGet) {
  const Response response = handler_({.method = "HEAD", .path = "/metrics"});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(handler_({.method = "HEAD", .path = "/"}).content_type, "text/html; charset=utf-8");
  EXPECT_EQ(source_.scrapes + source_.looks, 0) << "nobody sees what etcd would be asked";
}

TEST_F(RoutesTest, RefuseOtherMethods) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    for (const char* path : {"/metrics", "/", "/-/ready"}) {
      const Response response = handler_({.method = method, .path = path});
      EXPECT_EQ(response.status, 405) << method;
      EXPECT_THAT(response.headers, ElementsAre(Pair("Allow", "GET, HEAD"))) << method;
    }
  }
  EXPECT_EQ(source_.scrapes, 0);
}

}  // namespace
}  // namespace headroom::http
