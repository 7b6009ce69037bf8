#pragma once

#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "options/options.h"

namespace CLI {
class App;
}

namespace headroom {

// --help or --version was given: print this and exit with 0.
struct PrintAndExit {
  std::string text;
};

// Options from flags, else variables ETCD_HEADROOM_..., else the YAML file that `--config.file`
// names, else what is found on this node. InvalidArgument says in one line what is wrong and where
// (flag, variable, or file, line and key).
absl::StatusOr<std::variant<Options, PrintAndExit>> ParseCommandLine(int argc,
                                                                     const char* const* argv);

// What the flags are for. kOnce: a command that looks at etcd once and ends. It takes every flag,
// so that the line that starts an exporter works for it, too; its help leaves out those of serving.
enum class Purpose { kServe, kOnce };

// The same for a command that takes flags of its own besides, which `app` has.
absl::StatusOr<std::variant<Options, PrintAndExit>> ParseCommandLine(
    CLI::App& app, int argc, const char* const* argv, Purpose purpose = Purpose::kServe);

}  // namespace headroom
