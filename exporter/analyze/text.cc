#include "analyze/text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "analyze/details.h"
#include "analyze/format.h"
#include "analyze/top_rows.h"
#include "analyze/verdict.h"
#include "kubernetes/label_text.h"
#include "text/human.h"
#include "text/table.h"
#include "text/wrap.h"

namespace headroom::analyze {
namespace {

using text::Bytes;
using text::Count;
using text::Percent;

using text::AppendTable;
using text::Cells;

// What the first columns of a table name.
enum class Names { kResources, kParts, kResourcesAndParts };

class UsageTable {
 public:
  UsageTable(const Analysis& analysis, Names names)
      : size_bytes_(analysis.size_bytes), names_(names) {
    Cells titles;
    if (names != Names::kParts) titles.emplace_back("RESOURCE");
    if (names != Names::kResources) {
      titles.push_back(absl::AsciiStrToUpper(NameOf(analysis.question.by)->part));
    }
    titles.insert(titles.end(), {"OBJECTS", "LIVE"});
    if (!has_both()) titles.emplace_back("REVISIONS");
    titles.insert(titles.end(), {"HISTORY", "OF FILE"});
    table_.push_back(std::move(titles));
  }

  void Add(const Row& row) {
    Add(names_ == Names::kParts ? Part(row) : row.resource, Part(row), row.usage);
  }
  // `name` in the first column.
  void Add(std::string name, std::string part, const Usage& usage) {
    Cells cells{std::move(name)};
    if (has_both()) cells.push_back(std::move(part));
    cells.push_back(Count(usage.live_objects));
    cells.push_back(Bytes(usage.live_bytes));
    if (!has_both()) cells.push_back(Count(usage.history_revisions()));
    cells.push_back(Bytes(usage.history_bytes()));
    cells.push_back(Percent(usage.page_bytes(), size_bytes_));
    table_.push_back(std::move(cells));
  }

  // Names give way to the figures, so that a line fits a terminal.
  void AppendTo(std::string& text) {
    const std::size_t names = has_both() ? 2 : 1;
    std::size_t room = text::kLineWidth - 2 * (table_[0].size() - 1);
    for (std::size_t i = names; i < table_[0].size(); ++i) {
      room -=
          std::ranges::max(table_, {}, [i](const Cells& row) { return row[i].size(); })[i].size();
    }
    for (Cells& row : table_) {
      for (std::size_t i = 0; i < names; ++i) row[i] = text::Shorten(row[i], room / names);
    }
    AppendTable(text, table_, names);
  }

 private:
  static std::string Part(const Row& row) { return row.part.empty() ? "-" : row.part; }
  bool has_both() const { return names_ == Names::kResourcesAndParts; }

  const std::uint64_t size_bytes_;
  const Names names_;
  std::vector<Cells> table_;
};

void AppendUsage(std::string& text, const Analysis& analysis, const std::vector<Row>& rows,
                 std::size_t top, Names names) {
  UsageTable table(analysis, names);
  const TopRows<Row> rows_shown(rows, top);
  for (const Row& row : rows_shown.shown) table.Add(row);
  const Row& rest = rows_shown.rest;
  if (rows_shown.has_rest) table.Add(rest.resource, "", rest.usage);
  Usage total;
  for (const Row& row : rows) total += row.usage;
  table.Add("total", "", total);
  table.AppendTo(text);
}

void AppendHead(std::string& text, const Analysis& analysis) {
  const Inventory::Notes& notes = analysis.notes;
  absl::StrAppend(&text, analysis.path, "\n", analysis.is_snapshot ? "snapshot" : "database",
                  " of ", Bytes(analysis.size_bytes),
                  ", which etcd compares to its quota, in pages of ",
                  Bytes(analysis.walk.meta.page_bytes));
  text += "\n";
  if (analysis.walk.changed) text += "written to while it was read\n";
  const auto note = [&text](const char* what, const auto& number) {
    if (number) absl::StrAppend(&text, text.back() == '\n' ? "" : ", ", what, " ", *number);
  };
  note("revision", notes.revision);
  note("compacted at", notes.compacted_revision);
  if (notes.scheduled_compaction > notes.compacted_revision) {
    note("compaction under way to", notes.scheduled_compaction);
  }
  note("consistent index", notes.consistent_index);
  if (analysis.end_time) {
    absl::StrAppend(&text, "\nages count back from ", text::UtcTime(*analysis.end_time),
                    ", the latest time in the file");
  }
  for (const bbolt::StoredAlarm& alarm : notes.alarms) {
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
  AppendUsage(text, analysis, analysis.resources, top, Names::kResources);
  if (!analysis.breakdown_totals.empty()) {
    AppendUsage(text, analysis, analysis.breakdown_totals, top, Names::kParts);
  }
  if (!analysis.breakdown.empty()) {
    AppendUsage(text, analysis, analysis.breakdown, top, Names::kResourcesAndParts);
  }
  AppendDetails(text, analysis, top);
  AppendLargestObjects(text, analysis);
  AppendParts(text, analysis);
  for (const std::string& line : Verdict(analysis)) text += text::Wrap(line, 0);
  return text;
}

}  // namespace headroom::analyze
