#include "http/bar.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "text/human.h"

namespace headroom::http {

std::string Bar(std::string_view says, std::initializer_list<double> parts, const char* look) {
  std::string bar = absl::StrCat("<div class=\"bar", look, R"(" role="img" aria-label=")",
                                 text::EscapeHtml(says), "\">");
  for (const double part : parts) {
    absl::StrAppendFormat(&bar, "<i style=\"width:%.1f%%\"></i>", 100 * std::clamp(part, 0.0, 1.0));
  }
  return bar + "</div>";
}

}  // namespace headroom::http
