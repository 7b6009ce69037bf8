#include "analyze/difference.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "analyze/top_rows.h"
#include "text/human.h"
#include "text/table.h"
#include "text/wrap.h"

namespace headroom::analyze {
namespace {

using Object = nlohmann::ordered_json;
using text::Cells;

const std::vector<Row>& RowsOf(const Analysis& analysis) {
  return analysis.question.by == Breakdown::kNone ? analysis.resources : analysis.breakdown;
}

void Add(Change& change, const Usage& usage, std::int64_t sign) {
  change.objects += sign * static_cast<std::int64_t>(usage.live_objects);
  change.live_bytes += sign * static_cast<std::int64_t>(usage.live_bytes);
  change.history_bytes += sign * static_cast<std::int64_t>(usage.history_bytes());
  change.page_bytes += sign * static_cast<std::int64_t>(usage.page_bytes());
}

Change Whole(const Analysis& before, const Analysis& after) {
  Change change{.resource = "total"};
  Add(change, after.total, 1);
  Add(change, before.total, -1);
  return change;
}

// Of a number that text::Bytes or text::Count writes.
template <typename Format>
std::string Signed(std::int64_t number, Format format) {
  if (number == 0) return "0";
  const auto size = static_cast<std::uint64_t>(number < 0 ? -number : number);
  return absl::StrCat(number < 0 ? "-" : "+", format(size));
}

void AppendHead(std::string& text, const char* which, const Analysis& analysis) {
  absl::StrAppend(&text, which, analysis.path, ": ", text::Bytes(analysis.size_bytes));
  if (analysis.notes.revision) absl::StrAppend(&text, ", revision ", *analysis.notes.revision);
  text += "\n";
}

Cells CellsOf(const Change& change, bool has_part) {
  const std::size_t width = has_part ? 20 : 40;
  Cells cells{text::Shorten(change.resource, width)};
  if (has_part) cells.push_back(change.part.empty() ? "-" : text::Shorten(change.part, width));
  cells.push_back(Signed(change.objects, text::Count));
  for (const std::int64_t bytes : {change.live_bytes, change.history_bytes, change.page_bytes}) {
    cells.push_back(Signed(bytes, text::Bytes));
  }
  return cells;
}

Object Side(const Analysis& analysis) {
  Object side{{"file", analysis.path},
              {"complete", analysis.complete()},
              {"high_water_bytes", analysis.size_bytes}};
  if (analysis.notes.revision) side["revision"] = *analysis.notes.revision;
  return side;
}

}  // namespace

std::vector<Change> ChangesOf(const Analysis& before, const Analysis& after) {
  std::map<std::pair<std::string, std::string>, Change> by_name;
  const auto add = [&by_name](const std::vector<Row>& rows, std::int64_t sign) {
    for (const Row& row : rows) {
      Change& change = by_name[{row.resource, row.part}];
      change.resource = row.resource;
      change.part = row.part;
      Add(change, row.usage, sign);
    }
  };
  add(RowsOf(after), 1);
  add(RowsOf(before), -1);
  std::vector<Change> changes;
  for (auto& [name, change] : by_name) {
    const auto numbers =
        std::array{change.objects, change.live_bytes, change.history_bytes, change.page_bytes};
    if (std::ranges::any_of(numbers, [](std::int64_t number) { return number != 0; })) {
      changes.push_back(std::move(change));
    }
  }
  std::ranges::stable_sort(changes, std::greater(), &Change::page_bytes);
  return changes;
}

std::string DifferenceText(const Analysis& before, const Analysis& after, std::size_t top) {
  std::string text;
  AppendHead(text, "old: ", before);
  AppendHead(text, "new: ", after);
  text += "\n";
  const BreakdownName* const by = NameOf(after.question.by);
  Cells titles{"RESOURCE", "OBJECTS", "LIVE", "HISTORY", "IN FILE"};
  if (by != nullptr) titles.insert(titles.begin() + 1, absl::AsciiStrToUpper(by->part));
  std::vector<Cells> table{std::move(titles)};
  const auto add = [&](const Change& change) { table.push_back(CellsOf(change, by != nullptr)); };
  const std::vector<Change> changes = ChangesOf(before, after);
  const TopRows<Change> rows(changes, top);
  std::ranges::for_each(rows.shown, add);
  if (rows.has_rest) add(rows.rest);
  add(Whole(before, after));
  text::AppendTable(text, table, by != nullptr ? 2 : 1);
  return text;
}

std::string DifferenceJson(const Analysis& before, const Analysis& after, std::size_t top) {
  const BreakdownName* const by = NameOf(after.question.by);
  const auto numbers = [](Object& object, const Change& change) {
    object["live_objects"] = change.objects;
    object["live_bytes"] = change.live_bytes;
    object["history_bytes"] = change.history_bytes;
    object["page_bytes"] = change.page_bytes;
  };
  Object object{{"old", Side(before)}, {"new", Side(after)}};
  numbers(object["total"], Whole(before, after));
  object["changes"] = Object::array();
  for (const Change& change : ChangesOf(before, after)) {
    if (object["changes"].size() == top) break;
    Object row{{"resource", change.resource}};
    if (by != nullptr) row[by->part] = change.part;
    numbers(row, change);
    object["changes"].push_back(std::move(row));
  }
  return object.dump(2, ' ', false, Object::error_handler_t::replace) + "\n";
}

}  // namespace headroom::analyze
