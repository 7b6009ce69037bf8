#include "analyze/verdict.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "text/human.h"

namespace headroom::analyze {
namespace {

using text::Bytes;
using text::Count;
using text::Percent;

std::string Compaction(const Analysis& analysis) {
  const std::uint64_t freed = analysis.compaction_bytes();
  if (!analysis.complete()) {
    if (freed == 0) {
      return "What compaction would free cannot be told: a part of the file is unreadable.";
    }
    return absl::StrCat("Compaction would free at least ", Bytes(freed), " (",
                        Percent(freed, analysis.file_bytes),
                        " of the file) for reuse; how much more cannot be told, as a part of the "
                        "file is unreadable.");
  }
  if (freed == 0) return "Compaction would free nothing: the file holds no history.";
  return absl::StrCat("Compaction would free about ", Bytes(freed), " (",
                      Percent(freed, analysis.file_bytes),
                      " of the file) for reuse; the file does not shrink by it.");
}

std::string Defragmentation(const Analysis& analysis) {
  if (analysis.walk.unreadable_pages > 0) {
    return "What defragmentation would give back cannot be told: a part of the file is unreadable.";
  }
  const std::uint64_t freed = analysis.compaction_bytes();
  std::string line =
      absl::StrCat("Defragmentation would give back ", Bytes(analysis.parts.free), " or more");
  if (freed > 0) {
    absl::StrAppend(&line, " now, and ", analysis.complete() ? "" : "at least ",
                    Bytes(analysis.parts.free + freed), analysis.complete() ? " or so" : "",
                    " once a compaction has finished");
  }
  return line + ".";
}

// The sentence about the resource that has the most of something; empty when none has any.
template <typename Amount, typename Sentence>
std::string OfTheLargest(const std::vector<Row>& rows, Amount amount, Sentence sentence) {
  const auto largest = std::max_element(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    return amount(a.usage) < amount(b.usage);
  });
  if (largest == rows.end() || amount(largest->usage) == 0) return "";
  return sentence(*largest);
}

bool IsCorrupt(const Analysis& analysis) {
  const auto& alarms = analysis.notes.alarms;
  return std::any_of(alarms.begin(), alarms.end(),
                     [](const bbolt::Alarm& alarm) { return alarm.type == bbolt::kCorruptAlarm; });
}

}  // namespace

std::vector<std::string> Verdict(const Analysis& analysis) {
  if (IsCorrupt(analysis)) {
    return {
        "CORRUPT is armed: the members' data differ; do not compact, defragment or disarm; find "
        "the member and replace it."};
  }
  const bool complete = analysis.complete();
  // What was not seen may belong to another resource.
  const char* const lead = complete ? "" : "Uncertain, as a part of the file is unreadable: ";
  std::vector<std::string> lines{Compaction(analysis), Defragmentation(analysis)};
  std::string slow_down = OfTheLargest(
      analysis.resources, [](const Usage& usage) { return usage.history_stored_bytes; },
      [&](const Row& row) {
        const Usage& usage = row.usage;
        return absl::StrCat(lead, "Slow down first what writes ", row.resource, ": ",
                            Count(usage.superseded_revisions), " old versions and ",
                            Count(usage.deleted_objects), " deleted objects take ",
                            Bytes(usage.history_stored_bytes), ", ",
                            Percent(usage.history_stored_bytes, analysis.compaction_bytes()),
                            complete ? " of all history." : " of the history that was read.");
      });
  std::string remove = OfTheLargest(
      analysis.resources, [](const Usage& usage) { return usage.live_bytes; },
      [&](const Row& row) {
        return absl::StrCat(lead, "Delete first what is not needed of ", row.resource, ": ",
                            Count(row.usage.live_objects), " live objects take ",
                            Bytes(row.usage.live_bytes), ", ",
                            Percent(row.usage.live_bytes, analysis.total.live_bytes),
                            complete ? " of all that live." : " of what seems to live.");
      });
  if (analysis.total.live_bytes > analysis.total.history_bytes()) std::swap(slow_down, remove);
  for (std::string* line : {&slow_down, &remove}) {
    if (!line->empty()) lines.push_back(std::move(*line));
  }
  return lines;
}

}  // namespace headroom::analyze
