#include "report/text.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "report/day_text.h"
#include "report/limits.h"
#include "report/what_if.h"
#include "text/human.h"
#include "text/table.h"
#include "text/wrap.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Cells;
using text::Count;
using text::Percent;
using text::Shorten;
using text::Wrap;

constexpr std::size_t kTextRows = 5;
constexpr std::size_t kBarWidth = 10;
// Of columns with names, so that each table fits text::kLineWidth.
constexpr std::size_t kMemberWidth = 20;
constexpr std::size_t kNameWidth = 44;
constexpr std::size_t kFileNameWidth = 34;
constexpr std::size_t kLeastName = 10;
constexpr std::size_t kLeastManager = 22;

std::string Paint(std::string_view what, const char* with, bool colour) {
  if (!colour) return std::string(what);
  return absl::StrCat("\x1b[", with, "m", std::string(what), "\x1b[0m");
}

const char* ColourOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHealthy:
      return "1;32";
    case Verdict::kAtRisk:
      return "1;33";
    case Verdict::kWritesRefused:
      return "1;31";
    case Verdict::kCannotTell:
      return "1;35";
  }
  return "0";
}

// The quota as a bar: '#' in use, '=' free pages in the file, '.' headroom.
std::string Bar(const MemberFact& member) {
  const auto quota = static_cast<double>(*member.quota_bytes);
  const auto cells = [quota](std::int64_t bytes) {
    const double share = std::clamp(static_cast<double>(bytes) / quota, 0.0, 1.0);
    return static_cast<std::size_t>(std::lround(share * kBarWidth));
  };
  const std::size_t file = cells(member.status->db_size_bytes);
  const std::size_t in_use = std::min(file, cells(member.status->db_in_use_bytes));
  return absl::StrCat("[", std::string(in_use, '#'), std::string(file - in_use, '='),
                      std::string(kBarWidth - file, '.'), "]");
}

std::string QuotaCell(const MemberFact& member) {
  if (member.quota_bytes == etcd::kQuotaDisabled) return "disabled";
  if (!member.limit_bytes()) return "unknown";
  return Bytes(*member.limit_bytes()) + (member.quota_source == kAssumed ? "?" : "");
}

Cells MemberCells(const MemberFact& member) {
  std::string name = Shorten(member.name, kMemberWidth);
  if (!member.status) return {name, member.is_defragmenting ? "defragmenting" : "no answer"};
  const auto used = member.quota_used();
  return {name,
          member.status->is_learner ? "learner" : (member.is_leader() ? "leader" : "follower"),
          Bytes(member.size_bytes()),
          Bytes(member.in_use_bytes()),
          QuotaCell(member),
          used ? absl::StrCat(Bar(member), absl::StrFormat(" %.1f %%", 100 * *used)) : ""};
}

// One version for all is the usual; more are a finding.
void AppendMembers(std::string& text, const Facts& facts, const Situation& situation) {
  if (facts.members.empty()) return;
  std::vector<Cells> table{{"MEMBER", "ROLE", "FILE", "IN USE", "QUOTA", "FILE OF QUOTA"}};
  for (const MemberFact& member : facts.members) table.push_back(MemberCells(member));
  text::AppendTable(text, table, 2);
  if (!situation.any_answer) return;
  absl::StrAppend(&text, "etcd ", situation.answered.front()->status->server_version, ". ");
}

void AppendHistory(std::string& text, const Situation& situation) {
  if (!situation.any_answer) return;
  absl::StrAppend(&text, "Revision ", situation.revision);
  if (situation.compacted) {
    absl::StrAppend(&text, ", compacted at ", *situation.compacted, ": ",
                    Count(Unsigned(situation.history_revisions())), " revisions are kept");
  }
  text += ".\n\n";
}

