#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bbolt/page.h"

// Whether a page of a tree has the keys that belong there.
namespace headroom::bbolt {

// The keys of a page: at least `from`, and less than `below` where there is one.
struct KeyBounds {
  std::string_view from;
  std::optional<std::string_view> below;
};

// Whether a page's lowest key, if it has one, is in that range. No more is compared than the
// range's own keys have bytes.
template <typename ReadElement>
bool BeginsIn(std::string_view page, std::size_t count, KeyBounds range, ReadElement read) {
  if (count == 0) return true;
  const auto first = read(page, 0);
  return first && first->key >= range.from && (!range.below || first->key < *range.below);
}

// The bytes of all elements if they are within the page, do not overlap more than fits, and have
// ascending keys in that range; else nullopt. Compares no more bytes than the page has.
template <typename ReadElement>
std::optional<std::uint64_t> BytesInOrder(std::string_view page, std::size_t count, KeyBounds range,
                                          ReadElement read) {
  std::uint64_t used = kPageHeaderBytes;
  for (std::size_t i = 0; i < count; ++i) {
    const auto element = read(page, i);
    if (!element) return std::nullopt;
    const std::string_view key = element->key;
    used += kElementBytes + key.size();
    if constexpr (requires { element->value; }) used += element->value.size();
    if (used > page.size()) return std::nullopt;
    if (i == 0 ? key < range.from : key <= range.from) return std::nullopt;
    range.from = key;
  }
  if (count > 0 && range.below && range.from >= *range.below) return std::nullopt;
  return used - kPageHeaderBytes;
}

}  // namespace headroom::bbolt
