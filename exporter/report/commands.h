#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/facts.h"

// The lines that an operator is to type, for a POSIX shell that has `etcdctl` and $SNAPSHOT. They
// can be pasted all at once: each step waits for the one before, and where one says STOP, those
// that build on it do nothing. Begin comes first.
namespace headroom::report::commands {

using Members = std::vector<const MemberFact*>;

std::string Begin();
std::string Snapshot(const std::string& url);
// Everything below each of the key prefixes.
std::string Delete(const std::string& url, const std::vector<std::string>& prefixes);
std::string Compact(const std::string& url, std::int64_t revision);
// To the revision that there is by then.
std::string CompactToNow(const std::string& url);
// Until a reading is not below the one 30 s before.
std::string AwaitSettled(const Members& members);
// Not after one that failed.
std::string Defragment(const std::string& url);
// The same, only while less than that is in use.
std::string DefragmentBelow(const std::string& url, std::uint64_t in_use_bytes);
// Whether the members' files are below FitBytes.
std::string CheckRoom(const Members& members);
// Not where CheckRoom found a full member, nor while CORRUPT is among the alarms or they cannot be
// told.
std::string Disarm(const std::string& url);
// After a disarm.
std::string TestWrite(const std::string& url);
// At the newest revision that all of them have.
std::string HashAll(const Members& members);

}  // namespace headroom::report::commands

namespace headroom::report {

// What a member's file must be below for a disarm; its quota must be known and no -1.
std::uint64_t FitBytes(const MemberFact& member);

}  // namespace headroom::report
