#include "options/given_values.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "files/small_file.h"
#include "options/cli_error.h"
#include "options/config_file.h"

namespace headroom {
namespace {

constexpr std::string_view kPrefix = "ETCD_HEADROOM_";

std::string VariableOf(const std::string& flag) {
  return absl::StrCat("ETCD_HEADROOM_",
                      absl::StrReplaceAll(absl::AsciiStrToUpper(flag), {{".", "_"}, {"-", "_"}}));
}

// The kubelet gives every pod the addresses of the Services of its namespace.
bool IsOfService(const std::string& variable) {
  return absl::StrContains(variable, "_SERVICE_HOST") ||
         absl::StrContains(variable, "_SERVICE_PORT") || absl::StrContains(variable, "_PORT_") ||
         variable.ends_with("_PORT");
}

}  // namespace

GivenValues::GivenValues(CLI::App& app) : app_(app) {
  for (const CLI::Option* option : app_.get_options()) {
    if (option->count() > 0) sources_[option] = "flag";
  }
}

absl::Status GivenValues::TakeEnvironment() {
  std::map<std::string, CLI::Option*> by_variable;
  for (const CLI::Option* option : app_.get_options()) {
    for (const std::string& name : option->get_lnames())
      if (CLI::Option* found = Find(name)) by_variable[VariableOf(name)] = found;
  }
  // Which file to read is no setting of that file.
  by_variable[VariableOf("config.file")] = app_.get_option("--config.file");
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with(kPrefix)) continue;
    const std::string variable(text.substr(0, text.find('=')));
    const std::string value(text.substr(std::min(variable.size() + 1, text.size())));
    const auto found = by_variable.find(variable);
    if (found == by_variable.end()) {
      if (IsOfService(variable)) continue;
      std::vector<std::string> names;
      for (const auto& [name, option] : by_variable) names.push_back(name);
      const std::string nearest = NearestFlag(variable, names);
      return absl::InvalidArgumentError(
          absl::StrCat(variable, ": there is no such option",
                       nearest.empty() ? "" : "; did you mean " + nearest + "?"));
    }
    if (value.empty()) continue;
    if (auto given = Give(*found->second, {value}, variable + ": ", variable); !given.ok())
      return given;
  }
  return absl::OkStatus();
}

absl::Status GivenValues::TakeFile(const std::string& path) {
  const auto text = ReadSmallFile(path);
  if (!text.ok()) return text.status();
  const auto entries = ParseConfigText(*text);
  if (!entries.ok())
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", entries.status().message()));
  for (const ConfigEntry& entry : *entries) {
    const std::string where = absl::StrCat(path, ": line ", entry.line, ": ", entry.key, ": ");
    CLI::Option* option = Find(entry.key);
    if (option == nullptr) return absl::InvalidArgumentError(where + "there is no such option");
    if (auto given = Give(*option, entry.values, where, path); !given.ok()) return given;
  }
  return absl::OkStatus();
}

std::string GivenValues::SourceOf(const CLI::Option& option) const {
  const auto found = sources_.find(&option);
  return found == sources_.end() ? "" : found->second;
}

CLI::Option* GivenValues::Find(const std::string& key) const {
  // The negated names of switches are for the command line; elsewhere they have values.
  const bool command_line_only =
      !absl::StrContains(key, ".") || key.starts_with("config.") || key.starts_with("no-");
  return command_line_only ? nullptr : app_.get_option_no_throw("--" + key);
}

absl::Status GivenValues::Give(CLI::Option& option, const std::vector<std::string>& values,
                               const std::string& where, const std::string& source) {
  if (option.count() > 0) return absl::OkStatus();
  if (values.size() > 1 && option.get_items_expected_max() == 1 && option.get_delimiter() == '\0') {
    return absl::InvalidArgumentError(where + "takes one value, not a list");
  }
  try {
    for (const std::string& value : values) option.add_result(value);
    option.run_callback();
  } catch (const CLI::Error& error) {
    return absl::InvalidArgumentError(where + error.what());
  }
  sources_[&option] = source;
  return absl::OkStatus();
}

}  // namespace headroom
