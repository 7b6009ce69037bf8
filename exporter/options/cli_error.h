#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace headroom {

// The flag that `argument` was likely meant to be: of `flags` ("--etcd.endpoints"), the one that
// the fewest changes of a character make of it. Empty if all need more than a third of its
// characters.
std::string NearestFlag(std::string_view argument, const std::vector<std::string>& flags);

// What is wrong with a command line, in one line. Of a flag that does not exist also the one that
// was likely meant.
std::string CliError(const CLI::App& app, const CLI::ParseError& error);

// CLI11 takes the argument behind "--flag=" for its value. InvalidArgument names the flag.
absl::Status CheckNoEmptyValue(int argc, const char* const* argv);

// The line of an error that ends the program, with what to do where a file may not be read.
std::string ErrorLine(const absl::Status& status);

}  // namespace headroom
