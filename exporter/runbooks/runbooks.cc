#include "runbooks/runbooks.h"

#include <algorithm>

namespace headroom::runbooks {

std::optional<std::string_view> Find(std::string_view path) {
  const auto pages = All();
  const auto found = std::ranges::find(pages, path, &Page::path);
  return found == pages.end() ? std::nullopt : std::optional(found->text);
}

}  // namespace headroom::runbooks
