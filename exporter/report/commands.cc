#include "report/commands.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "report/etcdctl.h"
#include "report/situation.h"

namespace headroom::report {
namespace commands {
namespace {

std::string Urls(const Members& members, const char* separator) {
  return absl::StrJoin(members, separator, [](std::string* out, const MemberFact* member) {
    out->append(ShellQuote(member->url));
  });
}

std::string Call(const char* function, const std::string& url) {
  return absl::StrCat(function, " ", ShellQuote(url), "\n");
}

}  // namespace

std::string SaveSnapshot(const std::string& url) { return Call("save_snapshot", url); }

std::string Delete(const std::string& url, const std::vector<std::string>& prefixes) {
  std::string lines;
  for (const std::string& prefix : prefixes) {
    absl::StrAppend(&lines, "delete_below ", ShellQuote(url), " ", ShellQuote(prefix), "\n");
  }
  return lines;
}

std::string Compact(const std::string& url) { return Call("compact", url); }

std::string AwaitSettled(const Members& members) {
  return absl::StrCat("settle ", Urls(members, " "), "\n");
}

std::string Defragment(const MemberFact& member, std::uint64_t limit_bytes,
                       const std::string& folder) {
  return absl::StrCat("defragment ", ShellQuote(member.url), " ", limit_bytes,
                      folder.empty() ? "" : " " + ShellQuote(folder), "\n");
}

std::string CheckRoom(const Members& members, std::uint64_t quota_bytes) {
  std::string lines;
  for (const MemberFact* member : members) {
    if (member->quota_bytes == etcd::kQuotaDisabled) continue;
    const std::uint64_t quota = quota_bytes > 0 ? quota_bytes : member->presumed_limit_bytes();
    absl::StrAppend(&lines, "has_room ", ShellQuote(member->url), " ", FitBytes(quota), "\n");
  }
  return lines;
}

std::string ByHand(const std::string& what) {
  return absl::StrCat("by_hand ", ShellQuote(what), "\n");
}

std::string Disarm(const std::string& url) { return Call("disarm", url); }

std::string TestWrite(const std::string& url) { return Call("test_write", url); }

std::string HashAll(const Members& members) {
  if (members.empty()) return "";
  return absl::StrCat("revision=$(for member in ", Urls(members, " "),
                      "; do number \"$member\" revision; done | sort -n | head -n 1)\n"
                      "etcdctl --endpoints=",
                      Urls(members, ","),
                      " endpoint hashkv --rev=\"$revision\" --write-out=table\n");
}

std::string ShowReaders(const std::string& url) {
  const std::string port = url.substr(url.rfind(':') + 1);
  return absl::StrCat("ss -tnp state established '( sport = :", port, " or dport = :", port,
                      " )' || echo 'ss is not installed here'\n");
}

}  // namespace commands

std::uint64_t FitBytes(std::uint64_t quota_bytes) {
  return static_cast<std::uint64_t>(kFitForDisarm * static_cast<double>(quota_bytes));
}

}  // namespace headroom::report
