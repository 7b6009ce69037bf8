#include "bbolt/page_claims.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace headroom::bbolt {

PageClaims::PageClaims(std::string_view file, std::optional<AdmitPages> admit, WalkResult& result)
    : file_(file),
      admit_(std::move(admit)),
      page_bytes_(result.meta.page_bytes),
      pages_in_file_(file.size() / page_bytes_),
      result_(result),
      seen_(std::min(result.meta.high_water, pages_in_file_)) {}

bool PageClaims::Fault(PageId id, std::string_view what) {
  ++result_.unreadable_pages;
  if (result_.first_fault.empty())
    result_.first_fault = absl::StrCat("page ", id, ": ", std::string(what));
  return false;
}

std::optional<PageHeader> PageClaims::Header(PageId id) {
  const auto fault = [&](std::string_view what) {
    Fault(id, what);
    return std::nullopt;
  };
  if (id < kMetaPages || id >= result_.meta.high_water) return fault("is not one of the file's");
  if (id >= pages_in_file_) return fault("is behind the end of the file");
  if (seen_[id]) return fault("is in use twice");
  if (!Admitted(id, 1)) {
    NotToBeRead(id);
    return std::nullopt;
  }
  const auto header = ReadPageHeader(file_.substr(id * page_bytes_, page_bytes_));
  if (!header || header->id != id) return fault("has another page's number");
  if (header->overflow >= seen_.size() - id) return fault("is larger than the file");
  return header;
}

bool PageClaims::Claim(const PageHeader& header) {
  for (PageId id = header.id; id <= header.id + header.overflow; ++id) {
    if (seen_[id]) return Fault(header.id, "is in use twice");
    seen_[id] = true;
  }
  // All of it: by now its first page may have been let go.
  if (header.overflow == 0 || Admitted(header.id, header.overflow + std::uint64_t{1})) return true;
  return NotToBeRead(header.id);
}

}  // namespace headroom::bbolt
