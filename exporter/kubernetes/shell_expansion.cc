#include "kubernetes/shell_expansion.h"

#include <limits>
#include <optional>
#include <string>

#include "kubernetes/go_values.h"

namespace headroom::kubernetes {
namespace {

using Kind = ShellPart::Kind;

// The length up to and including the `close` that belongs to the `open` in `text`, which it starts
// with. npos when there is none.
size_t BalancedLength(std::string_view text, char open, char close) {
  size_t depth = 0;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'') {
      ++i;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == open) {
      ++depth;
    } else if (c == close && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// "8*1024 * 1024": the usual way to write a quota.
std::optional<std::string> Product(std::string_view text) {
  int64_t product = 1;
  while (true) {
    const size_t star = text.find('*');
    const std::string_view factor = Trimmed(text.substr(0, star));
    const auto value = factor.starts_with('0') ? std::nullopt : ParseGoDecimal(factor);
    if (!value || *value <= 0 || product > std::numeric_limits<int64_t>::max() / *value) {
      return std::nullopt;
    }
    product *= *value;
    if (star == std::string_view::npos) return std::to_string(product);
    text.remove_prefix(star + 1);
  }
}

// What stands between the braces of `${...}`.
ShellPart BracedPart(std::string_view source, std::string_view inside, bool quoted) {
  const size_t length = VariableNameLength(inside);
  const std::string_view after = inside.substr(length);
  Kind kind = Kind::kOther;
  if (length > 0 && after.empty()) {
    kind = Kind::kVariable;
  } else if (length > 0 && (after.starts_with(":-") || after.starts_with(":?") ||
                            after.starts_with('-') || after.starts_with('?'))) {
    kind = Kind::kVariableIfNotEmpty;
  }
  const std::string_view text = kind == Kind::kOther ? source : inside.substr(0, length);
  return {.kind = kind, .text = std::string(text), .quoted = quoted};
}

ShellPart ParenthesizedPart(std::string_view source, bool quoted) {
  if (source.starts_with("$((") && source.ends_with("))") && source.size() > 5) {
    if (const auto product = Product(source.substr(3, source.size() - 5))) {
      return {.kind = Kind::kText, .text = *product, .quoted = quoted};
    }
  }
  return {.kind = Kind::kOther, .text = std::string(source), .quoted = quoted};
}

size_t BackquotedLength(std::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '`') return i + 1;
    if (text[i] == '\\') ++i;
  }
  return std::string_view::npos;
}

// The length of the expansion at the front of `text`; 1 for a `$` that starts none.
size_t ExpansionLength(std::string_view text) {
  if (text.front() == '`') return BackquotedLength(text);
  if (text.size() == 1) return 1;
  const size_t name = VariableNameLength(text.substr(1));
  if (name > 0) return 1 + name;
  if (text[1] != '(' && text[1] != '{') {
    return std::string_view("@*#?$!-0123456789").find(text[1]) != std::string_view::npos ? 2 : 1;
  }
  const size_t bracket = BalancedLength(text.substr(1), text[1], text[1] == '(' ? ')' : '}');
  return bracket == std::string_view::npos ? bracket : bracket + 1;
}

}  // namespace

absl::Status TakeShellExpansion(std::string_view& text, bool quoted, std::vector<ShellPart>& word) {
  const size_t length = ExpansionLength(text);
  if (length == std::string_view::npos) {
    return absl::InvalidArgumentError("an expansion without end");
  }
  const std::string_view source = text.substr(0, length);
  text.remove_prefix(length);
  if (source == "$") {
    // $'...' has escapes of its own; they are rare enough to stay unread.
    const bool ansi = !quoted && text.starts_with('\'');
    if (!ansi) {
      // $"..." is a translated string: the quotes alone count.
      if (quoted || !text.starts_with('"')) word.push_back({.text = "$", .quoted = true});
      return absl::OkStatus();
    }
    word.push_back({.kind = Kind::kOther, .text = "$'", .quoted = true});
  } else if (source.starts_with("${")) {
    word.push_back(BracedPart(source, source.substr(2, length - 3), quoted));
  } else if (source.starts_with("$(")) {
    word.push_back(ParenthesizedPart(source, quoted));
  } else if (VariableNameLength(source.substr(1)) + 1 == length) {
    word.push_back(
        {.kind = Kind::kVariable, .text = std::string(source.substr(1)), .quoted = quoted});
  } else {
    word.push_back({.kind = Kind::kOther, .text = std::string(source), .quoted = quoted});
  }
  return absl::OkStatus();
}

}  // namespace headroom::kubernetes
