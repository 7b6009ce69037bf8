#pragma once

#include "kubernetes/etcd_config.h"
#include "kubernetes/etcd_settings.h"

namespace headroom::kubernetes {

// What etcd makes of its settings: texts to values, defaults for what is not set, a warning for
// what can not be read. Paths are as etcd sees them.
EtcdConfig EffectiveConfig(const Settings& settings);

}  // namespace headroom::kubernetes
