#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace headroom::kubernetes {

// Longest text of a user's that becomes a label, in bytes. Kubernetes itself allows 128 for an
// Event's reason, and components and kinds are shorter than that.
inline constexpr std::size_t kMaxLabelBytes = 128;

// Foreign text as long as it is, fit to be shown: each control character and each byte that is not
// UTF-8 is '?'.
std::string PrintableText(std::string_view text);

// Makes foreign text fit for a label: cut at kMaxLabelBytes on a character's border, each control
// character and each byte that is not UTF-8 replaced by '?'. Text that is fit already is passed
// through without a copy.
class LabelText {
 public:
  // The result points into `text` or into this object.
  std::string_view Fit(std::string_view text);
  // The same, but the result always points into this object.
  std::string_view Copy(std::string_view text);

 private:
  std::array<char, kMaxLabelBytes> buffer_;
};

}  // namespace headroom::kubernetes
