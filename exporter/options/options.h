#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "budgets/budget_file.h"
#include "etcd/endpoint.h"
#include "etcd/tls.h"
#include "http/listen_address.h"
#include "logging/log.h"
#include "node/discovery.h"

namespace headroom {

// All that can be configured, validated. Defaults are those of the command line.
struct Options {
  // Empty on a Kubernetes node that has no etcd.
  std::vector<etcd::Endpoint> endpoints;
  std::vector<etcd::Endpoint> metrics_urls;  // one per endpoint
  etcd::TlsFiles tls;                        // ca is empty when nothing speaks TLS
  std::chrono::milliseconds timeout{2000};
  std::optional<std::int64_t> quota_bytes;  // kQuotaDisabled when disabled
  std::string etcd_config;  // static pod manifest or etcd config file, below rootfs; empty = none
  std::shared_ptr<node::CachedConfig> node_config;  // of etcd_config; never null
  std::string rootfs = "/";
  // What discovery found; not looked for, so kNone, when endpoints were given.
  node::Datastore datastore;

  std::vector<http::ListenAddress> listen;  // one at least
  std::string web_config_file;              // empty = plain HTTP for everybody
  std::string telemetry_path = "/metrics";

  bool collect_member = true;
  bool collect_node = true;
  bool collect_churn = true;
  bool collect_inventory = false;
  // Why the file that was found is not read though nobody switched that off; else empty.
  std::string unreadable_db_file;

  std::vector<std::string> registry_prefixes;  // kube-apiserver's --etcd-prefix; empty = the usual
  std::size_t max_resources = 500;
  std::size_t max_pairs = 200;
  bool count_objects = true;
  bool count_at_start = false;

  std::string db_file;  // etcd's database, as this process opens it; empty = none is known
  std::chrono::seconds inventory_interval{600};
  std::size_t inventory_max_keys = 1'000'000;
  std::shared_ptr<budgets::BudgetFile> budgets;  // null without one

  std::string log_level = "info";
  log::Format log_format = log::Format::kLogfmt;

  std::string check_text;  // for --config.check: print this and exit; else empty
};

}  // namespace headroom
