#pragma once

#include <optional>
#include <span>
#include <string_view>

// The pages of rules/runbooks and rules/reference, as Markdown: part of the binary, so that they
// can be read where nothing else is up.
namespace headroom::runbooks {

struct Page {
  std::string_view path;  // "runbooks/EtcdHeadroomAlmostFull.md"
  std::string_view text;
};

// By path.
std::span<const Page> All();

std::optional<std::string_view> Find(std::string_view path);

}  // namespace headroom::runbooks
