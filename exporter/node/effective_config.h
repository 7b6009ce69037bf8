#pragma once

#include "node/etcd_config.h"
#include "node/etcd_settings.h"

namespace headroom::node {

// What is not among the settings has etcd's default, or may be set by what was not read.
enum class Unset { kDefault, kMayBeSet };

// What etcd makes of its settings: texts to values, defaults for what is not set, a warning for
// what can not be read. Paths are as etcd sees them.
EtcdConfig EffectiveConfig(const Settings& settings, Unset unset = Unset::kDefault);

}  // namespace headroom::node
