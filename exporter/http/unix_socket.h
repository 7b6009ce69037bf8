#pragma once

#include <string>

#include "absl/status/status.h"

namespace headroom::http {

// Removes the socket that a process which was killed has left at `path`. AlreadyExists when
// somebody listens there, or when it is no socket.
absl::Status RemoveStaleSocket(const std::string& path);

// While it lives, files of this process are made for its user and group alone. A client that may
// open a socket may read the pages.
class GroupOnlyFiles {
 public:
  GroupOnlyFiles();
  GroupOnlyFiles(const GroupOnlyFiles&) = delete;
  GroupOnlyFiles& operator=(const GroupOnlyFiles&) = delete;
  ~GroupOnlyFiles();

 private:
  unsigned before_;
};

}  // namespace headroom::http
