#include "analyze/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "analyze/format.h"
#include "analyze/removable_advice.h"
#include "analyze/verdict.h"

namespace headroom::analyze {
namespace {

using Object = nlohmann::ordered_json;

void AppendUsage(Object& object, const Usage& usage) {
  object["live_objects"] = usage.live_objects;
  object["live_bytes"] = usage.live_bytes;
  object["largest_object_bytes"] = usage.largest_object_bytes;
  object["history_revisions"] = usage.history_revisions();
  object["history_bytes"] = usage.history_bytes();
  object["superseded_revisions"] = usage.superseded_revisions;
  object["superseded_bytes"] = usage.superseded_bytes;
  object["deleted_objects"] = usage.deleted_objects;
  object["deleted_bytes"] = usage.deleted_bytes;
  object["tombstones"] = usage.tombstones;
  object["tombstone_bytes"] = usage.tombstone_bytes;
  object["history_stored_bytes"] = usage.history_stored_bytes;
  object["stored_bytes"] = usage.stored_bytes;
  object["live_page_bytes"] = usage.live_page_bytes;
  object["history_page_bytes"] = usage.history_page_bytes;
}

// `part`: the member of a breakdown's rows that names the part; null for whole resources. Totals
// have a part alone.
Object Rows(const std::vector<Row>& rows, const char* part, std::size_t top) {
  Object list = Object::array();
  for (std::size_t i = 0; i < std::min(rows.size(), top); ++i) {
    Object row;
    if (!rows[i].resource.empty()) row["resource"] = rows[i].resource;
    if (part != nullptr) row[part] = rows[i].part;
    AppendUsage(row, rows[i].usage);
    list.push_back(std::move(row));
  }
  return list;
}

Object LargestObjects(const Analysis& analysis) {
  Object list = Object::array();
  for (const LargeObject& object : analysis.largest_objects) {
    list.push_back({{"key", object.key}, {"resource", object.resource}, {"bytes", object.bytes}});
  }
  return list;
}

Object Fields(const Analysis& analysis, std::size_t top) {
  Object list = Object::array();
  for (std::size_t i = 0; i < std::min(analysis.fields.size(), top); ++i) {
    const FieldRow& row = analysis.fields[i];
    list.push_back({{"resource", row.resource},
                    {"live_bytes", row.live_bytes},
                    {"managed_fields_bytes", row.fields.managed_fields},
                    {"status_bytes", row.fields.status},
                    {"annotations_bytes", row.fields.annotations},
                    {"rest_bytes", row.rest()}});
  }
  return list;
}

Object RemovableRows(const Removable& removable) {
  Object list = Object::array();
  for (const Removable::Row& row : removable.rows) {
    list.push_back({{"what", NameOf(row.kind).json},
                    {"objects", row.objects},
                    {"day_old_objects", row.day_old},
                    {"bytes", row.bytes},
                    {"advice", AdviceOn(row.kind)}});
  }
  return list;
}

Object Buckets(const Analysis& analysis) {
  Object list = Object::array();
  for (const bbolt::BucketUse& bucket : analysis.walk.buckets) {
    list.push_back({{"bucket", bucket.name}, {"records", bucket.records}, {"bytes", bucket.bytes}});
  }
  return list;
}

void AppendNotes(Object& object, const Inventory::Notes& notes) {
  const auto note = [&object](const char* name, const auto& number) {
    if (number) object[name] = *number;
  };
  note("revision", notes.revision);
  note("compacted_revision", notes.compacted_revision);
  note("scheduled_compaction", notes.scheduled_compaction);
  note("consistent_index", notes.consistent_index);
  object["alarms"] = Object::array();
  for (const bbolt::StoredAlarm& alarm : notes.alarms) {
    object["alarms"].push_back({{"member", MemberId(alarm.member)}, {"alarm", AlarmName(alarm)}});
  }
}

void AppendParts(Object& object, const Analysis& analysis) {
  const Parts& parts = analysis.parts;
  object["file_bytes"] = analysis.file_bytes;
  object["page_bytes"] = analysis.walk.meta.page_bytes;
  object["high_water_bytes"] = analysis.size_bytes;
  if (analysis.walk.unreadable_pages == 0) object["free_bytes"] = parts.free;
  object["overhead_bytes"] = parts.key_bucket_overhead + parts.top;
  object["beyond_mark_bytes"] = parts.beyond_mark;
  object["used_bytes"] = analysis.used_bytes();
  object["compaction_bytes"] = analysis.compaction_bytes();
  object["defragmented_bytes"] = analysis.defragmented_bytes();
  object["hash_bytes"] = parts.hash;
  object["unaccounted_bytes"] = parts.unaccounted;
  object["unreadable_pages"] = analysis.walk.unreadable_pages;
  if (analysis.walk.salvaged_records > 0)
    object["salvaged_revisions"] = analysis.walk.salvaged_records;
}

}  // namespace

std::string Json(const Analysis& analysis, std::size_t top) {
  Object object{{"file", analysis.path},
                {"kind", analysis.is_snapshot ? "snapshot" : "database"},
                {"complete", analysis.complete()},
                {"changed_while_read", analysis.walk.changed}};
  AppendParts(object, analysis);
  AppendNotes(object, analysis.notes);
  AppendUsage(object["total"], analysis.total);
  object["buckets"] = Buckets(analysis);
  object["resources"] = Rows(analysis.resources, nullptr, top);
  object["largest_objects"] = LargestObjects(analysis);
  if (const BreakdownName* const by = NameOf(analysis.question.by)) {
    if (by->totals != nullptr) {
      object[by->totals] = Rows(analysis.breakdown_totals, by->part, top);
    }
    object[by->parts] = Rows(analysis.breakdown, by->part, top);
  }
  if (analysis.end_time) object["end_time"] = text::UtcTime(*analysis.end_time);
  if (analysis.question.fields) object["fields"] = Fields(analysis, top);
  if (analysis.removable) {
    object["removable"] = RemovableRows(*analysis.removable);
    object["encrypted_objects"] = analysis.removable->encrypted_objects;
  }
  object["verdict"] = Verdict(analysis);
  return object.dump(2, ' ', false, Object::error_handler_t::replace) + "\n";
}

}  // namespace headroom::analyze