void AppendWriters(std::string& text, const char* title, const std::vector<Sample::Writer>& writers,
                   std::uint64_t total) {
  if (writers.empty()) return;
  std::vector<Cells> table{{title, "WRITES", "BYTES", "SHARE"}};
  for (std::size_t i = 0; i < std::min(writers.size(), kTextRows); ++i) {
    table.push_back({Shorten(writers[i].name, kNameWidth), Count(writers[i].writes),
                     Bytes(writers[i].bytes), Percent(writers[i].bytes, total)});
  }
  text::AppendTable(text, table, 1);
}

// The manager gives way to a long resource, but for its beginning and end.
std::string NameOf(const Sample::Manager& of) {
  const std::string what =
      absl::StrCat(": ", of.resource, of.subresource.empty() ? "" : "/", of.subresource);
  const std::size_t left = kNameWidth - std::min(what.size(), kNameWidth - kLeastManager);
  const std::string manager = Shorten(of.manager, left);
  return manager + Shorten(what, kNameWidth - manager.size());
}

void AppendManagers(std::string& text, const Sample& sample) {
  std::vector<Sample::Writer> writers;
  for (const Sample::Manager& of : sample.managers) {
    writers.push_back({NameOf(of), of.writes, of.bytes});
  }
  AppendWriters(text, "WHO WRITES", writers, sample.bytes());
}

void AppendNamespaces(std::string& text, const Sample& sample) {
  std::vector<Sample::Writer> writers;
  for (const Sample::Namespace& of : sample.namespaces) {
    writers.push_back({of.name(), of.writes, of.bytes});
  }
  AppendWriters(text, "WHERE", writers, sample.bytes());
}

void AppendSample(std::string& text, const Sample& sample) {
  if (!sample.skipped_because.empty()) {
    text += Wrap(absl::StrCat("What is written was not sampled: ", sample.skipped_because, "."), 0);
    text += "\n";
    return;
  }
  const std::string when = sample.is_past
                               ? "The last revisions that are kept: "
                               : absl::StrFormat("In %.0f s of watching: ", sample.seconds);
  const char* all_deletes =
      sample.is_past && sample.puts == 0
          ? " All are deletes: what was written before is not kept, or further back."
          : "";
  text += Wrap(absl::StrCat(when, Count(Unsigned(sample.revisions)), " revisions, ",
                            Bytes(sample.bytes()), ".", all_deletes),
               0);
  text += "\n";
  const std::uint64_t total = sample.bytes();
  AppendManagers(text, sample);
  AppendWriters(text, "WHAT", sample.resources, total);
  AppendNamespaces(text, sample);
  AppendWriters(text, "EVENT OBJECTS", sample.event_objects, total);
}

void AppendRows(std::string& text, const char* title, const std::vector<analyze::Row>& rows,
                std::uint64_t size_bytes, bool of_parts) {
  if (rows.empty()) return;
  std::vector<Cells> table{{title, "OBJECTS", "LIVE", "HISTORY", "OF FILE"}};
  for (std::size_t i = 0; i < std::min(rows.size(), kTextRows); ++i) {
    const auto& [resource, part, usage] = rows[i];
    std::string name = Shorten(resource, kFileNameWidth);
    if (of_parts) {
      const std::string of = " / " + (part.empty() ? "-" : part);
      const std::size_t left = kFileNameWidth - std::min(of.size(), kFileNameWidth - kLeastName);
      name = Shorten(resource, left) + Shorten(of, kFileNameWidth - kLeastName);
    }
    table.push_back({name, Count(usage.live_objects), Bytes(usage.live_page_bytes),
                     Bytes(usage.history_page_bytes),
                     Percent(usage.live_page_bytes + usage.history_page_bytes, size_bytes)});
  }
  text::AppendTable(text, table, 1);
}

// Keys are whole, so that they can be copied.
void AppendLargest(std::string& text, const analyze::Analysis& file) {
  if (file.largest_objects.empty()) return;
  std::vector<Cells> table{{"BYTES", "LARGEST OBJECTS"}};
  for (const analyze::LargeObject& object : file.largest_objects) {
    table.push_back({Bytes(object.bytes), object.key});
  }
  text::AppendTable(text, table, 2);
}

