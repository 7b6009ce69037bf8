#pragma once

#include <cstdint>
#include <string_view>
#include <thread>

#include "bbolt/page.h"

namespace headroom::bbolt {

// Goes ahead of a Walk over the same file, in a thread of its own, and looks at what the walk is
// going to look at: so it is this thread that waits for pages to be mapped and read. Takes each
// page as it is and believes nothing of it; looks at no more pages than the file has. Not for a
// walk that is to be paced.
class Scout {
 public:
  // `file` must outlive it.
  explicit Scout(std::string_view file);

 private:
  void Go(const std::stop_token& stop);
  void Touch(PageId id, int depth, const std::stop_token& stop);

  const std::string_view file_;
  std::uint64_t page_bytes_ = 0;
  std::uint64_t pages_left_ = 0;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace headroom::bbolt
