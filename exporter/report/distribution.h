#pragma once

#include <cstdint>
#include <string>

#include "report/facts.h"

// What differs between kubeadm, k3s, RKE2 and any other way to run etcd, in words and commands for
// the operator.
namespace headroom::report {

// How a member gets a setting of etcd, such as "quota-backend-bytes=8589934592": which line in
// which file, and what restarts etcd. A sentence or two.
std::string HowToSet(const NodeFact& node, const std::string& setting);

// How to start an etcd that is down. A sentence or two.
std::string HowToStart(const NodeFact& node);

// How to restart what gave up while writes were refused. A sentence or two.
std::string HowToRestartClients(const NodeFact& node);

// kubectl as this node has it, with its kubeconfig; empty where the distribution is unknown.
std::string Kubectl(const NodeFact& node);

}  // namespace headroom::report
