#pragma once

#include <string_view>

// Which resources may be named as ones to delete when room is needed. Names are those of
// `kubectl api-resources -o name`, see RegistryKeyReader.
namespace headroom::analyze {

// Objects of no lasting use, which something makes again or that are left over: Events, reports of
// policy engines and scanners, Jobs and the runs of workflow engines.
bool IsDisposable(std::string_view resource);

// What a cluster consists of: all resources of Kubernetes' own API groups that are not disposable.
// Pods, nodes, namespaces, secrets, configmaps, RBAC, webhook configurations, and
// CustomResourceDefinitions, each of which takes all its objects along when deleted. Never to be
// deleted just to make room.
bool IsBuiltInConfiguration(std::string_view resource);

}  // namespace headroom::analyze
