#include "options/cli_error.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace headroom {
namespace {

// Characters to insert, drop or replace (Levenshtein).
std::size_t Changes(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string NearestFlag(std::string_view argument, const std::vector<std::string>& flags) {
  argument = argument.substr(0, argument.find('='));
  std::string nearest;
  std::size_t least = argument.size() / 3 + 1;
  for (const std::string& flag : flags) {
    const std::size_t changes = Changes(argument, flag);
    if (changes >= least) continue;
    least = changes;
    nearest = flag;
  }
  return nearest;
}

std::string CliError(const CLI::App& app, const CLI::ParseError& error) {
  // CLI11's messages may end in a line break.
  std::string line = error.what();
  std::ranges::replace(line, '\n', ' ');
  absl::StripTrailingAsciiWhitespace(&line);
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError)) return line;
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  const std::vector<std::string> extras = app.remaining();
  const std::string nearest = extras.empty() ? "" : NearestFlag(extras.front(), flags);
  return absl::StrCat(line, nearest.empty() ? "" : "; did you mean " + nearest + "?",
                      "; see --help");
}

absl::Status CheckNoEmptyValue(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with("--") || !argument.ends_with('=')) continue;
    if (argument.find('=') != argument.size() - 1) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(argument.substr(0, argument.size() - 1)),
                     ": the value is empty; give one, or leave the flag out"));
  }
  return absl::OkStatus();
}

std::string ErrorLine(const absl::Status& status) {
  return absl::StrCat(status.message(), absl::IsPermissionDenied(status)
                                            ? "; run as root, or as a user that may read it"
                                            : "");
}

}  // namespace headroom
