#include "kubernetes/node_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "absl/status/status.h"

namespace headroom::kubernetes {

absl::StatusOr<std::string> ReadNodeFile(const std::filesystem::path& root,
                                         const std::filesystem::path& file) {
  // Normal, so that no ".." leads out of the root.
  const std::filesystem::path inside = ("/" / file).lexically_normal();
  const std::filesystem::path path = root / inside.relative_path();
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (error) return absl::ErrnoToStatus(error.value(), path.string());
  if (!std::filesystem::is_regular_file(status)) {
    return absl::InvalidArgumentError(path.string() + ": is not a regular file");
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return absl::ErrnoToStatus(errno != 0 ? errno : EIO, path.string());
  std::string text(kMaxFileBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return absl::DataLossError(path.string() + ": reading failed");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kMaxFileBytes) {
    return absl::ResourceExhaustedError(path.string() + ": is larger than 1 MiB");
  }
  return text;
}

}  // namespace headroom::kubernetes
