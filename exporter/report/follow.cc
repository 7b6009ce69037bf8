#include "report/follow.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "etcd/stoppable_sleep.h"
#include "options/connections.h"
#include "report/all_members.h"
#include "report/recovery.h"

namespace headroom::report {

absl::Status Follow(const Options& given, const Plan& plan, const std::stop_token& stop,
                    const std::function<void(std::string_view)>& on_line,
                    const std::function<void(std::string_view)>& on_now) {
  constexpr std::chrono::seconds kEvery{2};
  const auto tls = Credentials(given);
  if (!tls.ok()) return tls.status();
  const Options options = WithMembers(given, LearnMembers(given, *tls));
  const auto members = MembersOf(options, *tls);
  Recovery recovery(plan);
  do {
    const auto now = std::chrono::steady_clock::now();
    const ClusterReport report = members->Report(now + 2 * options.timeout);
    for (const std::string& line : recovery.Look(report, std::chrono::steady_clock::now()))
      on_line(line);
    if (recovery.done()) {
      on_line(absl::StrCat("All steps that can be checked are done. ", recovery.Now(report), "."));
      break;
    }
    on_now(recovery.Now(report));
  } while (etcd::StoppableSleep(kEvery, stop));
  members->Stop();
  return absl::OkStatus();
}

}  // namespace headroom::report
