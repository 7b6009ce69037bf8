#include "analyze_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "analyze/analysis.h"
#include "analyze/breakdown.h"
#include "analyze/database_source.h"
#include "analyze/json.h"
#include "analyze/text.h"
#include "print.h"
#include "progress_bar.h"

namespace headroom::analyze {
namespace {

constexpr std::size_t kRowsForPeople = 20;

struct Options {
  std::string file;
  std::vector<std::string> prefixes;
  std::string output = "text";
  std::string by;
  std::optional<std::size_t> top;
};

void AddOptions(CLI::App& app, Options& options) {
  app.set_help_flag("--help", "Show this help");
  app.add_option(
         "FILE", options.file,
         "member/snap/db in etcd's data directory, or that directory; or what `etcdctl "
         "snapshot save` wrote, also gzipped, or zipped as k3s and RKE2 do. A packed one is "
         "unpacked to a file without a name in $TMPDIR, or /tmp, which needs room for all "
         "of it, at most 16 GiB; on some systems /tmp is memory")
      ->required()
      ->type_name("");
  app.add_option("--output", options.output, "text, or json with bytes as plain numbers")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("")
      ->capture_default_str();
  std::vector<std::string> names;
  for (const BreakdownName& name : kBreakdownNames) names.emplace_back(name.part);
  app.add_option("--by", options.by,
                 "Besides by resource: by namespace; by manager, the field manager with the "
                 "newest entry in the object's managedFields; by owner, the kind of the "
                 "controlling owner reference; by name, with numbers and hashes as \"*\"; or by "
                 "component, which reports Event objects")
      ->check(CLI::IsMember(names))
      ->type_name("");
  app.add_option("--top", options.top,
                 "Rows of each table; the rest is one more (default: 20, json: all)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("NUMBER");
  app.add_option("--prefix", options.prefixes,
                 "kube-apiserver's --etcd-prefix, where it is none of /registry, /kubernetes.io "
                 "and /openshift.io; repeat or separate by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("PREFIX");
}

Breakdown BreakdownOf(const Options& options) {
  const auto* const name = std::ranges::find(kBreakdownNames, options.by, &BreakdownName::part);
  return name == kBreakdownNames.end() ? Breakdown::kNone : name->by;
}

int Fail(std::string message) {
  PrintError(std::move(message));
  return EXIT_FAILURE;
}

}  // namespace

int Main(int argc, const char* const* argv) {
  CLI::App app("Tells what an etcd database file or snapshot holds, and what of it can be freed.",
               "etcd-headroom-exporter analyze");
  Options options;
  AddOptions(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return EXIT_SUCCESS;
  } catch (const CLI::ParseError& error) {
    return Fail(error.what());
  }

  const Breakdown by = BreakdownOf(options);
  const auto source = DatabaseSource::Open(options.file);
  if (!source.ok()) return Fail(std::string(source.status().message()));
  auto analysis = [&] {
    ProgressBar bar;
    return Analyze(source->path(), options.prefixes, by,
                   [&bar](std::uint64_t pages, std::uint64_t of) { bar.Show(pages, of); });
  }();
  if (!analysis.ok()) {
    return Fail(
        absl::StrReplaceAll(analysis.status().message(), {{source->path(), source->name()}}));
  }
  analysis->path = source->name();
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  const std::string printed = options.output == "json"
                                  ? Json(*analysis, by, options.top.value_or(kAll))
                                  : Text(*analysis, options.top.value_or(kRowsForPeople));
  if (!Print(printed)) return EXIT_FAILURE;
  return analysis->complete() ? EXIT_SUCCESS : Fail(source->name() + ": " + analysis->problem);
}

}  // namespace headroom::analyze
