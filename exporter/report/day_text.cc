#include "report/day_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "text/human.h"
#include "text/table.h"
#include "text/wrap.h"

namespace headroom::report {
namespace {

using accounting::SpaceReading;
using accounting::WriterKind;
using text::Cells;

constexpr std::size_t kStepsPerSign = 2;  // half an hour
constexpr std::size_t kSigns = accounting::kDayMinutes / DayView::kStepMinutes / kStepsPerSign;
constexpr std::size_t kRows = 5;
constexpr std::size_t kNameWidth = 50;

// A digit for each half hour, the last one at the end: tenths of the quota, '.' where unknown.
std::string Digits(const DayView& day, std::uint64_t SpaceReading::*figure) {
  std::string digits(kSigns, '.');
  for (std::size_t i = 0; i < std::min(day.space.size(), kSigns * kStepsPerSign); ++i) {
    const auto& reading = day.space[i];
    if (!reading || reading->quota_bytes == 0) continue;
    const double tenths =
        10 * static_cast<double>((*reading).*figure) / static_cast<double>(reading->quota_bytes);
    const char digit = static_cast<char>('0' + static_cast<int>(std::clamp(tenths, 0.0, 9.0)));
    char& sign = digits[kSigns - 1 - i / kStepsPerSign];
    if (sign == '.' || sign < digit) sign = digit;
  }
  return digits;
}

// By bytes of the last 15 minutes, then of the day; "manager: resource".
void AppendWriters(std::string& text, const DayView& day) {
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> bytes;
  const auto name = [](const accounting::WriterName& writer) {
    return absl::StrCat(writer.name, ": ", writer.resource);
  };
  for (const auto& of : day.quarter_hour.Of(WriterKind::kManager).heaviest)
    bytes[name(of.writer)].first += of.bytes;
  for (const auto& of : day.day.Of(WriterKind::kManager).heaviest)
    bytes[name(of.writer)].second += of.bytes;
  std::vector<std::pair<std::pair<std::uint64_t, std::uint64_t>, std::string>> rows;
  rows.reserve(bytes.size());
  for (const auto& [writer, both] : bytes) rows.emplace_back(both, writer);
  std::ranges::sort(rows, std::ranges::greater());
  if (rows.empty()) {
    text += "\n";
    return;
  }
  std::vector<Cells> table{
      {"WHO WROTE", text::Duration(day.quarter_hour.seconds), text::Duration(day.day.seconds)}};
  for (std::size_t i = 0; i < std::min(rows.size(), kRows); ++i) {
    const auto& [both, writer] = rows[i];
    table.push_back(
        {text::Shorten(writer, kNameWidth), text::Bytes(both.first), text::Bytes(both.second)});
  }
  text::AppendTable(text, table, 1);
}

}  // namespace

std::string DayText(const Facts& facts) {
  if (!facts.day) {
    if (facts.day_problem.empty()) return "";
    return text::Wrap(absl::StrCat("The last 24 hours are unknown, as no exporter answers on this "
                                   "node: ",
                                   facts.day_problem, ". The pace is of this report's own sample."),
                      0) +
           "\n";
  }
  std::string text = text::Wrap(
      "The last 24 hours, from the exporter on this node. A digit is half an hour: tenths of the "
      "quota.",
      0);
  absl::StrAppend(&text, "FILE    ", Digits(*facts.day, &SpaceReading::file_bytes), "\nIN USE  ",
                  Digits(*facts.day, &SpaceReading::in_use_bytes), "\n");
  AppendWriters(text, *facts.day);
  return text;
}

}  // namespace headroom::report
