#include "report/commands.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "report/etcdctl.h"
#include "report/situation.h"

namespace headroom::report {
namespace commands {
namespace {

std::string Etcdctl(const std::string& url) {
  return absl::StrCat("etcdctl --endpoints=", ShellQuote(url), " ");
}

// For what may take longer than the 5 s that etcdctl waits.
std::string SlowEtcdctl(const std::string& url) {
  return absl::StrCat("etcdctl --endpoints=", ShellQuote(url), " --command-timeout=10m ");
}

// A number of the JSON that `endpoint status` prints, for `$1` a URL.
std::string Function(const char* name, const char* field) {
  return absl::StrCat(
      name, R"(() { etcdctl --endpoints="$1" endpoint status --write-out=json | grep -o '")", field,
      R"(":[0-9]*' | head -n 1 | cut -d: -f2; })", "\n");
}

std::string IfSaved(const std::string& command) {
  return absl::StrCat("if [ -n \"$saved\" ]; then ", command,
                      "; else echo 'STOP: no snapshot'; fi\n");
}

// Not after one that failed, nor where `unless`, an elif branch, says so; then waits for the
// member.
std::string DefragmentIf(const std::string& unless, const std::string& url) {
  return absl::StrCat("if [ -n \"$failed\" ]; then echo 'STOP: the one before failed'\n", unless,
                      "else ", SlowEtcdctl(url), "defrag || failed=yes; fi\nuntil ", Etcdctl(url),
                      "get any-key >/dev/null; do sleep 5; done\n");
}

}  // namespace

std::string Begin() { return "saved='' failed='' full='' cleared=''\n"; }

std::string Snapshot(const std::string& url) {
  return SlowEtcdctl(url) +
         "snapshot save \"$SNAPSHOT\" && saved=yes || echo 'STOP: no snapshot; to go on without "
         "one: saved=yes'\n";
}

std::string Delete(const std::string& url, const std::vector<std::string>& prefixes) {
  std::string lines = "if [ -n \"$saved\" ]; then\n";
  for (const std::string& prefix : prefixes) {
    absl::StrAppend(&lines, "  ", SlowEtcdctl(url), "del --prefix ", ShellQuote(prefix), "\n");
  }
  return lines + "else echo 'STOP: no snapshot'; fi\n";
}

std::string Compact(const std::string& url, std::int64_t revision) {
  return IfSaved(absl::StrCat(SlowEtcdctl(url), "compact ", revision, " --physical"));
}

std::string CompactToNow(const std::string& url) {
  return Function("revision", "revision") +
         IfSaved(absl::StrCat(SlowEtcdctl(url), "compact \"$(revision ", ShellQuote(url),
                              ")\" --physical"));
}

std::string AwaitSettled(const Members& members) {
  std::string urls;
  for (const MemberFact* member : members) absl::StrAppend(&urls, " ", ShellQuote(member->url));
  return absl::StrCat(Function("in_use", "dbSizeInUse"), "for member in", urls,
                      R"sh(; do
  before='' now=$(in_use "$member")
  while [ -z "$now" ] || [ -z "$before" ] || [ "$now" -lt "$before" ]; do
    echo "$member: ${now:-no} bytes in use"
    sleep 30
    before=$now now=$(in_use "$member")
  done
done
)sh");
}

std::string Defragment(const std::string& url) { return DefragmentIf("", url); }

std::string DefragmentBelow(const std::string& url, std::uint64_t in_use_bytes) {
  return DefragmentIf(
      absl::StrCat("elif ! [ \"$(in_use ", ShellQuote(url), ")\" -lt ", in_use_bytes,
                   " ]; then echo 'STOP: too much is in use; delete more first'\n"),
      url);
}

std::string CheckRoom(const Members& members) {
  std::string lines = Function("size", "dbSize");
  for (const MemberFact* member : members) {
    const std::string url = ShellQuote(member->url);
    if (member->quota_bytes == etcd::kQuotaDisabled) continue;
    if (!member->quota_bytes) {
      absl::StrAppend(&lines, "echo ", url, " has $(size ", url,
                      ") bytes of a quota unknown here\n");
      continue;
    }
    absl::StrAppend(&lines, "if [ \"$(size ", url, ")\" -lt ", FitBytes(*member), " ]; then echo ",
                    url, " has room; else full=yes; echo STOP: ", url, " is full; fi\n");
  }
  return lines;
}

std::string Disarm(const std::string& url) {
  return absl::StrCat("if [ -n \"$full\" ]; then echo 'STOP: a member is full'\nelif ! alarms=$(",
                      Etcdctl(url),
                      "alarm list); then echo 'STOP: no answer'\nelif echo \"$alarms\" | grep "
                      "CORRUPT; then echo 'STOP: CORRUPT is armed'\nelse ",
                      Etcdctl(url), "alarm disarm && cleared=yes; fi\n");
}

std::string TestWrite(const std::string& url) {
  return absl::StrCat("if [ -n \"$cleared\" ]; then ", Etcdctl(url),
                      "put etcd-headroom-test ok && ", Etcdctl(url),
                      "del etcd-headroom-test; fi\n");
}

std::string HashAll(const Members& members) {
  std::int64_t revision = std::numeric_limits<std::int64_t>::max();
  std::vector<std::string> urls;
  for (const MemberFact* member : members) {
    revision = std::min(revision, member->status->revision);
    urls.push_back(member->url);
  }
  if (urls.empty()) return "";
  return absl::StrCat("etcdctl --endpoints=", ShellQuote(absl::StrJoin(urls, ",")),
                      " endpoint hashkv --rev=", revision, " --write-out=table\n");
}

}  // namespace commands

std::uint64_t FitBytes(const MemberFact& member) {
  return static_cast<std::uint64_t>(kFitForDisarm * static_cast<double>(*member.quota_bytes));
}

}  // namespace headroom::report
