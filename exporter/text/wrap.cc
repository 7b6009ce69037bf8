#include "text/wrap.h"

#include <algorithm>

#include "absl/strings/str_replace.h"

namespace headroom::text {

std::string Wrap(std::string_view text, std::size_t indent) {
  std::string lines;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size() < text.size() ? word.size() + 1 : word.size());
    if (word.empty()) continue;
    if (column > indent && column + 1 + word.size() > kLineWidth) {
      lines.append("\n").append(indent, ' ');
      column = indent;
    } else if (column > indent) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
  }
  return lines + "\n";
}

std::string WrapHelp(std::string_view text) {
  // How CLI11 marks a name that switches off.
  const std::string without_marks = absl::StrReplaceAll(std::string(text), {{"{false}", ""}});
  std::string_view help = without_marks;
  constexpr std::size_t kDescriptions = 30;  // CLI11's column of them
  std::string lines;
  while (!help.empty()) {
    const std::string_view line = help.substr(0, help.find('\n'));
    help.remove_prefix(std::min(line.size() + 1, help.size()));
    const bool is_option = line.starts_with("  ") && line.size() > kDescriptions;
    if (line.size() <= kLineWidth) {
      lines.append(line).append("\n");
    } else if (is_option && line[kDescriptions - 1] == ' ') {
      lines.append(line.substr(0, kDescriptions)) +=
          Wrap(line.substr(kDescriptions), kDescriptions);
    } else {
      lines += Wrap(line, 0);
    }
  }
  return lines;
}

std::string Shorten(std::string_view text, std::size_t width) {
  if (text.size() <= width) return std::string(text);
  const std::size_t tail = (width - 2) / 2;
  std::string shortened(text.substr(0, width - 2 - tail));
  shortened += "..";
  shortened += text.substr(text.size() - tail);
  return shortened;
}

}  // namespace headroom::text
