#include "node/environment.h"

#include <utility>

namespace headroom::node {
namespace {

constexpr std::string_view kUnknownText("\0", 1);
constexpr size_t kMaxPrintable = 80;

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// The length of the variable name at the front of `text`; 0 when there is none.
size_t VariableNameLength(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && (IsNameStart(text[length]) ||
                                  (length > 0 && text[length] >= '0' && text[length] <= '9'))) {
    ++length;
  }
  return length;
}

}  // namespace

bool IsUnknown(std::string_view text) { return text.find(kUnknown) != std::string_view::npos; }

std::string MessageText(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (result.size() >= kMaxPrintable) {
      result += "...";
      break;
    }
    if (c == kUnknown) continue;
    result.push_back(c > ' ' && c <= '~' ? c : ' ');
  }
  return result;
}

void Environment::Set(const std::string& name, std::string value) {
  if (value.size() > kMaxArgumentBytes) value = kUnknownText;
  variables_[name] = std::move(value);
}

std::optional<std::string_view> Environment::Get(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found != variables_.end()) return found->second;
  if (complete_) return std::nullopt;
  return kUnknownText;
}

std::string ExpandReferences(std::string_view text, const Environment& environment) {
  std::string result;
  while (!text.empty() && result.size() <= kMaxArgumentBytes) {
    const size_t dollar = text.find('$');
    result.append(text.substr(0, dollar));
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar);
    const size_t name_length = text.starts_with("$(") ? VariableNameLength(text.substr(2)) : 0;
    if (text.starts_with("$$")) {
      result.push_back('$');
      text.remove_prefix(2);
    } else if (name_length > 0 && text.substr(2 + name_length).starts_with(")")) {
      const std::string_view reference = text.substr(0, name_length + 3);
      const auto value = environment.Get(reference.substr(2, name_length));
      if (value && !IsUnknown(*value)) {
        result.append(*value);
      } else {
        result.push_back(kUnknown);
        result.append(reference);
      }
      text.remove_prefix(reference.size());
    } else {
      result.push_back('$');
      text.remove_prefix(1);
    }
  }
  return result.size() <= kMaxArgumentBytes ? result : std::string(kUnknownText);
}

}  // namespace headroom::node
