#include "report/recovery.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "report/printable.h"
#include "report/situation.h"
#include "text/human.h"

namespace headroom::report {
namespace {

// A compaction frees pages in batches, with pauses of tenths of a second in between.
constexpr std::chrono::seconds kSettles{10};

bool Answers(const MemberReport& member) { return member.facts.status.ok(); }

std::optional<std::int64_t> DefragmentationsOf(const MemberReport& member) {
  return member.facts.page ? member.facts.page->defragmentations : std::nullopt;
}

bool IsArmed(const ClusterReport& report) {
  return std::ranges::any_of(report.members, [](const MemberReport& member) {
    return Answers(member) && !member.facts.status->alarms.empty();
  });
}

// Every member of the list answers and is below 90 % of its quota, as far as that is known.
bool HasRoom(const ClusterReport& report) {
  const auto answered = static_cast<std::size_t>(std::ranges::count_if(report.members, Answers));
  if (answered == 0 || answered < report.list.size()) return false;
  return std::ranges::all_of(report.members, [](const MemberReport& member) {
    if (!Answers(member)) return true;  // an endpoint that is no member's
    const auto quota = member.quota_bytes();
    return !quota || *quota <= 0 || IsFit(Unsigned(member.facts.status->db_size_bytes), *quota);
  });
}

}  // namespace

void Recovery::Note(const ClusterReport& report, Clock::time_point now) {
  for (const MemberReport& member : report.members) {
    if (!Answers(member)) continue;
    const etcd::StatusReply& status = *member.facts.status;
    const auto [known, is_new] = members_.try_emplace(
        member.label,
        Known{status.db_size_bytes, DefragmentationsOf(member), status.db_in_use_bytes, now});
    // A page more or less is what ordinary reads and writes do.
    const std::int64_t change = std::abs(known->second.in_use_bytes - status.db_in_use_bytes);
    if (!is_new && change > status.db_size_bytes / 200) {
      known->second.in_use_bytes = status.db_in_use_bytes;
      known->second.in_use_changed = now;
    }
    revision_ = std::max(revision_, status.revision);
    if (const auto& compacted = member.facts.compact_revision) {
      // -1 before the first compaction.
      if (!compacted_) compacted_ = newest_compacted_ = compacted->revision;
      newest_compacted_ = std::max(newest_compacted_, compacted->revision);
    }
  }
  // Until it is disarmed, and once if it never was armed.
  if (IsArmed(report) || !armed_revision_) armed_revision_ = revision_;
}

bool Recovery::HasSettled(Clock::time_point now) const {
  return std::ranges::all_of(members_, [now](const auto& member) {
    return now - member.second.in_use_changed >= kSettles;
  });
}

bool Recovery::IsReached(const Step& step, const ClusterReport& report,
                         Clock::time_point now) const {
  switch (step.milestone) {
    case Milestone::kNone:
      return true;
    case Milestone::kCompacted:
      return compacted_ && newest_compacted_ > *compacted_;
    case Milestone::kSettled:
      // What was settled before a compaction is not after it.
      return HasReached(Milestone::kDefragmented) ||
             (HasReached(Milestone::kCompacted) && HasSettled(now));
    case Milestone::kDefragmented: {
      const auto member = std::ranges::find_if(report.members, [&step](const MemberReport& of) {
        return Answers(of) && Printable(of.label) == step.member;
      });
      if (member == report.members.end()) return false;
      const Known& known = members_.at(member->label);
      const auto defragmentations = DefragmentationsOf(*member);
      return member->facts.status->db_size_bytes < known.first_size_bytes ||
             (known.first_defragmentations && defragmentations > known.first_defragmentations);
    }
    case Milestone::kRoom:
      return HasRoom(report);
    case Milestone::kDisarmed:
      return std::ranges::any_of(report.members, Answers) && !IsArmed(report);
    case Milestone::kWritten:
      return HasReached(Milestone::kDisarmed) && revision_ > *armed_revision_;
  }
  return false;
}

// One of its steps, or all where the plan has none.
bool Recovery::HasReached(Milestone milestone) const {
  bool none = milestone != Milestone::kDefragmented;
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    if (plan_.steps[i].milestone != milestone) continue;
    if (reached_[i]) return true;
    none = false;
  }
  return none;
}

// The steps that are done by now and were not at the last look.
std::vector<std::size_t> Recovery::Advance(const ClusterReport& report, Clock::time_point now) {
  const auto was_reached = reached_;
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    if (reached_[i] || !IsReached(plan_.steps[i], report, now)) continue;
    reached_[i] = true;
    // In-use has yet to fall.
    if (plan_.steps[i].milestone == Milestone::kCompacted) {
      for (auto& [label, known] : members_) known.in_use_changed = now;
    }
    // What comes before a disarm serves the disarm.
    if (plan_.steps[i].milestone == Milestone::kDisarmed) std::fill_n(reached_.begin(), i, true);
  }
  std::vector<std::size_t> advanced;
  for (std::size_t i = 0; i < reached_.size(); ++i) {
    if (reached_[i] && !was_reached[i] && plan_.steps[i].milestone != Milestone::kNone)
      advanced.push_back(i);
  }
  return advanced;
}

std::string Recovery::Now(const ClusterReport& report) const {
  std::string line;
  for (const MemberReport& member : report.members) {
    if (!Answers(member)) continue;
    const etcd::StatusReply& status = *member.facts.status;
    absl::StrAppend(&line, line.empty() ? "" : "; ", Printable(member.label), ": ",
                    text::Bytes(Unsigned(status.db_in_use_bytes)), " in use of a file of ",
                    text::Bytes(Unsigned(status.db_size_bytes)));
    const auto quota = member.quota_bytes();
    if (quota && *quota > 0) {
      absl::StrAppendFormat(
          &line, ", %.0f %% of its quota",
          100.0 * static_cast<double>(status.db_size_bytes) / static_cast<double>(*quota));
    }
  }
  return line.empty() ? "no member answers" : line;
}

std::vector<std::string> Recovery::Look(const ClusterReport& report, Clock::time_point now) {
  const bool is_first = members_.empty();
  std::vector<std::string> lines;
  for (const JournalLine& line : journal_.Compare(report)) {
    if (is_first) continue;  // the report has just said so
    lines.push_back(absl::StrCat(
        Printable(line.member), line.member.empty() ? "" : ": ", line.message,
        line.db_size_bytes ? ", its file has " + text::Bytes(Unsigned(*line.db_size_bytes)) : "",
        "."));
  }
  Note(report, now);
  if (members_.empty()) return lines;
  const auto advanced = Advance(report, now);
  for (const std::size_t step : advanced)
    lines.push_back(absl::StrCat("Done: step ", step + 1, ", ", plan_.steps[step].title, "."));
  if (!advanced.empty()) lines.push_back(Now(report) + ".");
  const auto next = std::ranges::find(reached_, false);
  if (next != reached_.end() && (is_first || !advanced.empty())) {
    const auto step = static_cast<std::size_t>(next - reached_.begin());
    lines.push_back(absl::StrCat("Next: step ", step + 1, ", ", plan_.steps[step].title, "."));
  }
  const bool has_milestones = std::ranges::any_of(
      plan_.steps, [](const Step& step) { return step.milestone != Milestone::kNone; });
  is_done_ = has_milestones && next == reached_.end();
  return lines;
}

}  // namespace headroom::report
