#include "http/routes.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>

namespace headroom::http {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using namespace std::chrono_literals;

constexpr Metric kAnswer{"test_answer", prometheus::MetricType::Gauge, "", "An answer."};

// Adds one sample and remembers what it was asked.
class OneSample : public Collector {
 public:
  void Collect(Deadline deadline, FamilySet& families) override {
    ++calls;
    last_deadline = deadline;
    families.Add(kAnswer, 42, {{"call", std::to_string(calls)}});
  }

  void Peek(Deadline, FamilySet&) override { ++peeks; }

  int calls = 0;
  int peeks = 0;
  Deadline last_deadline;
};

class RoutesTest : public testing::Test {
 protected:
  Response Get(std::string_view path) { return handler_({.method = "GET", .path = path}); }

  OneSample first_;
  OneSample second_;
  Server::Handler handler_ = Routes("/metrics", {&first_, &second_});
};

TEST_F(RoutesTest, ServeWhatAllCollectorsAdd) {
  const Response response = Get("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_FALSE(response.gzip);
  EXPECT_EQ(response.body,
            "# HELP test_answer An answer.\n# TYPE test_answer gauge\n"
            "test_answer{call=\"1\"} 42\ntest_answer{call=\"1\"} 42\n");
}

TEST_F(RoutesTest, CollectAnewForEveryRequest) {
  Get("/metrics");
  EXPECT_THAT(Get("/metrics").body, HasSubstr("test_answer{call=\"2\"} 42\n"));
}

TEST_F(RoutesTest, CompressForWhoAcceptsIt) {
  const Response response =
      handler_({.method = "GET", .path = "/metrics", .accept_encoding = "gzip"});
  EXPECT_TRUE(response.gzip);
  EXPECT_EQ(response.body.substr(0, 2), "\x1f\x8b");
}

TEST_F(RoutesTest, GiveCollectorsTheTimeThatTheScraperLeaves) {
  const auto before = std::chrono::steady_clock::now();
  handler_({.method = "GET", .path = "/metrics", .scrape_timeout = "10"});
  const auto after = std::chrono::steady_clock::now();
  EXPECT_THAT(first_.last_deadline, AllOf(Ge(before + 9500ms), Le(after + 9500ms)));
  EXPECT_EQ(second_.last_deadline, first_.last_deadline);
}

TEST_F(RoutesTest, AnswerProbesWithoutCollecting) {
  for (const char* path : {"/-/healthy", "/-/ready"}) {
    EXPECT_EQ(Get(path).status, 200) << path;
    EXPECT_EQ(first_.calls, 0) << path;
  }
}

TEST_F(RoutesTest, LeadFromTheRootToTheMetrics) {
  const Response response = Get("/");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(response.body, HasSubstr("<a href=\"/metrics\">"));
  EXPECT_EQ(first_.peeks, 1);
  EXPECT_EQ(first_.calls, 0) << "not a scrape";
}

TEST_F(RoutesTest, ServeTheMetricsWhereTheyAreConfigured) {
  const auto handler = Routes("/own/path", {&first_});
  EXPECT_EQ(handler({.method = "GET", .path = "/own/path"}).status, 200);
  EXPECT_EQ(handler({.method = "GET", .path = "/metrics"}).status, 404);
  EXPECT_THAT(handler({.method = "GET", .path = "/"}).body, HasSubstr("href=\"/own/path\""));
}

TEST_F(RoutesTest, KnowNoOtherPath) {
  for (const char* path : {"/metrics/", "/metrics2", "/-/", "/-/ready/x", "//", "", "/METRICS"})
    EXPECT_EQ(Get(path).status, 404) << path;
  EXPECT_EQ(first_.calls, 0);
}

TEST_F(RoutesTest, AnswerHeadAsGet) {
  const Response response = handler_({.method = "HEAD", .path = "/metrics"});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(handler_({.method = "HEAD", .path = "/"}).content_type, "text/html; charset=utf-8");
  EXPECT_EQ(first_.calls + first_.peeks, 0) << "nobody sees what etcd would be asked";
}

TEST_F(RoutesTest, RefuseOtherMethods) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    for (const char* path : {"/metrics", "/", "/-/ready"}) {
      const Response response = handler_({.method = method, .path = path});
      EXPECT_EQ(response.status, 405) << method;
      EXPECT_EQ(response.allow, "GET, HEAD") << method;
    }
  }
  EXPECT_EQ(first_.calls, 0);
}

TEST_F(RoutesTest, ServeAnEmptyPageWithoutCollectors) {
  const Response response = Routes("/metrics", {})({.method = "GET", .path = "/metrics"});
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, IsEmpty());
}

}  // namespace
}  // namespace headroom::http
