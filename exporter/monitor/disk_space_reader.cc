#include "monitor/disk_space_reader.h"

#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "logging/log.h"

namespace headroom {

DiskSpaceReader::DiskSpaceReader(std::string file,
                                 std::function<std::optional<DiskSpace>(const std::string&)> read)
    : file_(std::move(file)), read_(std::move(read)) {}

std::optional<DiskSpace> DiskSpaceReader::Read(Deadline deadline) {
  std::unique_lock lock(state_->mutex);
  if (!state_->reading) {
    try {
      std::thread([state = state_, read = read_, file = file_] {
        const auto space = read(file);
        const std::lock_guard guard(state->mutex);
        state->space = space;
        state->reading = false;
        ++state->finished;
        state->changed.notify_all();
      }).detach();
    } catch (const std::system_error&) {
      return std::nullopt;  // there is no thread left just now
    }
    state_->reading = true;
  }
  const std::uint64_t before = state_->finished;
  const bool answered =
      state_->changed.wait_until(lock, deadline, [&] { return state_->finished != before; });
  if (silent_ == answered) {
    silent_ = !answered;
    if (silent_) {
      log::Warn("the file system of etcd's data does not answer; its free space is not known",
                {{"file", file_}});
    } else {
      log::Info("the file system of etcd's data answers again", {{"file", file_}});
    }
  }
  return answered ? state_->space : std::nullopt;
}

}  // namespace headroom
