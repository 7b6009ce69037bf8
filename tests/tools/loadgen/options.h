#pragma once

#include <variant>

#include "engine.h"
#include "etcd_client.h"
#include "planner.h"

namespace headroom::loadgen {

struct Options {
  ClientOptions client;
  WorkloadOptions workload;
  EngineOptions engine;
};

// Reads the command line; --help and mistakes are printed here and give the exit code instead.
std::variant<Options, int> ParseOptions(int argc, char** argv);

}  // namespace headroom::loadgen
