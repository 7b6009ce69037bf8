#include "http/routes.h"

#include <prometheus/text_serializer.h>

#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "exposition/families.h"
#include "http/gzip.h"
#include "http/scrape_budget.h"
#include "http/status_page.h"
#include "monitor/day_json.h"
#include "runbooks/runbooks.h"

namespace headroom::http {
namespace {

constexpr std::string_view kRunbooks = "/runbooks";
constexpr std::string_view kHistory = "/history";
constexpr const char* kHtml = "text/html; charset=utf-8";
constexpr const char* kJson = "application/json";
constexpr const char* kTextFormat = "text/plain; version=0.0.4; charset=utf-8";

Deadline DeadlineOf(const Request& request) {
  return std::chrono::steady_clock::now() + ScrapeBudget(request.scrape_timeout);
}

// To a client that can unpack it, smaller.
void Compress(const Request& request, Response& response) {
  if (!AcceptsGzip(request.accept_encoding)) return;
  if (auto packed = Gzip(response.body)) {
    response.body = *std::move(packed);
    response.gzip = true;
  }
}

Response Metrics(const Request& request, SnapshotSource& source) {
  const auto families = Families(source.Take(DeadlineOf(request), Hitters::kWith));
  Response response{.content_type = kTextFormat,
                    .body = prometheus::TextSerializer().Serialize(families),
                    .on_sent = [&source] { source.PageServed(); }};
  Compress(request, response);
  return response;
}

Response Status(const Request& request, SnapshotSource& source, const std::string& metrics_path) {
  return {.content_type = kHtml,
          .body = StatusPage(source.Take(DeadlineOf(request), Hitters::kWithout), source.LastDay(),
                             metrics_path)};
}

Response History(const Request& request, SnapshotSource& source) {
  Response response{.content_type = kJson, .body = DayJson(source.LastDay())};
  Compress(request, response);
  return response;
}

// Runbooks and their references link to each other by relative paths, as in the repository.
std::optional<Response> Runbook(std::string_view path) {
  if (path == kRunbooks) {
    std::string list = "<!DOCTYPE html>\n<title>Runbooks</title>\n<ul>\n";
    for (const runbooks::Page& page : runbooks::All())
      absl::StrAppend(&list, "<li><a href=\"/", std::string(page.path), "\">",
                      std::string(page.path), "</a>\n");
    return Response{.content_type = kHtml, .body = list + "</ul>\n"};
  }
  const auto text = path.starts_with('/') ? runbooks::Find(path.substr(1)) : std::nullopt;
  if (!text) return std::nullopt;
  return Response{.body = std::string(*text)};
}

}  // namespace

Server::Handler Routes(std::string metrics_path, SnapshotSource& source) {
  return [metrics_path = std::move(metrics_path), &source](const Request& request) -> Response {
    const bool is_metrics = request.path == metrics_path;
    const bool is_probe = request.path == "/-/healthy" || request.path == "/-/ready";
    const bool is_status = request.path == "/";
    const bool is_history = request.path == kHistory;
    const bool is_page = is_metrics || is_probe || is_status || is_history;
    auto runbook = is_page ? std::nullopt : Runbook(request.path);
    if (!is_page && !runbook) return {.status = 404, .body = "not found\n"};
    if (request.method != "GET" && request.method != "HEAD") {
      return {.status = 405, .body = "only GET and HEAD\n", .headers = {{"Allow", "GET, HEAD"}}};
    }
    if (is_probe) return {.body = "HTTP serves\n"};
    if (runbook) return *std::move(runbook);
    if (is_history) return History(request, source);
    // A HEAD asks whether there is a page; making one would ask etcd.
    if (request.method == "HEAD") return {.content_type = is_metrics ? kTextFormat : kHtml};
    return is_metrics ? Metrics(request, source) : Status(request, source, metrics_path);
  };
}

}  // namespace headroom::http
