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

}  // namespace

std::string Snapshot(const std::string& url) {
  return SlowEtcdctl(url) + "snapshot save \"$SNAPSHOT\"\n";
}

std::string Delete(const std::string& url, const std::vector<std::string>& prefixes) {
  std::string lines;
  for (const std::string& prefix : prefixes) {
    absl::StrAppend(&lines, SlowEtcdctl(url), "del --prefix ", ShellQuote(prefix), "\n");
  }
  return lines;
}

std::string Compact(const std::string& url, std::int64_t revision) {
  return absl::StrCat(SlowEtcdctl(url), "compact ", revision, " --physical\n");
}

std::string CompactToNow(const std::string& url) {
  return absl::StrCat(Function("revision", "revision"), SlowEtcdctl(url), "compact \"$(revision ",
                      ShellQuote(url), ")\" --physical\n");
}

std::string AwaitSettled(const Members& members) {
  std::string urls;
  for (const MemberFact* member : members) absl::StrAppend(&urls, " ", ShellQuote(member->url));
  return absl::StrCat(Function("in_use", "dbSizeInUse"), "for member in", urls,
                      R"sh(; do
  before='' now=$(in_use "$member")
  while [ -z "$now" ] || [ "$now" != "$before" ]; do
    echo "$member: ${now:-no} bytes in use"
    sleep 30
    before=$now now=$(in_use "$member")
  done
done
)sh");
}

std::string Defragment(const std::string& url) {
  return absl::StrCat(SlowEtcdctl(url), "defrag\nuntil ", Etcdctl(url),
                      "get any-key >/dev/null; do sleep 5; done\n");
}

std::string DefragmentBelow(const std::string& url, std::uint64_t in_use_bytes) {
  return absl::StrCat("if [ \"$(in_use ", ShellQuote(url), ")\" -lt ", in_use_bytes, " ]; then ",
                      SlowEtcdctl(url),
                      "defrag; else echo 'STOP: too much is in use; delete more first'; fi\nuntil ",
                      Etcdctl(url), "get any-key >/dev/null; do sleep 5; done\n");
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
                    url, " has room; else echo STOP: ", url, " is full; fi\n");
  }
  return lines;
}

std::string Disarm(const std::string& url) {
  return absl::StrCat("if ! alarms=$(", Etcdctl(url),
                      "alarm list); then echo 'STOP: no answer'\nelif echo \"$alarms\" | grep "
                      "CORRUPT; then echo 'STOP: CORRUPT is armed'\nelse ",
                      Etcdctl(url), "alarm disarm; fi\n");
}

std::string TestWrite(const std::string& url) {
  return absl::StrCat(Etcdctl(url), "put etcd-headroom-test ok\n", Etcdctl(url),
                      "del etcd-headroom-test\n");
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
