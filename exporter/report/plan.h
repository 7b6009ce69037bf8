#pragma once

#include <string>
#include <vector>

#include "report/facts.h"
#include "report/situation.h"

namespace headroom::report {

// What shows that a step is done.
enum class Milestone {
  kNone,          // nothing that a member reports
  kCompacted,     // a newer revision is compacted
  kSettled,       // in-use of every member has stopped to change
  kDefragmented,  // the file of the step's member has shrunk, or etcd counts one more
  kRoom,          // every member is below kFitForDisarm
  kDisarmed,      // no alarm is armed
  kWritten,       // a newer revision since then
};

struct Step {
  std::string title;
  std::string why;
  std::string command;  // lines for a shell as root; empty where it is not one command
  Milestone milestone = Milestone::kNone;
  std::string member;  // of kDefragmented: its name
};

// What to do in this situation, in order, and what not. Each risk owns its step. This program
// never does any of it.
struct Plan {
  std::vector<Step> steps;         // to be typed into one shell; empty when there is nothing to do
  std::vector<std::string> avoid;  // a sentence each
};

// While CORRUPT is armed there is no command that disarms, compacts or defragments in it; while a
// read transaction pins pages, none that deletes or defragments.
Plan PlanFor(const Facts& facts, const Situation& situation);

}  // namespace headroom::report
