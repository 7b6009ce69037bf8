#include "files/small_file.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "absl/status/status.h"

namespace headroom {

absl::StatusOr<std::string> ReadSmallFile(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (error) return absl::ErrnoToStatus(error.value(), path.string());
  if (!std::filesystem::is_regular_file(status)) {
    return absl::InvalidArgumentError(path.string() + ": is not a regular file");
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return absl::ErrnoToStatus(errno != 0 ? errno : EIO, path.string());
  std::string text;
  std::array<char, 4096> piece{};
  while (stream && text.size() <= kMaxSmallFileBytes) {
    stream.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) return absl::DataLossError(path.string() + ": reading failed");
  if (text.size() > kMaxSmallFileBytes) {
    return absl::ResourceExhaustedError(path.string() + ": is larger than 1 MiB");
  }
  return text;
}

}  // namespace headroom
