#pragma once

#include "report/facts.h"

namespace headroom::report {

inline constexpr std::int64_t kMiB = std::int64_t{1} << 20U;
inline constexpr std::int64_t kQuota = 2'147'483'648;

// A voter of 3.6.7 that answered. The member called "a" leads.
MemberFact MemberOf(const std::string& name, std::int64_t size, std::int64_t in_use,
                    std::int64_t quota = kQuota);

// Three members a, b and c of that size that are well.
Facts ThreeMembers(std::int64_t size, std::int64_t in_use);

// The same, NOSPACE being armed by b.
Facts Full(std::int64_t size = kQuota, std::int64_t in_use = kQuota - 4096);

// What the file holds: pages with that many bytes of one resource, and of history of it.
analyze::Analysis FileOf(const std::string& resource, std::uint64_t live_bytes,
                         std::uint64_t history_bytes);

// Gives the first member's file to this node, with `file` and nothing pinned.
void MakeLocal(Facts& facts, analyze::Analysis file);

}  // namespace headroom::report
