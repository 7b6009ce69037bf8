#include "report/text.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "text/human.h"
#include "text/table.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Cells;
using text::Count;
using text::Percent;

constexpr std::size_t kRows = 5;
constexpr std::size_t kBarWidth = 24;

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

Cells MemberCells(const MemberFact& member) {
  if (!member.status) {
    return {member.name, member.is_defragmenting ? "defragmenting" : "no answer"};
  }
  const etcd::StatusReply& status = *member.status;
  std::string quota = "not known";
  if (member.quota_bytes == etcd::kQuotaDisabled) {
    quota = "disabled";
  } else if (member.quota_bytes) {
    quota = absl::StrCat(Bytes(Unsigned(*member.quota_bytes)), " (", member.quota_source, ")");
  }
  const auto used = member.quota_used();
  const std::uint64_t size = Unsigned(status.db_size_bytes);
  const std::uint64_t in_use = Unsigned(status.db_in_use_bytes);
  const std::uint64_t free = size - std::min(size, in_use);
  return {member.name,
          status.is_learner ? "learner" : (member.is_leader() ? "leader" : "follower"),
          status.server_version,
          Bytes(size),
          Bytes(in_use),
          Bytes(free),
          Percent(free, size),
          quota,
          used ? absl::StrCat(Bar(member), absl::StrFormat(" %.1f %%", 100 * *used)) : ""};
}

void AppendMembers(std::string& text, const Facts& facts) {
  if (facts.members.empty()) return;
  std::vector<Cells> table{
      {"MEMBER", "ROLE", "VERSION", "FILE", "IN USE", "FREE", "FREE %", "QUOTA", "OF THE QUOTA"}};
  for (const MemberFact& member : facts.members) table.push_back(MemberCells(member));
  text::AppendTable(text, table, 3);
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
  for (std::size_t i = 0; i < std::min(writers.size(), kRows); ++i) {
    table.push_back({writers[i].name, Count(writers[i].writes), Bytes(writers[i].bytes),
                     Percent(writers[i].bytes, total)});
  }
  text::AppendTable(text, table, 1);
}

void AppendSample(std::string& text, const Sample& sample) {
  if (!sample.skipped_because.empty()) {
    return absl::StrAppend(&text, "What is written was not sampled: ", sample.skipped_because,
                           ".\n\n");
  }
  absl::StrAppend(&text,
                  sample.is_past ? "Written last, before writes were refused: "
                                 : absl::StrFormat("In %.0f s of watching: ", sample.seconds),
                  Count(Unsigned(sample.revisions)), " revisions, ", Bytes(sample.bytes()),
                  ".\n\n");
  const std::uint64_t total = sample.bytes();
  AppendWriters(text, "WHO WRITES", sample.resources, total);
  AppendWriters(text, "WHERE", sample.namespaces, total);
  AppendWriters(text, "EVENT OBJECTS", sample.event_objects, total);
}

void AppendRows(std::string& text, const char* title, const std::vector<analyze::Row>& rows,
                std::uint64_t file_bytes, bool of_parts) {
  if (rows.empty()) return;
  std::vector<Cells> table{{title, "LIVE", "LIVE BYTES", "HISTORY", "IN FILE", "SHARE"}};
  for (std::size_t i = 0; i < std::min(rows.size(), kRows); ++i) {
    const auto& [resource, part, usage] = rows[i];
    std::string name = resource;
    if (of_parts) absl::StrAppend(&name, " / ", part.empty() ? "-" : part);
    table.push_back({name, Count(usage.live_objects), Bytes(usage.live_bytes),
                     Count(usage.history_revisions()), Bytes(usage.stored_bytes),
                     Percent(usage.stored_bytes, file_bytes)});
  }
  text::AppendTable(text, table, 1);
}

void AppendFile(std::string& text, const Facts& facts) {
  if (!facts.file_problem.empty()) {
    absl::StrAppend(&text, "The database file was not read: ", facts.file_problem, "\n\n");
  }
  if (!facts.file) return;
  const analyze::Analysis& file = *facts.file;
  absl::StrAppend(&text, file.path, ", ", Bytes(file.file_bytes),
                  file.complete() ? "" : ", of which a part could not be read", ":\n");
  AppendRows(text, "STORED", file.resources, file.file_bytes, false);
  AppendRows(text, "IN NAMESPACE", file.breakdown, file.file_bytes, true);
  AppendRows(text, "BY COMPONENT", facts.event_components, file.file_bytes, true);
}

void AppendPlan(std::string& text, const Plan& plan, bool colour) {
  if (!plan.steps.empty()) {
    absl::StrAppend(
        &text,
        Paint("What to do, in this order. Nothing of it is done by this program.", "1", colour),
        "\n\n");
  }
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    absl::StrAppend(&text, i + 1, ". ", Paint(step.title, "1", colour), "\n   ", step.why, "\n");
    for (const auto line : absl::StrSplit(step.command, '\n', absl::SkipEmpty())) {
      absl::StrAppend(&text, "     ", line, "\n");
    }
    text += "\n";
  }
  if (plan.avoid.empty()) return;
  absl::StrAppend(&text, Paint("What not to do here", "1", colour), "\n");
  for (const std::string& sentence : plan.avoid) absl::StrAppend(&text, "- ", sentence, "\n");
}

}  // namespace

std::string Text(const Facts& facts, const Situation& situation, const Diagnosis& diagnosis,
                 const Plan& plan, bool colour) {
  std::string text =
      absl::StrCat(Paint(diagnosis.headline, ColourOf(diagnosis.verdict), colour), "\n\n");
  AppendMembers(text, facts);
  AppendHistory(text, situation);
  for (const Finding& finding : diagnosis.findings) {
    absl::StrAppend(&text, finding.is_risk ? Paint("! ", "1;33", colour) : "- ", finding.text,
                    "\n");
  }
  if (!diagnosis.findings.empty()) text += "\n";
  if (!facts.is_kine) AppendSample(text, facts.sample);
  AppendFile(text, facts);
  AppendPlan(text, plan, colour);
  return text;
}

}  // namespace headroom::report
