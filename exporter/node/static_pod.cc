#include "node/static_pod.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

namespace headroom::node {
namespace {

using std::filesystem::path;

// Twice what Linux accepts for all arguments and variables of a process. Through aliases a small
// file could ask for far more.
constexpr size_t kMaxPodText = size_t{4} << 20;
constexpr size_t kMaxContainers = 100;
constexpr size_t kMaxItems = 4096;  // of all lists together

class PodReader {
 public:
  explicit PodReader(std::string_view origin) : origin_(origin) {}

  absl::StatusOr<std::vector<Container>> Read(const YAML::Node& pod) {
    const YAML::Node spec = Find(pod, "spec");
    const YAML::Node items = Items(spec, "containers");
    if (items.size() > kMaxContainers) Fail("has more containers than a pod can run");
    ReadVolumes(spec);
    std::vector<Container> containers;
    for (const auto& item : items) {
      if (!status_.ok()) break;
      containers.push_back(ReadContainer(item));
    }
    if (!status_.ok()) return status_;
    return containers;
  }

 private:
  void Fail(std::string_view what) {
    status_.Update(absl::InvalidArgumentError(origin_ + ": " + std::string(what)));
  }

  std::string Counted(std::string text) {
    text_bytes_ += text.size() + 1;
    if (text_bytes_ > kMaxPodText) Fail("holds more text than a process can be given");
    return text;
  }

  // A list, empty when absent or after a failure.
  YAML::Node Items(const YAML::Node& parent, std::string_view key) {
    if (HasMergeKey(parent)) Fail("uses a YAML merge key (<<), which is not supported");
    YAML::Node items = Find(parent, key);
    const bool absent = !items.IsDefined() || items.IsNull();
    if (!absent && !items.IsSequence()) Fail(std::string(key) + " is not a list");
    if (!absent && status_.ok()) item_count_ += items.size();
    if (item_count_ > kMaxItems) Fail("holds more list items than a pod can have");
    if (absent || !status_.ok()) items.reset(YAML::Node(YAML::NodeType::Sequence));
    return items;
  }

  Container ReadContainer(const YAML::Node& node) {
    Container container;
    container.name = ScalarText(Find(node, "name"));
    ReadEnvironment(node, container.environment);
    container.command = Strings(node, "command", container.environment);
    container.args = Strings(node, "args", container.environment);
    for (const auto& item : Items(node, "volumeMounts")) {
      if (!status_.ok()) break;
      container.mounts.push_back(ReadMount(item));
    }
    return container;
  }

  std::vector<std::string> Strings(const YAML::Node& node, std::string_view key,
                                   const Environment& environment) {
    std::vector<std::string> result;
    for (const auto& item : Items(node, key)) {
      if (!item.IsScalar() && !item.IsNull())
        Fail(std::string(key) + " holds what is not a string");
      if (!status_.ok()) break;
      result.push_back(Counted(ExpandReferences(ScalarText(item), environment)));
    }
    return result;
  }

  void ReadEnvironment(const YAML::Node& node, Environment& environment) {
    if (Items(node, "envFrom").size() > 0) environment.AllowOthers();
    for (const auto& item : Items(node, "env")) {
      if (!status_.ok()) break;
      std::string value = ExpandReferences(ScalarText(Find(item, "value")), environment);
      if (Find(item, "valueFrom").IsDefined()) value = {kUnknown};
      const std::string name = Counted(ScalarText(Find(item, "name")));
      environment.Set(name, Counted(std::move(value)));
    }
  }

  void ReadVolumes(const YAML::Node& spec) {
    for (const auto& item : Items(spec, "volumes")) {
      if (!status_.ok()) break;
      const std::string source = ScalarText(Find(Find(item, "hostPath"), "path"));
      if (!source.empty()) volumes_[ScalarText(Find(item, "name"))] = Counted(source);
    }
  }

  VolumeMount ReadMount(const YAML::Node& node) {
    VolumeMount mount;
    mount.mount_path = Counted(ScalarText(Find(node, "mountPath")));
    const auto volume = volumes_.find(ScalarText(Find(node, "name")));
    // subPathExpr may name the pod or the node, which the manifest does not have.
    if (volume != volumes_.end() && !Find(node, "subPathExpr").IsDefined()) {
      const path sub_path = Counted(ScalarText(Find(node, "subPath")));
      mount.host_path = path(Counted(volume->second)) / sub_path.relative_path();
    }
    return mount;
  }

  std::string origin_;
  std::map<std::string, std::string, std::less<>> volumes_;  // name to path on the node
  absl::Status status_;
  size_t text_bytes_ = 0;
  size_t item_count_ = 0;
};

// The part of `inner` below `outer`, "" when they are equal; nullopt when it is not below.
std::optional<path> Below(const path& outer, const path& inner) {
  const path relative = inner.lexically_relative(outer);
  if (relative.empty() || *relative.begin() == "..") return std::nullopt;
  return relative == "." ? path() : relative;
}

path Normal(const path& file) {
  path normal = file.lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

}  // namespace

absl::StatusOr<std::vector<Container>> ReadContainers(const YAML::Node& pod,
                                                      std::string_view origin) {
  return PodReader(origin).Read(pod);
}

std::optional<path> HostPath(const Container& container, const path& file) {
  if (!file.is_absolute()) return std::nullopt;
  const path wanted = Normal(file);
  std::optional<path> best;
  size_t best_length = 0;
  for (const VolumeMount& mount : container.mounts) {
    if (!mount.mount_path.is_absolute()) continue;
    const path point = Normal(mount.mount_path);
    const std::optional<path> rest = Below(point, wanted);
    if (!rest || point.native().size() < best_length) continue;
    best_length = point.native().size();
    best.reset();
    if (!mount.host_path.empty()) best = Normal(mount.host_path / *rest);
  }
  return best;
}

}  // namespace headroom::node
