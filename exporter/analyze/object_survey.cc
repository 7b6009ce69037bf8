#include "analyze/object_survey.h"

#include <algorithm>
#include <functional>

namespace headroom::analyze {

void ObjectSurvey::Add(std::string_view resource, std::string_view value, std::uint64_t bytes) {
  if (reads_fields_) {
    FieldRow& row = fields_[std::string(resource)];
    row.resource = resource;
    row.live_bytes += bytes;
    row.fields += kubernetes::FieldBytesOf(resource, value);
  }
  if (!finds_removable_) return;
  if (++judged_ > most_judged_) {
    finds_removable_ = false;
    removable_ = RemovableFinder();
    return;
  }
  removable_.Add(resource, value, bytes);
}

std::vector<FieldRow> ObjectSurvey::Fields() const {
  std::vector<FieldRow> rows;
  for (const auto& [resource, row] : fields_) rows.push_back(row);
  std::ranges::sort(rows, [](const FieldRow& a, const FieldRow& b) {
    return a.live_bytes != b.live_bytes ? a.live_bytes > b.live_bytes : a.resource < b.resource;
  });
  return rows;
}

std::optional<Removable> ObjectSurvey::FindRemovable(bool complete) {
  if (!finds_removable_) return std::nullopt;
  return removable_.Find(complete);
}

}  // namespace headroom::analyze
