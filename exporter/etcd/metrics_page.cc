#include "etcd/metrics_page.h"

#include <charconv>
#include <cmath>

namespace headroom::etcd {
namespace {

constexpr std::size_t kMaxLineBytes = 4096;

// A value and, where there is one, the timestamp after it.
std::optional<double> ParseNumber(std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  const char* const end = text.data() + text.size();
  double value = 0;
  const auto number = std::from_chars(text.data(), end, value);
  if (number.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  if (number.ptr == end) return value;
  std::int64_t milliseconds = 0;
  if (*number.ptr != ' ') return std::nullopt;
  const auto timestamp = std::from_chars(number.ptr + 1, end, milliseconds);
  if (timestamp.ec != std::errc() || timestamp.ptr != end) return std::nullopt;
  return value;
}

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  const auto value = ParseNumber(text);
  // Beyond 2^62 a number is no count of bytes or revisions, and the conversion could overflow.
  if (!value || std::abs(*value) > 0x1p62) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

}  // namespace

void MetricsPageParser::Feed(std::string_view piece) {
  while (!piece.empty()) {
    const auto newline = piece.find('\n');
    const std::string_view part = piece.substr(0, newline);
    if (!skipping_line_ && partial_line_.size() + part.size() > kMaxLineBytes) {
      skipping_line_ = true;
      ++malformed_lines_;
    }
    if (newline == std::string_view::npos) {
      if (!skipping_line_) partial_line_ += part;
      return;
    }
    if (!skipping_line_) {
      if (partial_line_.empty()) {
        Line(part);
      } else {
        partial_line_ += part;
        Line(partial_line_);
      }
    }
    partial_line_.clear();
    skipping_line_ = false;
    piece.remove_prefix(newline + 1);
  }
}

const PageFacts& MetricsPageParser::Finish() {
  if (!skipping_line_ && !partial_line_.empty()) ++malformed_lines_;
  partial_line_.clear();
  return facts_;
}

void MetricsPageParser::Line(std::string_view line) {
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return;
  const std::string_view name = line.substr(0, blank);
  const std::string_view value = line.substr(blank + 1);
  const auto read = [&](std::string_view wanted, auto& fact, auto parse) {
    if (name != wanted) return;
    if (const auto number = parse(value)) {
      fact = number;
    } else {
      ++malformed_lines_;
    }
  };
  read("etcd_server_quota_backend_bytes", facts_.quota_bytes, ParseInteger);
  read("etcd_debugging_mvcc_compact_revision", facts_.compact_revision, ParseInteger);
  read("etcd_mvcc_db_open_read_transactions", facts_.open_read_transactions, ParseInteger);
  read("etcd_disk_backend_defrag_duration_seconds_count", facts_.defragmentations, ParseInteger);
  read("etcd_disk_defrag_inflight", facts_.defrag_in_progress, ParseInteger);
  read("process_start_time_seconds", facts_.start_time_seconds, ParseNumber);
}

}  // namespace headroom::etcd
