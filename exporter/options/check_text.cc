#include "options/check_text.h"

#include <yaml-cpp/yaml.h>

#include <CLI/CLI.hpp>
#include <map>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "options/connections.h"

namespace headroom {
namespace {

using Values = std::vector<std::string>;

Values Urls(const std::vector<etcd::Endpoint>& endpoints) {
  Values urls;
  for (const etcd::Endpoint& endpoint : endpoints) urls.push_back(endpoint.Url());
  return urls;
}

// What was concluded for flags that nobody gave.
std::map<std::string, Values> Concluded(const Options& options) {
  const auto one = [](const std::string& value) {
    return value.empty() ? Values() : Values{value};
  };
  return {{"etcd.endpoints", Urls(options.endpoints)},
          {"etcd.metrics-url", Urls(options.metrics_urls)},
          {"etcd.cacert", one(options.tls.ca)},
          {"etcd.cert", one(options.tls.certificate)},
          {"etcd.key", one(options.tls.key)},
          {"etcd.config", one(options.etcd_config)},
          {"inventory.db-file", one(options.db_file)},
          {"collector.inventory", {options.collect_inventory ? "true" : "false"}}};
}

void Write(YAML::Emitter& yaml, const std::string& key, const Values& values, bool is_list,
           const std::string& source) {
  yaml << YAML::Key << key << YAML::Value;
  if (is_list) {
    yaml << YAML::Flow << values;
  } else {
    yaml << values.front();
  }
  yaml << YAML::Comment(source);
}

std::string FoundText(const Options& options) {
  std::string text;
  const node::Datastore& datastore = options.datastore;
  if (datastore.etcd) {
    absl::StrAppend(&text, "# found on this node: the etcd of ", datastore.etcd->distribution,
                    "\n");
  } else if (options.endpoints.empty()) {
    absl::StrAppend(&text, "# found on this node: ", DatastoreName(datastore.kind), "; looked for ",
                    node::SearchedPlaces(), "\n");
  }
  for (const std::string& other : datastore.overrides)
    absl::StrAppend(&text, "# kube-apiserver has another etcd for ", other, "\n");
  const auto config = options.node_config->Read();
  if (!config) return text;
  if (!config->quota_bytes) {
    absl::StrAppend(&text, "# its quota is set to what cannot be read\n");
  } else if (*config->quota_bytes < 0) {
    absl::StrAppend(&text, "# its quota is disabled\n");
  } else {
    absl::StrAppend(&text, "# its quota: ", *config->quota_bytes, " bytes\n");
  }
  for (const std::string& warning : config->warnings)
    absl::StrAppend(&text, "# warning: ", warning, "\n");
  return text;
}

}  // namespace

std::string CheckText(const CLI::App& app, const GivenValues& given, const Options& options) {
  const auto concluded = Concluded(options);
  YAML::Emitter yaml;
  yaml << YAML::BeginMap;
  for (const CLI::Option* option : app.get_options()) {
    const std::string key = option->get_lnames().empty() ? "" : option->get_lnames().front();
    if (!absl::StrContains(key, ".") || key.starts_with("config.")) continue;
    const bool is_list = option->get_delimiter() != '\0';
    const bool is_switch = option->get_items_expected_max() == 0;
    const auto found = concluded.find(key);
    const std::string source = given.SourceOf(*option);
    if (!source.empty()) {
      Write(yaml, key, option->reduced_results(), is_list, source);
    } else if (found != concluded.end()) {
      const bool is_default = is_switch || !options.datastore.etcd;
      if (!found->second.empty())
        Write(yaml, key, found->second, is_list, is_default ? "default" : "found on this node");
    } else if (is_switch) {
      Write(yaml, key, {key == "inventory.count-at-start" ? "false" : "true"}, false, "default");
    } else if (!option->get_default_str().empty()) {
      Write(yaml, key, {option->get_default_str()}, is_list, "default");
    }
  }
  yaml << YAML::EndMap;
  return absl::StrCat("# The configuration is valid. These settings are in force.\n", yaml.c_str(),
                      "\n", FoundText(options));
}

}  // namespace headroom
