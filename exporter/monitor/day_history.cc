#include "monitor/day_history.h"

#include <algorithm>
#include <limits>

namespace headroom {
namespace {

using accounting::MinuteOf;
using accounting::SpaceReading;
using accounting::WriterKind;
using std::chrono::minutes;

// Where no compaction was seen since the start, so long without one is taken for none.
constexpr minutes kNoneSeen{20};

// Of the members that answer; nothing where none does.
std::optional<SpaceReading> ReadingOf(const Snapshot& snapshot) {
  if (!snapshot.cluster) return std::nullopt;
  std::int64_t file = 0;
  std::int64_t in_use = 0;
  std::int64_t room = std::numeric_limits<std::int64_t>::max();
  for (const MemberReport& member : snapshot.cluster->members) {
    const auto& status = member.facts.status;
    if (!status.ok()) continue;
    file = std::max(file, status->db_size_bytes);
    if (!status->is_learner) in_use = std::max(in_use, status->db_in_use_bytes);
    const auto quota = member.quota_bytes();
    if (quota && *quota > 0) room = std::min(room, *quota - status->db_size_bytes);
  }
  if (file <= 0) return std::nullopt;
  const std::uint64_t quota = snapshot.cluster->smallest_quota_bytes().value_or(0);
  if (quota > 0) file = static_cast<std::int64_t>(quota) - room;
  SpaceReading reading{
      .file_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(file, 0)),
      .in_use_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(in_use, 0)),
      .quota_bytes = quota};
  if (!snapshot.churn) return reading;
  for (const ChurnSnapshot::Resource& resource : snapshot.churn->resources) {
    if (resource.uncompacted_bytes)
      reading.written_bytes = reading.written_bytes.value_or(0) + *resource.uncompacted_bytes;
  }
  return reading;
}

}  // namespace

void DayHistory::OnPage(const Snapshot& snapshot, Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  const std::int64_t minute = MinuteOf(now);
  if (!first_) first_ = now;
  last_ = now;
  NoteMembers(snapshot, now);
  if (const auto reading = ReadingOf(snapshot)) space_.Add(minute, *reading);
  if (!snapshot.churn) return;
  for (const auto& [kind, writer, bytes] : increases_.OnPage(*snapshot.churn))
    writers_.Add(minute, kind, writer, bytes);
}

void DayHistory::NoteMembers(const Snapshot& snapshot, Clock::time_point now) {
  if (snapshot.node_config && snapshot.node_config->auto_compaction_retention_seconds) {
    const std::chrono::duration<double> kept(
        *snapshot.node_config->auto_compaction_retention_seconds);
    configured_gap_ = std::max(configured_gap_, std::chrono::duration_cast<Clock::duration>(kept));
  }
  std::erase_if(gaps_, [now](const auto& gap) { return now - gap.first > std::chrono::hours(24); });
  if (!snapshot.cluster) return;
  for (const MemberReport& member : snapshot.cluster->members) {
    if (member.facts.status.ok()) cluster_id_ = member.facts.status->cluster_id;
    if (!member.compacted_at) continue;
    const auto age = std::chrono::system_clock::now() - *member.compacted_at;
    const auto at =
        now - std::max(std::chrono::duration_cast<Clock::duration>(age), Clock::duration::zero());
    // The two clocks differ by little; a cycle is minutes.
    if (compacted_ && at <= *compacted_ + std::chrono::seconds(30)) continue;
    if (compacted_) gaps_.emplace_back(at, at - *compacted_);
    compacted_ = at;
  }
}

DayHistory::Clock::duration DayHistory::LongestGap() const {
  Clock::duration longest = configured_gap_;
  for (const auto& [ended, gap] : gaps_) longest = std::max(longest, gap);
  return longest;
}

std::optional<std::int64_t> DayHistory::UncompactedMinutes(Clock::time_point now) const {
  const auto age = now - compacted_.value_or(*first_);
  const auto longest =
      compacted_ ? 3 * LongestGap() : std::max<Clock::duration>(LongestGap(), kNoneSeen);
  if (age > longest) return std::nullopt;
  return compacted_ ? std::chrono::duration_cast<minutes>(age).count() : accounting::kDayMinutes;
}

std::optional<DayHistory::Clock::time_point> DayHistory::last_page() const {
  const std::scoped_lock lock(mutex_);
  return first_ ? std::optional(last_) : std::nullopt;
}

WriterWindow DayHistory::Window(Clock::time_point now, std::int64_t minutes) const {
  const std::int64_t minute = MinuteOf(now);
  const Clock::time_point begin(std::chrono::minutes(minute - minutes + 1));
  const auto seen = last_ - std::max(begin, *first_);
  WriterWindow window{.seconds = std::max(0.0, std::chrono::duration<double>(seen).count()),
                      .by_kind = {}};
  for (std::size_t kind = 0; kind < accounting::kWriterKinds; ++kind)
    window.by_kind.at(kind) = writers_.Sum(static_cast<WriterKind>(kind), minute, minutes);
  return window;
}

DayView DayHistory::View(Clock::time_point now) const {
  const std::scoped_lock lock(mutex_);
  DayView view;
  if (!first_) return view;
  view.cluster_id = cluster_id_;
  // As of the last page: this minute's may be still to come.
  view.forecast = space_.Forecast(MinuteOf(last_), UncompactedMinutes(now));
  const std::int64_t minute = MinuteOf(now);
  for (std::int64_t end = minute; end > minute - accounting::kDayMinutes;
       end -= DayView::kStepMinutes) {
    std::optional<SpaceReading> fullest;
    for (std::int64_t at = end; at > end - DayView::kStepMinutes; --at) {
      const auto reading = space_.At(at);
      if (reading && (!fullest || reading->file_bytes + reading->in_use_bytes >
                                      fullest->file_bytes + fullest->in_use_bytes))
        fullest = reading;
    }
    view.space.push_back(fullest);
  }
  view.quarter_hour = Window(now, DayView::kStepMinutes);
  view.day = Window(now, accounting::kDayMinutes);
  return view;
}

}  // namespace headroom
