#include "report/traps.h"

#include "absl/strings/str_cat.h"
#include "etcd/server_version.h"

namespace headroom::report {
namespace {

using Version = etcd::ServerVersion;

bool CrashCorrupts(const Version& version) {
  return version >= Version{3, 5, 0} && version < Version{3, 5, 6};
}

bool SnapshotCorrupts(const Version& version) {
  return version < Version{3, 4, 38} ||
         (version >= Version{3, 5, 0} && version < Version{3, 5, 23}) ||
         (version >= Version{3, 6, 0} && version < Version{3, 6, 5});
}

}  // namespace

void AvoidTraps(const Situation& situation, std::vector<std::string>& avoid) {
  for (const MemberFact* member : situation.answered) {
    if (member->status->is_learner) {
      avoid.push_back(absl::StrCat("Do not defragment ", member->name, ": a learner refuses it."));
      continue;
    }
    const std::string& runs = member->status->server_version;
    const auto version = etcd::ParseServerVersion(runs);
    if (!version) continue;
    if (CrashCorrupts(*version)) {
      avoid.push_back(absl::StrCat("Do not let ", member->name, " (", runs,
                                   ") crash while it defragments: before 3.5.6 that could corrupt "
                                   "it."));
    }
    if (SnapshotCorrupts(*version)) {
      avoid.push_back(absl::StrCat("Do not defragment ", member->name, " (", runs,
                                   ") while it receives a snapshot from the leader: that could "
                                   "corrupt it."));
    }
  }
}

}  // namespace headroom::report
