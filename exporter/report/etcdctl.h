#pragma once

#include <string>
#include <string_view>

#include "report/facts.h"

// Shell text for the operator. What it is made of is either ours, checked (endpoints), or quoted.
namespace headroom::report {

// In single quotes where the shell would take a character of it for something else.
std::string ShellQuote(std::string_view text);

// Where etcdctl comes from on this kind of node.
struct Etcdctl {
  std::string comes_from;   // a sentence
  std::string preparation;  // gives the shell `etcdctl`, with certificates, and $SNAPSHOT
};
// The same as rules/reference/etcdctl.md has for that distribution; `version` is the servers'.
Etcdctl EtcdctlOn(const NodeFact& node, std::string_view version);

}  // namespace headroom::report
