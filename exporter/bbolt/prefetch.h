#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// What a walk looks at of a leaf is a few cache lines, each far from the one before; to wait for
// one after the other takes longer than all the rest.
namespace headroom::bbolt {

class Prefetcher {
 public:
  // `file` must outlive this.
  Prefetcher(std::string_view file, std::uint32_t page_bytes)
      : file_(file), page_bytes_(page_bytes), pages_(file.size() / page_bytes) {}

  // Asks the processor for what a walk that has come to this child of a branch is going to look at
  // some children later, and does not wait. Looks at where a page says that its records are,
  // though, which may have to be read from the disk.
  void Ahead(std::string_view branch, std::size_t child) const;

 private:
  std::string_view PageOf(std::string_view branch, std::size_t child) const;

  std::string_view file_;
  std::uint32_t page_bytes_;
  std::uint64_t pages_;  // whole ones in the file
};

}  // namespace headroom::bbolt
