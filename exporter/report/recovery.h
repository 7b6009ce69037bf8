#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "monitor/cluster.h"
#include "monitor/journal.h"
#include "report/plan.h"

namespace headroom::report {

// Follows the steps of a plan by what the members report. It checks those that have a milestone:
// the others, such as to stop a writer, cannot be seen. Not thread-safe.
class Recovery {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Recovery(Plan plan) : plan_(std::move(plan)) {}

  // What has happened since the last look, a sentence each, and the step that is next. Of the first
  // look: the step that is next.
  std::vector<std::string> Look(const ClusterReport& report, Clock::time_point now);

  // Every step that can be checked is done. Never without one.
  bool done() const { return is_done_; }
  // How full the members are now, in one line.
  std::string Now(const ClusterReport& report) const;

 private:
  // Of a member.
  struct Known {
    std::int64_t first_size_bytes = 0;
    std::optional<std::int64_t> first_defragmentations;  // where its page has them
    std::int64_t in_use_bytes = 0;
    Clock::time_point in_use_changed;
  };
  void Note(const ClusterReport& report, Clock::time_point now);
  bool IsReached(const Step& step, const ClusterReport& report, Clock::time_point now) const;
  bool HasSettled(Clock::time_point now) const;
  bool HasReached(Milestone milestone) const;
  std::vector<std::size_t> Advance(const ClusterReport& report, Clock::time_point now);

  const Plan plan_;
  Journal journal_;
  bool is_done_ = false;
  std::vector<bool> reached_ = std::vector<bool>(plan_.steps.size());
  std::map<std::string, Known> members_;   // by label, of those that answered
  std::optional<std::int64_t> compacted_;  // at the first look
  std::int64_t newest_compacted_ = 0;
  std::optional<std::int64_t> armed_revision_;  // when an alarm was armed last, or at first
  std::int64_t revision_ = 0;
};

}  // namespace headroom::report
