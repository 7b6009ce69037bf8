#include "node/etcd_settings.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "node/go_values.h"

namespace headroom::node {
namespace {

Setting Given(std::string value) { return {.value = std::move(value), .unreadable_because = {}}; }
Setting Unread(std::string because) {
  return {.value = {}, .unreadable_because = std::move(because)};
}

// The view from kSettings for a flag's name, empty for other flags.
std::string_view KnownSetting(std::string_view flag) {
  const auto* const found = std::find(kSettings.begin(), kSettings.end(), flag);
  return found == kSettings.end() ? std::string_view() : *found;
}

// Flags that take no value from the next argument, as far as a variable is likely to follow them.
bool IsBoolean(std::string_view flag) {
  constexpr std::array<std::string_view, 12> kBooleans = {
      "auto-tls",  "client-cert-auth",  "debug",         "enable-pprof",
      "enable-v2", "force-new-cluster", "peer-auto-tls", "peer-client-cert-auth",
      "pre-vote",  "socket-reuse-port", "version",       "strict-reconfig-check"};
  return flag.starts_with("experimental-") ||
         std::find(kBooleans.begin(), kBooleans.end(), flag) != kBooleans.end();
}

std::string VariableName(std::string_view flag) {
  return "ETCD_" + absl::StrReplaceAll(absl::AsciiStrToUpper(std::string(flag)), {{"-", "_"}});
}

// Go's flag package over the arguments of etcd.
class FlagReader {
 public:
  explicit FlagReader(const std::vector<std::string>& arguments) : arguments_(arguments) {}

  Settings Run() {
    while (next_ < arguments_.size()) {
      std::string_view flag = arguments_[next_++];
      if (IsUnknown(flag.substr(0, flag.find('=')))) {
        // It may set again anything set so far. What later arguments say stands.
        for (auto& [name, setting] :
             Unreadable("the argument " + MessageText(flag) + " may set it")) {
          if (name != kConfigFile) settings_[name] = setting;
        }
        continue;
      }
      if (flag.size() < 2 || flag[0] != '-' || flag == "--") break;
      flag.remove_prefix(flag[1] == '-' ? 2 : 1);
      ReadFlag(flag);
    }
    return settings_;
  }

 private:
  void ReadFlag(std::string_view flag) {
    const size_t equals = flag.find('=');
    const std::string_view name = flag.substr(0, equals);
    const std::string_view known = KnownSetting(name);
    if (equals != std::string_view::npos) {
      if (!known.empty()) settings_[known] = Given(std::string(flag.substr(equals + 1)));
    } else if (!known.empty()) {
      settings_[known] =
          next_ < arguments_.size() ? Given(arguments_[next_++]) : Unread("the flag has no value");
    } else if (next_ < arguments_.size() && !arguments_[next_].starts_with('-') &&
               !IsBoolean(name)) {
      ++next_;
    }
  }

  const std::vector<std::string>& arguments_;
  size_t next_ = 0;
  Settings settings_;
};

// A setting's value in a configuration file. etcd turns the file into JSON, with its keys sorted by
// their bytes, and looks them up there without regard to case: the last one counts.
YAML::Node FindSetting(const YAML::Node& config_file, std::string_view name) {
  YAML::Node found(YAML::NodeType::Undefined);
  std::string last;
  for (const auto& entry : config_file) {
    const std::string key = ScalarText(entry.first);
    if (!absl::EqualsIgnoreCase(key, absl::string_view(name.data(), name.size())) || key < last)
      continue;
    last = key;
    found.reset(entry.second);
  }
  return found;
}

bool IsNumber(std::string_view name) { return name == kQuota || name == kSnapshotCount; }

Setting GivenNumber(const YAML::Node& value) {
  const bool text = value.Tag() == "!" || value.Tag() == "tag:yaml.org,2002:str";
  if (text) {
    return Unread("\"" + MessageText(value.Scalar()) +
                  "\" is a text, not a number; etcd does not start with it");
  }
  const auto number = ParseYamlInt64(value.Scalar());
  return Given(number ? std::to_string(*number) : value.Scalar());
}

}  // namespace

Settings Unreadable(const std::string& because) {
  Settings settings;
  for (const std::string_view name : kSettings) settings[name] = Unread(because);
  return settings;
}

Settings SettingsOf(const EtcdCommand& command) {
  Settings settings = FlagReader(command.arguments).Run();
  for (const std::string_view name : kSettings) {
    const auto flag = settings.find(name);
    // An empty --config-file leaves it to the variable.
    const bool given = flag != settings.end() && (name != kConfigFile || flag->second != Setting());
    // Variables from elsewhere could name a configuration file, but hardly next to flags that
    // count.
    if (given || (name == kConfigFile && !command.environment.Lists(VariableName(name)))) continue;
    const auto variable = command.environment.Get(VariableName(name));
    if (!variable || variable->empty()) continue;
    Setting setting = Given(std::string(*variable));
    if (*variable == std::string_view(&kUnknown, 1)) {
      setting.unreadable_because = "the value of " + VariableName(name) + " is not in the manifest";
    }
    const std::string& script = command.script;
    if (script.find(name) != std::string::npos ||
        script.find(VariableName(name)) != std::string::npos) {
      setting = Unread("the shell script that starts etcd may set it");
    }
    settings[name] = setting;
  }
  return settings;
}

Settings SettingsOf(const YAML::Node& config_file) {
  if (HasMergeKey(config_file)) return Unreadable("the file uses a YAML merge key (<<)");
  Settings settings;
  for (const std::string_view name : kSettings) {
    const YAML::Node value = FindSetting(config_file, name);
    if (!value.IsDefined() || value.IsNull()) continue;
    if (name == kConfigFile || name == kTrustedCaFile) continue;  // not at the top level
    if (!value.IsScalar()) {
      settings[name] = Unread("it is not a single value");
    } else {
      settings[name] = IsNumber(name) ? GivenNumber(value) : Given(value.Scalar());
    }
  }
  return settings;
}

}  // namespace headroom::node
