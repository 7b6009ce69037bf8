#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::etcd {

// What we read from etcd's own metrics page. Each is absent when the page does not have it (older
// etcd) or its value does not parse.
struct PageFacts {
  std::optional<std::int64_t> quota_bytes;  // etcd_server_quota_backend_bytes; negative = disabled
  std::optional<std::int64_t>
      compact_revision;  // etcd_debugging_mvcc_compact_revision; -1 = never compacted
  std::optional<std::int64_t> open_read_transactions;  // etcd_mvcc_db_open_read_transactions
  std::optional<std::int64_t> defragmentations;  // etcd_disk_backend_defrag_duration_seconds_count
  std::optional<std::int64_t> defrag_in_progress;  // etcd_disk_defrag_inflight, 0 or 1
  std::optional<double> start_time_seconds;        // process_start_time_seconds, Unix time

  // True when nothing was found: not etcd's page.
  bool empty() const { return *this == PageFacts(); }
  bool operator==(const PageFacts&) const = default;
};

// Reads the Prometheus text format piece by piece, keeping no more than one line. All that is not
// one of the series above is passed over.
class MetricsPageParser {
 public:
  void Feed(std::string_view piece);
  // Call once, after the last piece. A line that does not end is not read: etcd's page comes
  // without a length, so its number may be cut.
  const PageFacts& Finish();

  // Lines of wanted series whose value is no number, lines too long to hold, and a line that does
  // not end.
  int malformed_lines() const { return malformed_lines_; }

 private:
  void Line(std::string_view line);

  PageFacts facts_;
  std::string partial_line_;  // at most kMaxLineBytes
  bool skipping_line_ = false;
  int malformed_lines_ = 0;
};

}  // namespace headroom::etcd
