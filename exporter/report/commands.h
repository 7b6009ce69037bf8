#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/facts.h"

// The lines an operator types, for a POSIX shell that has `etcdctl` and $SNAPSHOT. They can be
// pasted all at once: each step waits for the one before, and after a STOP nothing is deleted,
// compacted, defragmented or disarmed. Every value that a step before may change is read when its
// step runs. No loop is endless: a member that does not answer is skipped, and the shell says so.
namespace headroom::report::commands {

using Members = std::vector<const MemberFact*>;

// The shell functions that such lines call, to be typed before them. The runbook of
// EtcdHeadroomWritesRefused has the same; a test compares them.
std::string FunctionsFor(std::string commands);

std::string SaveSnapshot(const std::string& url);
// Everything below each of the key prefixes, in pieces of 500 keys.
std::string Delete(const std::string& url, const std::vector<std::string>& prefixes);
// Up to the revision of that moment.
std::string Compact(const std::string& url);
// Until in-use stops falling on each member.
std::string AwaitSettled(const Members& members);
// If `member` still has `limit_bytes` or more, and less than that in use. `folder`, not empty, is
// on this node and must have room for the copy.
std::string Defragment(const MemberFact& member, std::uint64_t limit_bytes,
                       const std::string& folder);
// Whether the members' files are below the share of `quota_bytes` that is fit for a disarm; 0: of
// each member's own quota.
std::string CheckRoom(const Members& members, std::uint64_t quota_bytes);
// Stops until the operator has done `what` and says so.
std::string ByHand(const std::string& what);
// Not while CORRUPT is among the alarms, or if they cannot be read.
std::string Disarm(const std::string& url);
std::string TestWrite(const std::string& url);
// At the newest revision that all of them have.
std::string HashAll(const Members& members);
// The connections to the client port of a member on this node.
std::string ShowReaders(const std::string& url);

}  // namespace headroom::report::commands

namespace headroom::report {

// What a member's file must be below for a disarm; `quota_bytes` in bytes.
std::uint64_t FitBytes(std::uint64_t quota_bytes);

}  // namespace headroom::report
