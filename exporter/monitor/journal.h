#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "monitor/cluster.h"

namespace headroom {

// A line of the log: what happened, to which member, and the size of its file if that matters.
struct JournalLine {
  bool warning = false;
  std::string message;
  std::string member;
  std::optional<std::int64_t> db_size_bytes = {};

  bool operator==(const JournalLine&) const = default;
};

// Finds what changed in a cluster from one report to the next: alarms, leader, quota and
// defragmentations. What a report does not know has not changed.
class Journal {
 public:
  // Of the first report: the alarms that are armed.
  std::vector<JournalLine> Compare(const ClusterReport& report);

 private:
  void CompareAlarms(const ClusterReport& report, std::vector<JournalLine>& lines);
  void CompareLeader(const ClusterReport& report, std::vector<JournalLine>& lines);
  void CompareMember(const MemberReport& member, std::vector<JournalLine>& lines);

  struct Known {
    std::optional<std::int64_t> quota_bytes;
    std::optional<std::int64_t> defragmentations;  // since that etcd's start
    bool is_defragmenting = false;
  };
  static void CompareDefragmentation(const MemberReport& member, Known& known,
                                     std::vector<JournalLine>& lines);

  std::set<std::pair<std::string, std::uint64_t>> alarms_;  // type, member id
  std::optional<std::uint64_t> leader_;                     // 0: there was none
  std::map<std::string, Known> members_;                    // by label
};

// Writes them.
void LogLines(const std::vector<JournalLine>& lines);

}  // namespace headroom
