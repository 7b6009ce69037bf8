#include "http/unix_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace headroom::http {

absl::Status RemoveStaleSocket(const std::string& path) {
  struct stat file {};
  if (lstat(path.c_str(), &file) != 0) return absl::OkStatus();  // else listening says why
  if (!S_ISSOCK(file.st_mode)) return absl::AlreadyExistsError(path + " is there and is no socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool refused =
      connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
      errno == ECONNREFUSED;
  close(probe);
  if (!refused) return absl::AlreadyExistsError(path + ": another process listens there");
  unlink(path.c_str());
  return absl::OkStatus();
}

GroupOnlyFiles::GroupOnlyFiles() : before_(umask(0117)) {}

GroupOnlyFiles::~GroupOnlyFiles() { umask(before_); }

}  // namespace headroom::http
