#include "bbolt/paced_page_reader.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

namespace headroom::bbolt {
namespace {

using Clock = std::chrono::steady_clock;

// No page of Linux' page cache is smaller; where they are larger, some are asked for twice.
constexpr std::uint64_t kPageBytes = 4096;
// In one go, between two looks at the clock and at whether to stop.
constexpr std::uint64_t kReadBytes = 64 << 10;
// Debts below are carried on: a sleep has a cost, too.
constexpr std::chrono::milliseconds kShortestSleep{5};
// After one read: it is not interrupted by a stop.
constexpr std::chrono::milliseconds kLongestRest{100};
// What stays in memory behind the reader.
constexpr std::uint64_t kHeldBytes = 1 << 20;

// Blocks that this thread has asked disks for so far.
long BlocksAsked() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_inblock;
}

}  // namespace

PacedPageReader::PacedPageReader(const FileMapping& file, std::uint64_t bytes_per_second,
                                 std::stop_token stop)
    : file_(file),
      per_byte_(1.0 / static_cast<double>(bytes_per_second)),
      stop_(std::move(stop)),
      buffer_(kReadBytes) {
  // Neither a read nor a fault is to bring in more than it is about.
  posix_fadvise(file_.descriptor(), 0, 0, POSIX_FADV_RANDOM);
  madvise(const_cast<char*>(file_.bytes().data()), file_.bytes().size(), MADV_RANDOM);
}

bool PacedPageReader::Fetch(std::uint64_t offset, std::uint64_t bytes) {
  if (fetched_bytes_ >= kHeldBytes) Release();
  const std::uint64_t end = std::min<std::uint64_t>(offset + bytes, file_.bytes().size());
  std::uint64_t page = offset / kPageBytes * kPageBytes;
  while (page < end) {
    if (stop_.stop_requested()) return false;
    const std::uint64_t begin = page;
    const std::uint64_t most = std::min(end, begin + kReadBytes);
    while (page < most && !IsCached(page)) page += kPageBytes;
    if (page > begin) {
      Read({begin, page});
    } else {
      page += kPageBytes;
    }
    fetched_bytes_ += page - begin;
  }
  return !stop_.stop_requested();
}

// Not mincore(2): of a file that is neither its own nor writable, a process learns that all of it
// is there.
bool PacedPageReader::IsCached(std::uint64_t offset) {
  iovec one{.iov_base = buffer_.data(), .iov_len = 1};
  const long asked = BlocksAsked();
  const bool there =
      preadv2(file_.descriptor(), &one, 1, static_cast<off_t>(offset), RWF_NOWAIT) >= 0;
  if (!there && errno != EAGAIN) cache_is_told_ = false;
  // The call does begin to read what is not there, and a fast disk answers before it is over.
  return there && BlocksAsked() == asked;
}

void PacedPageReader::Read(Range range) {
  const auto [offset, end] = range;
  const Clock::time_point begin = Clock::now();
  // Whatever comes of it: the fault that follows meets the same.
  static_cast<void>(
      pread(file_.descriptor(), buffer_.data(), end - offset, static_cast<off_t>(offset)));
  if (cache_is_told_) brought_.push_back(range);
  const Clock::time_point now = Clock::now();
  // A disk that is slow is left to others for as long as it was kept busy.
  const Clock::duration rest = std::min<Clock::duration>(now - begin, kLongestRest);
  const std::chrono::duration<double> price = std::max<std::chrono::duration<double>>(
      now - begin + rest, static_cast<double>(end - offset) * per_byte_);
  paid_until_ = std::max(paid_until_, begin) + std::chrono::duration_cast<Clock::duration>(price);
  if (paid_until_ - now >= kShortestSleep) std::this_thread::sleep_until(paid_until_);
}

void PacedPageReader::Release() {
  // First, because mapped pages stay in the page cache, also those that etcd has mapped meanwhile.
  madvise(const_cast<char*>(file_.bytes().data()), file_.bytes().size(), MADV_DONTNEED);
  std::sort(brought_.begin(), brought_.end());
  for (std::size_t i = 0; i < brought_.size();) {
    Range range = brought_[i];
    while (++i < brought_.size() && brought_[i].first <= range.second) {
      range.second = std::max(range.second, brought_[i].second);
    }
    posix_fadvise(file_.descriptor(), static_cast<off_t>(range.first),
                  static_cast<off_t>(range.second - range.first), POSIX_FADV_DONTNEED);
  }
  brought_.clear();
  fetched_bytes_ = 0;
}

}  // namespace headroom::bbolt
