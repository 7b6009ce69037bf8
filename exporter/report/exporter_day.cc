#include "report/exporter_day.h"

#include <string>
#include <string_view>
#include <utility>

#include "etcd/http_get.h"
#include "monitor/day_json.h"
#include "report/printable.h"

namespace headroom::report {
namespace {

// An exporter's page has some 30 KiB; what is larger is something else's.
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

void MakePrintable(WriterWindow& window) {
  for (accounting::WriterSum& sum : window.by_kind) {
    for (accounting::WriterBytes& of : sum.heaviest) {
      of.writer.name = Printable(of.writer.name);
      of.writer.resource = Printable(of.writer.resource);
    }
  }
}

}  // namespace

absl::StatusOr<DayView> AskExporter(const http::ListenAddress& address, Deadline deadline) {
  const etcd::Endpoint url{.host = address.host, .port = address.port, .path = "/history"};
  std::string body;
  const absl::Status got =
      etcd::HttpGet(url, nullptr, deadline, {}, [&body](std::string_view piece) {
        body.append(piece.substr(0, kMostBytes - std::min(body.size(), kMostBytes)));
      });
  if (!got.ok()) return got;
  auto day = ParseDayJson(body);
  if (!day.ok()) return day.status();
  MakePrintable(day->quarter_hour);
  MakePrintable(day->day);
  return day;
}

}  // namespace headroom::report
