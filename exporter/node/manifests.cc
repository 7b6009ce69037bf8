#include "node/manifests.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <vector>

#include "node/command_line.h"
#include "node/etcd_container.h"
#include "node/node_file.h"
#include "node/yaml_text.h"

namespace headroom::node {
namespace {

namespace fs = std::filesystem;

// A control plane has four or five.
constexpr std::size_t kMostFiles = 100;

// Empty of what is no pod.
std::vector<Container> ContainersOf(const fs::path& root, const fs::path& file) {
  const auto text = ReadNodeFile(root, file);
  if (!text.ok()) return {};
  try {
    const auto pod = LoadMapping(*text, file.string());
    if (!pod.ok() || ScalarText(Find(*pod, "kind")) != "Pod") return {};
    return ReadContainers(*pod, file.string()).value_or(std::vector<Container>());
  } catch (const std::exception&) {  // yaml-cpp's
    return {};
  }
}

// A pod whose image decides what runs is taken for etcd only by its container's name.
bool RunsEtcd(const std::vector<Container>& containers) {
  const auto etcd = FindEtcdContainer(containers, "");
  return etcd.ok() && (etcd->container->name == "etcd" || FindEtcd(etcd->container->command));
}

absl::StatusOr<std::vector<fs::path>> FilesIn(const fs::path& root, const fs::path& folder) {
  const fs::path inside = root / folder.relative_path();
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(inside, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (!name.starts_with('.') && files.size() < kMostFiles) files.push_back(folder / name);
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return absl::ErrnoToStatus(error.value(), inside.string());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

absl::StatusOr<Manifests> ReadManifests(const fs::path& root, const fs::path& folder) {
  const auto files = FilesIn(root, folder);
  if (!files.ok()) return files.status();
  Manifests manifests;
  for (const fs::path& file : *files) {
    const std::vector<Container> containers = ContainersOf(root, file);
    if (manifests.etcd_file.empty() && RunsEtcd(containers)) {
      manifests.etcd_file = file;
      manifests.etcdctl = EtcdctlClient(containers);
    }
    if (!manifests.api_server) manifests.api_server = ApiServerClient(containers);
  }
  return manifests;
}

}  // namespace headroom::node
