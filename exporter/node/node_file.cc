#include "node/node_file.h"

#include "files/small_file.h"

namespace headroom::node {

absl::StatusOr<std::string> ReadNodeFile(const std::filesystem::path& root,
                                         const std::filesystem::path& file) {
  // Normal, so that no ".." leads out of the root.
  const std::filesystem::path inside = ("/" / file).lexically_normal();
  return ReadSmallFile(root / inside.relative_path());
}

}  // namespace headroom::node
