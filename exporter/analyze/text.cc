#include "analyze/text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyze/format.h"
#include "analyze/verdict.h"
#include "kubernetes/label_text.h"
#include "text/human.h"
#include "text/table.h"

namespace headroom::analyze {
namespace {

using text::Bytes;
using text::Count;
using text::Percent;

using text::AppendTable;
using text::Cells;

Cells UsageCells(Cells names, const Usage& usage, std::uint64_t size_bytes) {
  for (std::string& cell : Cells{
           Count(usage.live_objects), Bytes(usage.live_bytes), Bytes(usage.largest_object_bytes),
           Count(usage.history_revisions()), Bytes(usage.history_bytes()),
           Count(usage.superseded_revisions), Count(usage.deleted_objects), Count(usage.tombstones),
           Bytes(usage.page_bytes()), Percent(usage.page_bytes(), size_bytes)}) {
    names.push_back(std::move(cell));
  }
  return names;
}

void AppendUsage(std::string& text, const Analysis& analysis, const std::vector<Row>& rows,
                 std::size_t top, Cells names) {
  const std::size_t columns = names.size();
  const auto named = [columns](const std::string& first, const std::string& second) {
    return columns == 2 ? Cells{first, second} : Cells{first};
  };
  for (const char* title : {"LIVE", "LIVE BYTES", "LARGEST", "HISTORY", "HISTORY BYTES", "OLD",
                            "DELETED", "TOMBSTONES", "IN FILE", "SHARE"}) {
    names.emplace_back(title);
  }
  std::vector<Cells> table{std::move(names)};
  Usage rest;
  Usage total;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [resource, part, usage] = rows[i];
    total += usage;
    if (i >= top) {
      rest += usage;
    } else {
      table.push_back(
          UsageCells(named(resource, part.empty() ? "-" : part), usage, analysis.size_bytes));
    }
  }
  if (rows.size() > top) {
    const std::string more = absl::StrCat("(", Count(rows.size() - top), " more)");
    table.push_back(UsageCells(named(more, ""), rest, analysis.size_bytes));
  }
  table.push_back(UsageCells(named("total", ""), total, analysis.size_bytes));
  AppendTable(text, table, columns);
}

void AppendHead(std::string& text, const Analysis& analysis) {
  const Inventory::Notes& notes = analysis.notes;
  absl::StrAppend(&text, analysis.path, ": ", analysis.is_snapshot ? "snapshot" : "database",
                  " of ", Bytes(analysis.size_bytes),
                  ", which etcd compares to its quota, in pages of ",
                  Bytes(analysis.walk.meta.page_bytes));
  if (analysis.walk.changed) text += ", written to while it was read";
  text += "\n";
  const auto note = [&text](const char* what, const auto& number) {
    if (number) absl::StrAppend(&text, text.back() == '\n' ? "" : ", ", what, " ", *number);
  };
  note("revision", notes.revision);
  note("compacted at", notes.compacted_revision);
  if (notes.scheduled_compaction > notes.compacted_revision) {
    note("compaction under way to", notes.scheduled_compaction);
  }
  note("consistent index", notes.consistent_index);
  for (const bbolt::Alarm& alarm : notes.alarms) {
    absl::StrAppend(&text, "\nalarm ", AlarmName(alarm), " of member ", MemberId(alarm.member));
  }
  text += "\n\n";
}

void AppendParts(std::string& text, const Analysis& analysis) {
  const Parts& parts = analysis.parts;
  std::vector<Cells> table{{"WHAT THE FILE IS MADE OF", "BYTES", "SHARE"}};
  const auto add = [&](const std::string& what, std::uint64_t bytes) {
    table.push_back({what, Bytes(bytes), Percent(bytes, analysis.size_bytes)});
  };
  const auto add_beyond = [&](const std::string& what, std::uint64_t bytes) {
    if (bytes > 0) table.push_back({what, Bytes(bytes), ""});
  };
  add("pages of live objects", analysis.total.live_page_bytes);
  add("pages of history", analysis.total.history_page_bytes);
  kubernetes::LabelText label;
  for (const bbolt::BucketUse& bucket : analysis.walk.buckets) {
    if (bucket.name == bbolt::kKeyBucket) continue;
    add(absl::StrCat("bucket ", std::string(label.Fit(bucket.name))), bucket.bytes);
  }
  add("meta pages, list of buckets", parts.top);
  if (analysis.walk.unreadable_pages == 0) add("free pages", parts.free);
  if (parts.unaccounted > 0) {
    add("free, or below unreadable pages", static_cast<std::uint64_t>(parts.unaccounted));
  } else if (parts.unaccounted < 0) {
    table.push_back({"counted twice while it changed",
                     "-" + Bytes(static_cast<std::uint64_t>(-parts.unaccounted)), ""});
  }
  add("size that etcd compares to its quota", analysis.size_bytes);
  add_beyond("behind it, not counted by etcd", parts.beyond_mark);
  add_beyond("hash of the snapshot", parts.hash);
  AppendTable(text, table, 1);
}

void AppendLargestObjects(std::string& text, const Analysis& analysis) {
  if (analysis.largest_objects.empty()) return;
  std::vector<Cells> table{{"BYTES", "LARGEST OBJECTS"}};
  for (const LargeObject& object : analysis.largest_objects) {
    table.push_back({Bytes(object.bytes), object.key});
  }
  AppendTable(text, table, 2);
}

}  // namespace

std::string Text(const Analysis& analysis, std::size_t top) {
  std::string text;
  AppendHead(text, analysis);
  AppendUsage(text, analysis, analysis.resources, top, {"RESOURCE"});
  if (!analysis.breakdown.empty()) {
    AppendUsage(text, analysis, analysis.breakdown, top, {"RESOURCE", "OF WHICH"});
  }
  AppendLargestObjects(text, analysis);
  AppendParts(text, analysis);
  for (const std::string& line : Verdict(analysis)) absl::StrAppend(&text, line, "\n");
  return text;
}

}  // namespace headroom::analyze
