#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "options/options.h"

namespace headroom {

// What CLI11 fills in; turned into Options once all of it is known to be valid.
struct RawOptions {
  std::vector<std::string> endpoints;
  std::vector<std::string> metrics_urls;
  std::string timeout = "2s";
  std::string inventory_interval = "10m";
  std::string quota_bytes;
  std::string budget_file;
  std::vector<std::string> listen_addresses = {":9379"};
  std::string log_format = "logfmt";
  std::string config_file;
  bool check_only = false;
  bool version = false;
  Options options;
};

// Declares every flag on `app`, with its check, help and default. `raw` must outlive `app`.
void AddFlags(CLI::App& app, RawOptions& raw);

// Accepts durations of Go's form, from `least` to `most`. `which` ends the sentence "... is no
// duration" of an error.
CLI::Validator CheckDuration(absl::Duration least, absl::Duration most, const std::string& which);

// Leaves the flags that only a process that serves metrics has use for out of the help of `app`.
// They are still accepted.
void HideServingFlags(CLI::App& app);

}  // namespace headroom
