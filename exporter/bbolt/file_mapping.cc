#include "bbolt/file_mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"

namespace headroom::bbolt {
namespace {

// The one mapping there is, for the handler of a signal.
struct Guarded {
  std::atomic<std::uintptr_t> begin = 0;
  std::atomic<std::uintptr_t> end = 0;
  std::atomic<int> file = -1;
  std::atomic<bool> lost = false;
};
Guarded guarded;
std::atomic<bool> taken = false;
struct sigaction previous;

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free, "read by a signal handler");

bool MapZeros(std::uintptr_t begin, std::uintptr_t end) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the address is the kernel's
  void* const at = reinterpret_cast<void*>(begin);
  return mmap(at, end - begin, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
         MAP_FAILED;
}

// Puts zeros where the file cannot be read and lets the read go on. Only system calls in here.
void OnBusError(int signal, siginfo_t* info, void* /*context*/) {
  const int saved = errno;
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const std::uintptr_t begin = guarded.begin;
  const std::uintptr_t end = guarded.end;
  const std::uintptr_t fault = reinterpret_cast<std::uintptr_t>(info->si_addr) / page * page;
  struct stat now {};
  if (fault >= begin && fault < end && fstat(guarded.file, &now) == 0) {
    guarded.lost = true;
    // Behind the end of a file that was cut short nothing can be read any more; a bad block is one.
    const bool cut_short = fault - begin >= static_cast<std::uintptr_t>(now.st_size);
    if ((!cut_short && MapZeros(fault, fault + page)) || MapZeros(fault, end)) {
      errno = saved;
      return;
    }
  }
  sigaction(signal, &previous, nullptr);  // not ours: it comes again, and does what it did before
  errno = saved;
}

// With two threads where it is large: of 2 GiB, the kernel has half a million pages to see to.
void Release(char* data, std::size_t size) {
  constexpr std::size_t kLarge = std::size_t{64} << 20U;
  const std::size_t half = size / 2 / kLarge * kLarge;
  std::optional<std::jthread> helper;
  try {
    if (half > 0) helper.emplace([=] { madvise(data, half, MADV_DONTNEED); });
  } catch (const std::system_error&) {  // no more threads: it takes longer
  }
  madvise(data + half, size - half, MADV_DONTNEED);
  helper.reset();
  munmap(data, size);
}

absl::Status Failure(const std::string& path) { return absl::ErrnoToStatus(errno, path); }

}  // namespace

absl::StatusOr<FileMapping> FileMapping::Open(const std::string& path) {
  if (taken.exchange(true)) {
    return absl::FailedPreconditionError(path + ": another file is being read");
  }
  absl::Cleanup give_back = [] { taken = false; };
  // Not blocking: opening a pipe would wait for its writer.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return Failure(path);
  absl::Cleanup close_file = [file] { close(file); };
  struct stat status {};
  if (fstat(file, &status) != 0) return Failure(path);
  if (!S_ISREG(status.st_mode)) return absl::InvalidArgumentError(path + ": is not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return absl::InvalidArgumentError(path + ": is empty");
  void* const data = mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  if (data == MAP_FAILED) return Failure(path);

  guarded.begin = reinterpret_cast<std::uintptr_t>(data);
  guarded.end = guarded.begin + size;
  guarded.file = file;
  guarded.lost = false;
  struct sigaction action {};
  action.sa_sigaction = OnBusError;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGBUS, &action, &previous);
  std::move(close_file).Cancel();
  std::move(give_back).Cancel();
  return FileMapping(static_cast<const char*>(data), size);
}

FileMapping::FileMapping(FileMapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

FileMapping::~FileMapping() {
  if (data_ == nullptr) return;
  sigaction(SIGBUS, &previous, nullptr);
  Release(const_cast<char*>(data_), size_);
  guarded.begin = guarded.end = 0;
  close(guarded.file);
  taken = false;
}

bool FileMapping::lost() const { return guarded.lost; }

int FileMapping::descriptor() const { return guarded.file; }

}  // namespace headroom::bbolt
