#include "etcd/http_response.h"

#include <gmock/gmock.h>

#include <string>

namespace headroom::etcd {
namespace {

using testing::HasSubstr;
using testing::Not;

// What a reader makes of an answer that comes in the given pieces.
struct HttpOutcome {
  absl::Status status;
  std::string body;
  bool complete = false;
};

HttpOutcome ReadHttp(std::initializer_list<std::string_view> pieces) {
  HttpOutcome outcome;
  HttpResponseReader reader([&outcome](std::string_view piece) { outcome.body += piece; });
  for (const std::string_view piece : pieces) {
    outcome.status = reader.Feed(piece);
    if (!outcome.status.ok()) return outcome;
  }
  outcome.complete = reader.complete();
  outcome.status = reader.Finish();
  return outcome;
}

std::string Refusal(std::initializer_list<std::string_view> pieces) {
  const HttpOutcome outcome = ReadHttp(pieces);
  EXPECT_FALSE(outcome.status.ok());
  EXPECT_EQ(outcome.body, "");
  return std::string(outcome.status.message());
}

TEST(HttpResponse, EndsItsBodyWithTheConnection) {
  const HttpOutcome outcome =
      ReadHttp({"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\none\ntwo\n"});
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.body, "one\ntwo\n");
  EXPECT_FALSE(outcome.complete);
}

TEST(HttpResponse, EndsItsBodyAtContentLength) {
  const HttpOutcome outcome =
      ReadHttp({"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc and more"});
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.body, "abc");
  EXPECT_TRUE(outcome.complete);
}

TEST(HttpResponse, IsCompleteAtOnceWhenItsLengthIs0) {
  const HttpOutcome outcome = ReadHttp({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_TRUE(outcome.complete);
}

TEST(HttpResponse, NeedsNoReasonAndNoHeaders) {
  EXPECT_EQ(ReadHttp({"HTTP/1.1 200\r\n\r\nbody"}).body, "body");
}

TEST(HttpResponse, ReadsHeaderNamesInAnyCase) {
  EXPECT_EQ(ReadHttp({"HTTP/1.1 200 OK\r\ncONTENT-lENGTH:3  \r\n\r\nabcdef"}).body, "abc");
}

TEST(HttpResponse, IsReadTheSameWhereverItIsCut) {
  const std::string answer = "HTTP/1.0 200 OK\r\nContent-Length: 9\r\nX: y\r\n\r\none\r\n\r\ntw";
  for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
    const std::string_view whole = answer;
    const HttpOutcome outcome = ReadHttp({whole.substr(0, cut), whole.substr(cut)});
    ASSERT_TRUE(outcome.status.ok()) << "cut at " << cut << ": " << outcome.status;
    ASSERT_EQ(outcome.body, "one\r\n\r\ntw") << "cut at " << cut;
  }
}

TEST(HttpResponse, HandsItsBodyOnAsItComes) {
  std::string body;
  HttpResponseReader reader([&body](std::string_view piece) { body += piece; });
  ASSERT_TRUE(reader.Feed("HTTP/1.0 200 OK\r\n\r\none").ok());
  EXPECT_EQ(body, "one");
  ASSERT_TRUE(reader.Feed("two").ok());
  EXPECT_EQ(body, "onetwo");
}

TEST(HttpResponse, FailsWithItsStatusLineUnlessItIs200) {
  EXPECT_THAT(Refusal({"HTTP/1.0 503 Service Unavailable\r\n\r\nbody"}),
              HasSubstr("503 Service Unavailable"));
  EXPECT_THAT(Refusal({"HTTP/1.1 404 Not Found\r\n\r\n"}), HasSubstr("404 Not Found"));
  EXPECT_THAT(Refusal({"HTTP/1.1 301 Moved\r\nLocation: http://b/\r\n\r\n"}), HasSubstr("301"));
}

TEST(HttpResponse, FailsWhenItIsNoHttp) {
  const std::string refusal = Refusal({"\x15\x03\x01\x1b[31m\r\n\r\n"});
  EXPECT_THAT(refusal, HasSubstr("not an HTTP answer"));
  EXPECT_THAT(refusal, Not(HasSubstr("\x1b")));
  EXPECT_THAT(Refusal({"\r\n\r\n"}), HasSubstr("not an HTTP answer"));
}

TEST(HttpResponse, FailsWhenItIsChunked) {
  EXPECT_THAT(Refusal({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}),
              HasSubstr("chunked"));
}

TEST(HttpResponse, FailsWhenItsLengthIsNoNumber) {
  for (const char* length : {"-1", "", "x", "1 2", "99999999999999999999"}) {
    const std::string head =
        std::string("HTTP/1.1 200 OK\r\nContent-Length: ") + length + "\r\n\r\nbody";
    EXPECT_THAT(Refusal({head}), HasSubstr("Content-Length")) << length;
  }
}

TEST(HttpResponse, FailsWhenItEndsTooSoon) {
  EXPECT_THAT(Refusal({}), HasSubstr("closed before an answer"));
  EXPECT_THAT(Refusal({"HTTP/1.0 200 OK\r\nContent-Ty"}), HasSubstr("closed before an answer"));
  const HttpOutcome cut = ReadHttp({"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nabc"});
  EXPECT_THAT(std::string(cut.status.message()), HasSubstr("closed within the answer"));
}

TEST(HttpResponse, FailsWhenItsHeadDoesNotEnd) {
  const std::string header = "X: " + std::string(9000, 'y') + "\r\n";
  EXPECT_THAT(Refusal({"HTTP/1.0 200 OK\r\n", header, header}), HasSubstr("do not end"));
}

TEST(HttpResponse, FailsWhenItsBodyPasses16MiB) {
  const std::string mib(1U << 20, 'x');
  HttpResponseReader reader([](std::string_view) {});
  ASSERT_TRUE(reader.Feed("HTTP/1.0 200 OK\r\n\r\n").ok());
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(reader.Feed(mib).ok());
  EXPECT_THAT(std::string(reader.Feed("x").message()), HasSubstr("16 MiB"));
}

}  // namespace
}  // namespace headroom::etcd
