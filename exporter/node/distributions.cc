#include "node/distributions.h"

#include <exception>

#include "node/node_file.h"
#include "node/yaml_text.h"

namespace headroom::node {
namespace {

// What the distribution's settings have, else its default. Settings that cannot be read have none.
std::string DataDirectory(const Places& places, const std::filesystem::path& root) {
  std::string folder(places.data_directory);
  if (places.settings.empty()) return folder;
  const auto text = ReadNodeFile(root, places.settings);
  if (!text.ok()) return folder;
  try {
    const auto settings = LoadMapping(*text, places.settings);
    const std::string other = settings.ok() ? ScalarText(Find(*settings, "data-dir")) : "";
    if (other.starts_with('/')) folder = other;
  } catch (const std::exception&) {  // yaml-cpp's
  }
  return folder;
}

}  // namespace

NodePlaces::NodePlaces(const Places& places, const std::filesystem::path& root)
    : places_(places), root_(root), data_directory_(DataDirectory(places, root)) {}

std::filesystem::path NodePlaces::OnNode(std::string_view place) const {
  std::filesystem::path path(place);
  if (place.starts_with('~')) path = data_directory_ + std::string(place.substr(1));
  return path.lexically_normal();
}

std::filesystem::path NodePlaces::Opened(std::string_view place) const {
  return root_ / OnNode(place).relative_path();
}

}  // namespace headroom::node
