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

std::string Switch(bool on) { return on ? "true" : "false"; }

// What is in force of flags that nobody gave and that have no default of one word.
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
          {"collector.member", {Switch(options.collect_member)}},
          {"collector.node", {Switch(options.collect_node)}},
          {"collector.churn", {Switch(options.collect_churn)}},
          {"collector.inventory", {Switch(options.collect_inventory)}},
          {"inventory.count", {Switch(options.count_objects)}},
          {"inventory.count-at-start", {Switch(options.count_at_start)}}};
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
    std::string source = given.SourceOf(*option);
    Values values;
    if (!source.empty()) {
      values = option->reduced_results();
    } else if (found != concluded.end()) {
      values = found->second;
      source = options.datastore.etcd && !is_switch ? "found on this node" : "default";
    } else if (!option->get_default_str().empty()) {
      values = {option->get_default_str()};
      source = "default";
    }
    if (!values.empty()) Write(yaml, key, values, is_list, source);
  }
  yaml << YAML::EndMap;
  return absl::StrCat("# The configuration is valid. These settings are in force.\n", yaml.c_str(),
                      "\n", FoundText(options));
}

}  // namespace headroom
