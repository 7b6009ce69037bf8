#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace headroom {

// Gives flags the values that the command line left out, and keeps where each has its value from.
// Only flags with a dot in their name can be set so; those of a command of its own have none. The
// first who gives a flag a value wins.
class GivenValues {
 public:
  // `app` has parsed its command line, and outlives this.
  explicit GivenValues(CLI::App& app);

  // Takes the variables ETCD_HEADROOM_..., named like the flags in capitals with "_" for "." and
  // "-". An empty one counts as not set. InvalidArgument names the variable: a value that the flag
  // refuses, or a variable without such a flag. Those that Kubernetes sets for a Service with the
  // name of this program are none of ours.
  absl::Status TakeEnvironment();

  // Takes a YAML file whose keys are the flags' names. InvalidArgument names file, line and key.
  absl::Status TakeFile(const std::string& path);

  // "flag", the name of the variable or the path of the file; empty where nobody gave a value.
  std::string SourceOf(const CLI::Option& option) const;

 private:
  // Null where there is no such flag, or where it is for the command line alone.
  CLI::Option* Find(const std::string& key) const;
  // `where` begins an error, "file: line 3: etcd.timeout: ".
  absl::Status Give(CLI::Option& option, const std::vector<std::string>& values,
                    const std::string& where, const std::string& source);

  CLI::App& app_;
  std::map<const CLI::Option*, std::string> sources_;
};

}  // namespace headroom
