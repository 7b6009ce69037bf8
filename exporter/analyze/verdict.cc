#include "analyze/verdict.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "analyze/disposable.h"
#include "analyze/tenants.h"
#include "text/human.h"

namespace headroom::analyze {
namespace {

using text::Bytes;
using text::Count;
using text::Percent;

std::string Compaction(const Analysis& analysis) {
  const std::uint64_t freed = analysis.compaction_bytes();
  const std::string amount =
      absl::StrCat(Bytes(freed), " (", Percent(freed, analysis.size_bytes), " of the file)");
  if (!analysis.complete()) {
    if (freed == 0 || analysis.walk.salvaged_records > 0) {
      return "What compaction would free is unknown: a part of the file is unreadable.";
    }
    return absl::StrCat("Compaction would free at least ", amount,
                        " for reuse; how much more is unknown, as a part of the file is "
                        "unreadable.");
  }
  if (analysis.total.history_revisions() == 0) {
    return "Compaction would free nothing: the file holds no history.";
  }
  if (freed == 0) return "Compaction would free no page: live objects are in all of them.";
  return absl::StrCat("Compaction would free about ", amount,
                      " for reuse; the file does not shrink by it.");
}

std::string Defragmentation(const Analysis& analysis) {
  if (analysis.walk.unreadable_pages > 0) {
    return "What defragmentation would give back is unknown: a part of the file is unreadable.";
  }
  if (!analysis.complete()) {
    return absl::StrCat("Defragmentation would give back ", Bytes(analysis.parts.free),
                        " or more.");
  }
  const bool history = analysis.total.history_revisions() > 0;
  return absl::StrCat("Defragmentation would give back ", Bytes(analysis.parts.free),
                      history ? " or more now; once a compaction has finished, it" : " or more: it",
                      " would shrink the file to about ", Bytes(analysis.defragmented_bytes()),
                      ".");
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

// What was not seen may belong to another resource.
const char* Lead(const Analysis& analysis) {
  return analysis.complete() ? "" : "Uncertain, as a part of the file is unreadable: ";
}

std::string SlowDown(const Analysis& analysis) {
  return OfTheLargest(
      analysis.resources, [](const Usage& usage) { return usage.history_page_bytes; },
      [&](const Row& row) {
        const Usage& usage = row.usage;
        return absl::StrCat(
            Lead(analysis), "Slow down first what writes ", row.resource, ": ",
            Count(usage.superseded_revisions), " old versions and ", Count(usage.deleted_objects),
            " deleted objects take ", Bytes(usage.history_page_bytes), ", ",
            Percent(usage.history_page_bytes, analysis.total.history_page_bytes),
            analysis.complete() ? " of all history." : " of the history that was read.");
      });
}

// "412 live objects take 3.1 MiB, 12.0 % of the file."
std::string Holdings(const Analysis& analysis, const Usage& usage) {
  return absl::StrCat(Count(usage.live_objects), " live objects take ",
                      Bytes(usage.live_page_bytes), ", ",
                      Percent(usage.live_page_bytes, analysis.size_bytes), " of the file.");
}

std::string Largest(const Analysis& analysis, const Row& row) {
  std::string line = absl::StrCat(
      Lead(analysis), "Most of what lives is ", row.resource, ": ", Holdings(analysis, row.usage),
      IsBuiltInConfiguration(row.resource) ? " The cluster consists of them: do not delete them to "
                                             "make room."
                                           : " Delete none whose owner does not agree.");
  constexpr std::size_t kNamed = 3;
  std::size_t named = 0;
  for (const LargeObject& object : analysis.largest_objects) {
    if (object.resource != row.resource || named == kNamed) continue;
    absl::StrAppend(&line, named == 0 ? " The largest: " : ", ", object.key, " (",
                    Bytes(object.bytes), ")");
    ++named;
  }
  if (named > 0) line += ".";
  return line;
}

// The largest resource; and what to delete if that is of no lasting use, or else the largest that
// is, if it matters.
std::vector<std::string> WhatLives(const Analysis& analysis) {
  constexpr std::uint64_t kMatters = 20;  // a 20th of what lives
  std::vector<std::string> lines;
  const auto amount = [](const Usage& usage) { return usage.live_page_bytes; };
  lines.push_back(OfTheLargest(analysis.resources, amount, [&](const Row& row) {
    return IsDisposable(row.resource) ? std::string() : Largest(analysis, row);
  }));
  std::vector<Row> disposable;
  std::copy_if(analysis.resources.begin(), analysis.resources.end(), std::back_inserter(disposable),
               [](const Row& row) { return IsDisposable(row.resource); });
  lines.push_back(OfTheLargest(disposable, amount, [&](const Row& row) {
    if (amount(row.usage) < analysis.total.live_page_bytes / kMatters) return std::string();
    return absl::StrCat(Lead(analysis), "Delete first what is not needed of ", row.resource, ": ",
                        Holdings(analysis, row.usage));
  }));
  return lines;
}

bool IsCorrupt(const Analysis& analysis) {
  const auto& alarms = analysis.notes.alarms;
  return std::any_of(alarms.begin(), alarms.end(), [](const bbolt::StoredAlarm& alarm) {
    return alarm.type == bbolt::kCorruptAlarm;
  });
}

}  // namespace

std::vector<std::string> Verdict(const Analysis& analysis) {
  if (IsCorrupt(analysis)) {
    return {
        "CORRUPT is armed: the members' data differ; do not compact, defragment or disarm; find "
        "the member and replace it."};
  }
  std::vector<std::string> lines{Compaction(analysis), Defragmentation(analysis)};
  std::vector<std::string> slow_down{SlowDown(analysis)};
  std::vector<std::string> live = WhatLives(analysis);
  if (analysis.total.live_page_bytes > analysis.total.history_page_bytes) slow_down.swap(live);
  for (std::vector<std::string>* group : {&slow_down, &live}) {
    for (std::string& line : *group) {
      if (!line.empty()) lines.push_back(std::move(line));
    }
  }
  if (analysis.question.by == Breakdown::kTenant) {
    if (std::string left = LeftoverTenants(analysis); !left.empty()) lines.push_back(left);
  }
  return lines;
}

}  // namespace headroom::analyze
