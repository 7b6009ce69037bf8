#include "node/distributions.h"

#include <exception>

#include "node/node_file.h"
#include "node/yaml_text.h"

namespace headroom::node {
namespace {

// What the distribution's settings have, else its default. Settings that cannot be read have none.
std::string DataDirectory(const Places& places, const std::filesystem::path& root) {
  std::string folder(places.data_directory);
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

std::filesystem::path PlaceOnNode(const Places& places, std::string_view place,
                                  const std::filesystem::path& root) {
  std::filesystem::path path(place);
  if (place.starts_with('~')) path = DataDirectory(places, root) + std::string(place.substr(1));
  return path.lexically_normal().relative_path();
}

}  // namespace headroom::node
