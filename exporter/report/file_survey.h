#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

#include "options/options.h"
#include "report/facts.h"

namespace headroom::report {

// The bytes in use of this node's member at this moment; nothing if it does not answer.
using AskInUse = std::function<std::optional<std::uint64_t>(const MemberFact& member)>;

// Adds what the disk of this node has: the database file, what of it a read transaction pins, the
// alarms in it while no member answers, and the space of its file system. While etcd runs its disk
// is left to it. What cannot be read is a fact, too.
void AddFile(const Options& options, const std::stop_token& stop, const AskInUse& ask_in_use,
             Facts& facts);

// Adds the namespaces that have more in that file than their budget. A share is of the smallest
// quota of a member.
void AddOverBudget(const budgets::Budgets& budgets, Facts& facts);

}  // namespace headroom::report
