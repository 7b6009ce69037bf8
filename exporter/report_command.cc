#include "report_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "etcd/rpc_client.h"
#include "logging/log.h"
#include "options/cli_error.h"
#include "options/command_line.h"
#include "options/flags.h"
#include "print.h"
#include "report/diagnosis.h"
#include "report/follow.h"
#include "report/json.h"
#include "report/plan.h"
#include "report/situation.h"
#include "report/survey.h"
#include "report/text.h"

namespace headroom::report {
namespace {

struct OwnOptions {
  bool follow = false;
  std::string sample = "10s";
  std::string output = "text";
};

void AddOptions(CLI::App& app, OwnOptions& options) {
  constexpr const char* kGroup = "report";
  app.add_option("--sample", options.sample, "How long to watch what is written")
      ->check(CheckDuration(absl::ZeroDuration(), absl::Minutes(10), "up to 10m, such as 10s"))
      ->type_name("DURATION")
      ->capture_default_str()
      ->group(kGroup);
  app.add_flag("--follow", options.follow,
               "Go on after the report: check each step as it is done, until writes are accepted")
      ->group(kGroup);
  app.add_option("--output", options.output, "text, or json with bytes as plain numbers")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str()
      ->group(kGroup);
}

int Fail(std::string message) {
  PrintError(std::move(message));
  return static_cast<int>(Verdict::kCannotTell);
}

// Ends a survey at Ctrl-C, so that what is known by then is printed; the second one ends the
// process. Lives as long as the survey.
class Interrupt {
 public:
  Interrupt() : thread_([this](const std::stop_token& stop) { Wait(stop); }) {}

  std::stop_token token() const { return asked_.get_token(); }

  // In every thread, so that the one above takes it. Before any other thread begins.
  static void Block() {
    const sigset_t signals = Signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  }

 private:
  static sigset_t Signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    return signals;
  }

  void Wait(const std::stop_token& stop) {
    constexpr timespec kLookEvery{.tv_sec = 0, .tv_nsec = 100'000'000};
    const sigset_t signals = Signals();
    while (!stop.stop_requested()) {
      if (sigtimedwait(&signals, nullptr, &kLookEvery) < 0) continue;
      if (!asked_.request_stop()) std::_Exit(128 + SIGINT);
    }
  }

  std::stop_source asked_;
  std::jthread thread_;  // last: it uses the above
};

// A line on a terminal that goes when the next comes; nothing elsewhere.
void ShowProgress(std::string_view what) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\r\x1b[K%s%s", std::string(what).c_str(), what.empty() ? "" : " ...");
}

// Exits with 0 once all is done, and as Ctrl-C does before that.
int FollowPlan(const Options& options, const Plan& plan, const std::stop_token& stop) {
  bool is_printed = Print("Follows the steps. Ctrl-C ends this.\n");
  const auto followed = Follow(
      options, plan, stop,
      [&is_printed](std::string_view line) {
        ShowProgress("");
        const std::string time = absl::FormatTime("%H:%M:%S ", absl::Now(), absl::UTCTimeZone());
        is_printed = Print(absl::StrCat(time, std::string(line), "\n")) && is_printed;
      },
      ShowProgress);
  ShowProgress("");
  if (!followed.ok()) return Fail(ErrorLine(followed));
  if (!is_printed) return static_cast<int>(Verdict::kCannotTell);
  return stop.stop_requested() ? 128 + SIGINT : EXIT_SUCCESS;
}

int Run(int argc, const char* const* argv) {
  CLI::App app(
      "Shows once how full etcd is, who fills it, when it is full, and what to do. Exit code: 0 "
      "healthy, 1 at risk, 2 writes are refused or will be within minutes, 3 unknown.",
      "etcd-headroom-exporter report");
  OwnOptions own;
  AddOptions(app, own);
  const auto parsed = ParseCommandLine(app, argc, argv, Purpose::kOnce);
  if (!parsed.ok()) return Fail(ErrorLine(parsed.status()));
  if (const auto* print = std::get_if<PrintAndExit>(&*parsed)) {
    std::fputs(print->text.c_str(), stdout);
    return EXIT_SUCCESS;
  }
  Options options = std::get<Options>(*parsed);
  const bool reads_file = options.collect_inventory || app.count("--collector.inventory") == 0;
  if (!reads_file) options.db_file.clear();
  // The report itself says what is wrong; the log would repeat it.
  log::Configure(app.count("--log.level") > 0 ? options.log_level : log::kOff, options.log_format);
  if (own.follow && own.output == "json") return Fail("--follow goes with --output=text alone");
  if (options.endpoints.empty()) {
    return Fail(options.datastore.kind == node::Datastore::Kind::kKine
                    ? "this node's datastore is kine over SQL, not etcd: it has no quota"
                    : "this node has no etcd; run it on a control-plane node, or give "
                      "--etcd.endpoints");
  }
  Interrupt::Block();
  // A member that hangs up is an error of that one write.
  std::signal(SIGPIPE, SIG_IGN);
  etcd::InitializeGrpc();
  absl::Duration sample;
  absl::ParseDuration(own.sample, &sample);
  const Interrupt interrupt;
  const auto facts =
      Survey(options, absl::ToChronoMilliseconds(sample), interrupt.token(), ShowProgress);
  ShowProgress("");
  if (!facts.ok()) return Fail(ErrorLine(facts.status()));

  const Situation situation(*facts);
  const Diagnosis diagnosis = Diagnose(*facts, situation);
  const Plan plan = PlanFor(*facts, situation);
  const bool colour = isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  const std::string printed = own.output == "json"
                                  ? Json(*facts, situation, diagnosis, plan)
                                  : Text(*facts, situation, diagnosis, plan, colour);
  if (!Print(printed)) return static_cast<int>(Verdict::kCannotTell);
  if (!own.follow || interrupt.token().stop_requested()) return static_cast<int>(diagnosis.verdict);
  return FollowPlan(options, plan, interrupt.token());
}

}  // namespace

int Main(int argc, const char* const* argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    return Fail(error.what());  // out of memory; everything else comes as a status
  }
}

}  // namespace headroom::report
