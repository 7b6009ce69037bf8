#include "analyze/details.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyze/removable_advice.h"
#include "analyze/top_rows.h"
#include "text/human.h"
#include "text/table.h"
#include "text/wrap.h"

namespace headroom::analyze {
namespace {

using text::Bytes;
using text::Cells;
using text::Count;
using text::Percent;

void AppendFields(std::string& text, const Analysis& analysis, std::size_t top) {
  std::vector<Cells> table{{"RESOURCE", "LIVE", "MANAGEDFIELDS", "STATUS", "ANNOTATIONS", "REST"}};
  const auto add = [&table](const FieldRow& row) {
    constexpr std::size_t kNameWidth = 23;
    table.push_back({text::Shorten(row.resource, kNameWidth), Bytes(row.live_bytes),
                     Percent(row.fields.managed_fields, row.live_bytes),
                     Percent(row.fields.status, row.live_bytes),
                     Percent(row.fields.annotations, row.live_bytes),
                     Percent(row.rest(), row.live_bytes)});
  };
  const TopRows<FieldRow> rows(analysis.fields, top);
  std::ranges::for_each(rows.shown, add);
  if (rows.has_rest) add(rows.rest);
  FieldRow total{.resource = "total"};
  for (const FieldRow& row : analysis.fields) total += row;
  add(total);
  text::AppendTable(text, table, 1);
}

void AppendRemovable(std::string& text, const Analysis& analysis) {
  const Removable& removable = *analysis.removable;
  if (removable.encrypted_objects > 0) {
    text += text::Wrap(absl::StrCat(Count(removable.encrypted_objects),
                                    " objects are encrypted. Whether they can go is unknown."),
                       0);
  }
  if (removable.rows.empty()) {
    text += "No live object was found that has done its work.\n\n";
    return;
  }
  std::vector<Cells> table{{"HAS DONE ITS WORK", "OBJECTS", "OVER A DAY OLD", "BYTES", "OF LIVE"}};
  for (const Removable::Row& row : removable.rows) {
    table.push_back({NameOf(row.kind).text, Count(row.objects), Count(row.day_old),
                     Bytes(row.bytes), Percent(row.bytes, analysis.total.live_bytes)});
  }
  text::AppendTable(text, table, 1);
  for (const Removable::Row& row : removable.rows) text += text::Wrap(AdviceOn(row.kind), 0) + "\n";
  text += text::Wrap(
      "Deleted objects are history until a compaction, which kube-apiserver makes every 5 minutes. "
      "The file shrinks by a defragmentation alone.",
      0);
  text += "\n";
}

}  // namespace

void AppendDetails(std::string& text, const Analysis& analysis, std::size_t top) {
  if (analysis.question.fields) AppendFields(text, analysis, top);
  if (analysis.removable) AppendRemovable(text, analysis);
}

}  // namespace headroom::analyze
