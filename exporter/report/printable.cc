#include "report/printable.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "kubernetes/label_text.h"

namespace headroom::report {

std::string Printable(std::string_view text) {
  return std::string(kubernetes::LabelText().Fit(text));
}

std::string OneLine(const absl::Status& status) {
  std::string text(status.message());
  std::ranges::replace_if(
      text, [](char c) { return !absl::ascii_isprint(static_cast<unsigned char>(c)); }, ' ');
  return text;
}

std::string OnNode(const std::string& file, const std::string& rootfs) {
  std::string_view path = file;
  std::string_view root = rootfs;
  if (root.ends_with('/')) root.remove_suffix(1);
  if (path.starts_with(root) && path.substr(root.size()).starts_with('/')) {
    path.remove_prefix(root.size());
  }
  return std::string(path);
}

}  // namespace headroom::report
