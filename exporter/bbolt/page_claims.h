#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "bbolt/key_bounds.h"
#include "bbolt/page.h"
#include "bbolt/walk.h"

namespace headroom::bbolt {

// The pages of a file that a walk may look at: those that are where they should be, each once, and
// none that it is kept from. Counts what is wrong in the walk's result, which must outlive this.
class PageClaims {
 public:
  // The first two pages.
  static constexpr PageId kMetaPages = 2;

  PageClaims(std::string_view file, std::optional<AdmitPages> admit, WalkResult& result);

  // Below the high-water mark and in the file.
  std::uint64_t pages() const { return seen_.size(); }

  // All of these return false.
  bool Fault(PageId id, std::string_view what);
  bool Misplaced(PageId id) { return Fault(id, "has keys that do not belong there"); }
  bool NotToBeRead(PageId id) { return Fault(id, "is not to be read"); }

  // The header of a page that may be where it should be; nullopt, and a fault, when it is not.
  std::optional<PageHeader> Header(PageId id);

  // To be called before more of a page is looked at than its header and its lowest key: marks all
  // of it as seen, whether or not it proves good. False, and a fault, when a part of it has been
  // seen before or is not to be read; what precedes that part stays marked. No mark is thus made
  // twice, nor is any page checked twice.
  bool Claim(const PageHeader& header);

  std::string_view Bytes(const PageHeader& header) const {
    return file_.substr(header.id * page_bytes_, (header.overflow + 1) * page_bytes_);
  }

  // Asks for what BeginsIn looks at, unless that is in the first page, which Header has asked for.
  template <typename ReadElement>
  bool FirstKeyAdmitted(std::string_view page, std::size_t count, const KeyBounds& range,
                        ReadElement read) const {
    if (!admit_ || count == 0) return true;
    const auto first = read(page, 0);
    if (!first) return true;  // BeginsIn refuses it
    const std::size_t longest =
        std::max(range.from.size(), range.below ? range.below->size() : std::size_t{0});
    const std::size_t looked_at = std::min(first->key.size(), longest);
    const auto at = static_cast<std::uint64_t>(first->key.data() - page.data());
    return at + looked_at <= page_bytes_ ||
           (*admit_)(static_cast<std::uint64_t>(first->key.data() - file_.data()), looked_at);
  }

 private:
  bool Admitted(PageId id, std::uint64_t count) const {
    return !admit_ || (*admit_)(id * page_bytes_, count * page_bytes_);
  }

  const std::string_view file_;
  const std::optional<AdmitPages> admit_;
  const std::uint64_t page_bytes_;
  const std::uint64_t pages_in_file_;  // whole ones
  WalkResult& result_;
  std::vector<bool> seen_;
};

}  // namespace headroom::bbolt
