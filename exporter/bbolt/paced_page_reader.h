#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <utility>
#include <vector>

#include "bbolt/file_mapping.h"

namespace headroom::bbolt {

// Brings a mapped file into memory piece by piece for a reader that is not to be noticed. What the
// page cache has is there at once; the rest is read at no more than a given pace, alone and not
// ahead, keeping the disk busy half of the time at most. Behind the reader the pages leave this
// process, and what it has brought into the page cache leaves that too, so that a reading neither
// grows the process nor takes the place of what others need.
//
// For one thread. `file` must outlive it.
class PacedPageReader {
 public:
  PacedPageReader(const FileMapping& file, std::uint64_t bytes_per_second, std::stop_token stop);
  PacedPageReader(const PacedPageReader&) = delete;
  PacedPageReader& operator=(const PacedPageReader&) = delete;
  ~PacedPageReader() { Release(); }

  // Returns when that part of the file may be looked at without waiting for the disk; what was
  // fetched before may have left again. False, and soon, when `stop` is requested. What cannot be
  // read is noted by FileMapping alone.
  bool Fetch(std::uint64_t offset, std::uint64_t bytes);

 private:
  using Range = std::pair<std::uint64_t, std::uint64_t>;  // offset, end

  bool IsCached(std::uint64_t offset);
  void Read(Range range);
  void Release();

  const FileMapping& file_;
  const std::chrono::duration<double> per_byte_;
  const std::stop_token stop_;
  std::chrono::steady_clock::time_point paid_until_;  // what was read is paid for by time

  bool cache_is_told_ = true;        // the file system says what the page cache has
  std::uint64_t fetched_bytes_ = 0;  // since the last Release
  std::vector<Range> brought_;       // into the page cache since then
  std::vector<char> buffer_;
};

}  // namespace headroom::bbolt
