#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bbolt/page.h"

// What a walk looks at of a leaf is a few cache lines, each far from the one before; to wait for
// one after the other takes longer than all the rest.
namespace headroom::bbolt {

// Calls `look` with every 64th byte of what a walk over a leaf is going to look at. `page` may
// begin with any bytes; only what is in it is told, and of its last kMost records alone: a page may
// be referred to often.
template <typename Look>
void ForEachLine(std::string_view page, Look look) {
  constexpr std::size_t kLine = 64;
  // Of a record: its revision, and of its KeyValue what stands before the value.
  constexpr std::size_t kHead = 3 * kLine;
  constexpr std::size_t kMost = 64;
  const auto header = ReadPageHeader(page);
  if (!header || header->flags != kLeafPage) return;
  const std::size_t last = header->count;
  for (std::size_t i = last; i-- > last - std::min(kMost, last);) {
    const auto element = ReadLeafElement(page, i);
    if (!element) continue;
    const std::size_t end = std::min(kHead, element->key.size() + element->value.size());
    for (std::size_t at = 0; at < end; at += kLine) look(element->key.data() + at);
  }
}

// Asks the processor for what a walk that has come to this child of a branch is going to look at
// some children later, and does not wait. Looks at where a page says that its records are, though,
// which may have to be read from the disk.
void Prefetch(std::string_view file, std::uint32_t page_bytes, std::string_view branch,
              std::size_t child);

}  // namespace headroom::bbolt
