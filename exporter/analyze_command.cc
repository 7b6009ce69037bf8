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
#include "analyze/difference.h"
#include "analyze/json.h"
#include "analyze/text.h"
#include "options/cli_error.h"
#include "print.h"
#include "progress_bar.h"
#include "text/wrap.h"

namespace headroom::analyze {
namespace {

constexpr std::size_t kRowsForPeople = 20;

struct Options {
  std::string file;
  std::string old_file;
  std::string output = "text";
  std::string by;
  Question question;
  std::optional<std::size_t> top;

  bool json() const { return output == "json"; }
};

void AddQuestion(CLI::App& app, Options& options) {
  std::vector<std::string> names;
  for (const BreakdownName& name : kBreakdownNames) names.emplace_back(name.part);
  app.add_option("--by", options.by,
                 "Also by namespace; by manager, the field manager with the newest entry in the "
                 "object's managedFields; by owner, the kind of the controlling owner reference; "
                 "by name, with numbers and hashes as \"*\"; by age, since the object was created; "
                 "by tenant, the prefix of each API server that shares this etcd; or by component, "
                 "which reports Event objects")
      ->check(CLI::IsMember(names))
      ->type_name("PART");
  app.add_flag("--fields", options.question.fields,
               "Also show which share of the live bytes is managedFields, status and annotations");
  app.add_flag("--removable", options.question.removable,
               "Also count live objects that have done their work, such as finished Jobs, and say "
               "how to remove them");
  app.add_option("--prefix", options.question.prefixes,
                 "kube-apiserver's --etcd-prefix, where it is none of /registry, /kubernetes.io "
                 "and /openshift.io; repeat or separate by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("PREFIX");
}

void AddOptions(CLI::App& app, Options& options) {
  app.set_help_flag("-h,--help", "Show this help");
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
      ->type_name("FORMAT")
      ->capture_default_str();
  AddQuestion(app, options);
  app.add_option("--diff", options.old_file,
                 "An older file of the same etcd: show what grew since then")
      ->type_name("OLD");
  app.add_option("--top", options.top,
                 "Rows of each table; the rest is one more (default: 20, json: all)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("NUMBER");
}

int Fail(std::string message) {
  PrintError(std::move(message));
  return EXIT_FAILURE;
}

absl::StatusOr<Analysis> Read(const std::string& file, const Question& question) {
  const auto source = DatabaseSource::Open(file);
  if (!source.ok()) return source.status();
  auto analysis = [&] {
    ProgressBar bar;
    return Analyze(source->path(), question,
                   [&bar](std::uint64_t pages, std::uint64_t of) { bar.Show(pages, of); });
  }();
  if (!analysis.ok()) {
    return absl::Status(
        analysis.status().code(),
        absl::StrReplaceAll(analysis.status().message(), {{source->path(), source->name()}}));
  }
  analysis->path = source->name();
  return analysis;
}

// Prints what could not be read of the files; the exit code.
int Finish(const std::vector<const Analysis*>& analyses) {
  int result = EXIT_SUCCESS;
  for (const Analysis* analysis : analyses) {
    if (!analysis->complete()) result = Fail(analysis->path + ": " + analysis->problem);
  }
  return result;
}

int ShowDifference(const Options& options, const Analysis& after, std::size_t top) {
  const auto before = Read(options.old_file, options.question);
  if (!before.ok()) return Fail(ErrorLine(before.status()));
  const std::string printed =
      options.json() ? DifferenceJson(*before, after, top) : DifferenceText(*before, after, top);
  return Print(printed) ? Finish({&*before, &after}) : EXIT_FAILURE;
}

}  // namespace

int Main(int argc, const char* const* argv) {
  CLI::App app("Shows what an etcd database file or snapshot holds, and what of it can be freed.",
               "etcd-headroom-exporter analyze");
  Options options;
  AddOptions(app, options);
  if (const auto checked = CheckNoEmptyValue(argc, argv); !checked.ok())
    return Fail(ErrorLine(checked));
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(text::WrapHelp(app.help()).c_str(), stdout);
    return EXIT_SUCCESS;
  } catch (const CLI::ParseError& error) {
    return Fail(CliError(app, error));
  }

  if (!options.old_file.empty() && (options.question.fields || options.question.removable))
    return Fail("--diff goes with neither --fields nor --removable");

  const auto* const by = std::ranges::find(kBreakdownNames, options.by, &BreakdownName::part);
  if (by != kBreakdownNames.end()) options.question.by = by->by;
  const std::size_t top = options.top.value_or(
      options.json() ? std::numeric_limits<std::size_t>::max() : kRowsForPeople);
  const auto analysis = Read(options.file, options.question);
  if (!analysis.ok()) return Fail(ErrorLine(analysis.status()));
  if (!options.old_file.empty()) return ShowDifference(options, *analysis, top);
  const std::string printed = options.json() ? Json(*analysis, top) : Text(*analysis, top);
  return Print(printed) ? Finish({&*analysis}) : EXIT_FAILURE;
}

}  // namespace headroom::analyze