void AppendFile(std::string& text, const Facts& facts) {
  if (!facts.file_problem.empty()) {
    absl::StrAppend(&text, Wrap("The database file was not read: " + facts.file_problem, 0), "\n");
  }
  if (!facts.file) return;
  const analyze::Analysis& file = *facts.file;
  absl::StrAppend(&text, file.path, ", ", Bytes(file.size_bytes),
                  file.complete() ? "" : ", of which a part could not be read", ":\n");
  AppendRows(text, "STORED", file.resources, file.size_bytes, false);
  AppendRows(text, "IN NAMESPACE", file.breakdown, file.size_bytes, true);
  AppendRows(text, "BY COMPONENT", facts.event_components, file.size_bytes, true);
  AppendLargest(text, file);
}

void AppendPlan(std::string& text, const Plan& plan, bool colour) {
  if (!plan.steps.empty()) {
    absl::StrAppend(&text,
                    Paint("What to do, in this order. This program does none of it.", "1", colour),
                    "\n\n");
  }
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    absl::StrAppend(&text, i + 1, ". ", Paint(Wrap(step.title, 3), "1", colour), "   ",
                    Wrap(step.why, 3));
    for (const auto line : absl::StrSplit(step.command, '\n', absl::SkipEmpty())) {
      absl::StrAppend(&text, "     ", line, "\n");
    }
    text += "\n";
  }
  if (plan.avoid.empty()) return;
  absl::StrAppend(&text, Paint("What not to do here", "1", colour), "\n");
  for (const std::string& sentence : plan.avoid) absl::StrAppend(&text, "- ", Wrap(sentence, 2));
}

void AppendLimits(std::string& text, const std::vector<Limit>& limits, bool colour) {
  for (const Limit& limit : limits) {
    absl::StrAppend(
        &text, "\n",
        Paint(Wrap("What would stop namespace " + limit.object_namespace, 0), "1", colour),
        Wrap(limit.why, 0));
    if (limit.manifest.empty()) continue;
    text += Wrap(
        "Clients that write there get errors from then on. Try it first: kubectl apply "
        "--dry-run=server -f FILE",
        0);
    for (const auto line : absl::StrSplit(limit.manifest, '\n', absl::SkipEmpty())) {
      absl::StrAppend(&text, "     ", line, "\n");
    }
  }
}

void AppendWhatIf(std::string& text, const std::vector<Answer>& answers, bool colour) {
  if (answers.empty()) return;
  absl::StrAppend(&text, Paint("What if", "1", colour), "\n");
  for (const Answer& answer : answers) {
    absl::StrAppend(
        &text, "- ",
        Wrap(absl::StrCat(answer.premise, ": ", answer.Outcome(), ". ", answer.assumes), 2));
  }
  text += "\n";
}

}  // namespace

std::string Text(const Facts& facts, const Situation& situation, const Diagnosis& diagnosis,
                 const Plan& plan, bool colour) {
  std::string text =
      absl::StrCat(Paint(Wrap(diagnosis.headline, 0), ColourOf(diagnosis.verdict), colour), "\n");
  if (facts.was_interrupted) text += "Interrupted: this is what was known by then.\n\n";
  AppendMembers(text, facts, situation);
  AppendHistory(text, situation);
  for (const Finding& finding : diagnosis.findings) {
    absl::StrAppend(&text, finding.is_risk ? Paint("! ", "1;33", colour) : "- ",
                    Wrap(finding.text, 2));
  }
  if (!diagnosis.findings.empty()) text += "\n";
  if (!facts.is_kine) text += DayText(facts);
  if (!facts.is_kine) AppendSample(text, facts.sample);
  AppendFile(text, facts);
  if (diagnosis.verdict != Verdict::kHealthy) AppendWhatIf(text, WhatIf(facts, situation), colour);
  AppendPlan(text, plan, colour);
  AppendLimits(text, LimitsFor(facts, situation), colour);
  return text;
}

}  // namespace headroom::report
