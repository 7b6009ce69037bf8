#include "report/json.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "monitor/day_json.h"
#include "monitor/member_labels.h"
#include "report/limits.h"
#include "report/what_if.h"

namespace headroom::report {
namespace {

using Object = nlohmann::ordered_json;

constexpr std::size_t kJsonRows = 20;

constexpr std::array kVerdicts = {"healthy", "at risk", "writes refused", "unknown"};

Object Member(const MemberFact& member) {
  Object object{{"name", member.name}, {"url", member.url}, {"answers", member.status.has_value()}};
  if (member.is_defragmenting) object["defragmenting"] = true;
  if (!member.status) {
    object["problem"] = member.problem;
    return object;
  }
  const etcd::StatusReply& status = *member.status;
  object["member_id"] = HexId(status.member_id);
  object["role"] = status.is_learner ? "learner" : (member.is_leader() ? "leader" : "follower");
  object["version"] = status.server_version;
  object["db_size_bytes"] = status.db_size_bytes;
  object["db_in_use_bytes"] = status.db_in_use_bytes;
  object["revision"] = status.revision;
  object["raft_applied_index"] = status.raft_applied_index;
  if (member.compacted) object["compact_revision"] = member.compacted->revision;
  if (member.quota_bytes) {
    object["quota_bytes"] = *member.quota_bytes;
    object["quota_source"] = member.quota_source;
  }
  return object;
}

Object Writers(const std::vector<Sample::Writer>& writers) {
  Object list = Object::array();
  for (std::size_t i = 0; i < std::min(writers.size(), kJsonRows); ++i) {
    const auto& [name, writes, bytes] = writers[i];
    list.push_back({{"name", name}, {"writes", writes}, {"bytes", bytes}});
  }
  return list;
}

Object Managers(const std::vector<Sample::Manager>& managers) {
  Object list = Object::array();
  for (std::size_t i = 0; i < std::min(managers.size(), kJsonRows); ++i) {
    const auto& [manager, resource, subresource, writes, bytes] = managers[i];
    list.push_back({{"manager", manager},
                    {"resource", resource},
                    {"subresource", subresource},
                    {"writes", writes},
                    {"bytes", bytes}});
  }
  return list;
}

Object Namespaces(const std::vector<Sample::Namespace>& namespaces) {
  Object list = Object::array();
  for (std::size_t i = 0; i < std::min(namespaces.size(), kJsonRows); ++i) {
    const Sample::Namespace& of = namespaces[i];
    list.push_back({{"name", of.name()}, {"writes", of.writes}, {"bytes", of.bytes}});
  }
  return list;
}

Object Largest(const analyze::Analysis& file) {
  Object list = Object::array();
  for (const analyze::LargeObject& object : file.largest_objects) {
    list.push_back({{"key", object.key}, {"resource", object.resource}, {"bytes", object.bytes}});
  }
  return list;
}

Object Room(const Facts& facts, const Situation& situation) {
  Object object{{"limit", situation.disk_is_nearer ? "disk" : "quota"}};
  if (situation.room_bytes) object["room_bytes"] = *situation.room_bytes;
  if (const auto& disk = facts.node.disk) {
    object["disk_free_bytes"] = disk->free_bytes;
    object["disk_size_bytes"] = disk->size_bytes;
  }
  if (situation.forecast) {
    object["full_in_seconds"] = {{"earliest", situation.forecast->earliest},
                                 {"latest", situation.forecast->latest}};
  }
  return object;
}

Object SampleOf(const Sample& sample) {
  if (!sample.skipped_because.empty()) return {{"skipped_because", sample.skipped_because}};
  return {{"past", sample.is_past},
          {"seconds", sample.seconds},
          {"revisions", sample.revisions},
          {"puts", sample.puts},
          {"bytes", sample.bytes()},
          {"managers", Managers(sample.managers)},
          {"resources", Writers(sample.resources)},
          {"namespaces", Namespaces(sample.namespaces)},
          {"event_objects", Writers(sample.event_objects)}};
}

Object Rows(const std::vector<analyze::Row>& rows, const char* part) {
  Object list = Object::array();
  for (std::size_t i = 0; i < std::min(rows.size(), kJsonRows); ++i) {
    const analyze::Usage& usage = rows[i].usage;
    Object row{{"resource", rows[i].resource}};
    if (part != nullptr) row[part] = rows[i].part;
    row["live_objects"] = usage.live_objects;
    row["live_bytes"] = usage.live_bytes;
    row["history_revisions"] = usage.history_revisions();
    row["history_bytes"] = usage.history_bytes();
    row["stored_bytes"] = usage.stored_bytes;
    row["live_page_bytes"] = usage.live_page_bytes;
    row["history_page_bytes"] = usage.history_page_bytes;
    list.push_back(std::move(row));
  }
  return list;
}

Object File(const Facts& facts) {
  const analyze::Analysis& file = *facts.file;
  return {{"path", file.path},
          {"size_bytes", file.size_bytes},
          {"complete", file.complete()},
          {"compaction_bytes", file.compaction_bytes()},
          {"defragmented_bytes", file.defragmented_bytes()},
          {"resources", Rows(file.resources, nullptr)},
          {"namespaces", Rows(file.breakdown, "namespace")},
          {"components", Rows(facts.event_components, "component")},
          {"largest_objects", Largest(file)}};
}

}  // namespace

std::string Json(const Facts& facts, const Situation& situation, const Diagnosis& diagnosis,
                 const Plan& plan) {
  const auto code = static_cast<std::size_t>(diagnosis.verdict);
  Object object{{"verdict", kVerdicts.at(code)}, {"headline", diagnosis.headline}};
  object["findings"] = Object::array();
  for (const auto& [is_risk, text] : diagnosis.findings) {
    object["findings"].push_back({{"risk", is_risk}, {"text", text}});
  }
  object["alarms"] = Object::array();
  for (const auto& [type, raised_by] : facts.alarms) {
    object["alarms"].push_back({{"alarm", type}, {"raised_by", raised_by}});
  }
  object["members"] = Object::array();
  for (const MemberFact& member : facts.members) object["members"].push_back(Member(member));
  object["room"] = Room(facts, situation);
  if (facts.pinned_bytes) object["pinned_bytes"] = *facts.pinned_bytes;
  if (facts.day) object["history"] = Object::parse(DayJson(*facts.day));
  if (!facts.day_problem.empty()) object["history_problem"] = facts.day_problem;
  object["what_if"] = Object::array();
  for (const Answer& answer : WhatIf(facts, situation)) {
    Object change{{"id", answer.id}, {"if", answer.premise}};
    if (answer.full) {
      change["full_in_seconds"] = {{"earliest", answer.full->earliest},
                                   {"latest", answer.full->latest}};
    }
    if (!answer.fills) change["fills"] = false;
    if (answer.frees) {
      change["frees_bytes"] = {{"least", answer.frees->least}, {"most", answer.frees->most}};
    }
    change["assumes"] = answer.assumes;
    object["what_if"].push_back(std::move(change));
  }
  object["sample"] = SampleOf(facts.sample);
  if (facts.file) object["file"] = File(facts);
  if (!facts.file_problem.empty()) object["file_problem"] = facts.file_problem;
  object["steps"] = Object::array();
  for (const Step& planned : plan.steps) {
    Object step{{"title", planned.title}, {"why", planned.why}};
    if (!planned.command.empty()) step["command"] = planned.command;
    object["steps"].push_back(std::move(step));
  }
  object["avoid"] = plan.avoid;
  object["limits"] = Object::array();
  for (const auto& [object_namespace, resource, why, manifest] : LimitsFor(facts, situation)) {
    Object limit{{"namespace", object_namespace}, {"resource", resource}, {"why", why}};
    if (!manifest.empty()) limit["manifest"] = manifest;
    object["limits"].push_back(std::move(limit));
  }
  return object.dump(2, ' ', false, Object::error_handler_t::replace) + "\n";
}

}  // namespace headroom::report
