#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "etcd/deadline.h"
#include "files/disk_space.h"

namespace headroom {

// Free space and size of the file system that holds a file, read when asked. A file system that
// does not answer (a network file system without its server) must not hold the page: the read is
// done by a thread of its own, at most one at a time, and nobody waits longer than their
// deadline.
class DiskSpaceReader {
 public:
  // `read` is ReadDiskSpace but for tests; it may be running when this object goes.
  explicit DiskSpaceReader(
      std::string file,
      std::function<std::optional<DiskSpace>(const std::string&)> read = &ReadDiskSpace);

  // As of now; nullopt when it cannot be read, or not by `deadline`. Logs once when the file system
  // stops answering. Thread-safe; calls at the same time share one read.
  std::optional<DiskSpace> Read(Deadline deadline);

 private:
  // Shared with the thread, which may outlive the reader.
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    bool reading = false;
    std::uint64_t finished = 0;  // reads
    std::optional<DiskSpace> space;
  };

  const std::string file_;
  const std::function<std::optional<DiskSpace>(const std::string&)> read_;
  const std::shared_ptr<State> state_ = std::make_shared<State>();
  bool silent_ = false;  // guarded by the state's mutex
};

}  // namespace headroom
