#include "kubernetes/name_pattern.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace headroom::kubernetes {
namespace {

constexpr std::string_view kSeparators = "-.:_";
constexpr std::string_view kUid = "00000000-0000-0000-0000-000000000000";
// Helm keeps each revision of a release in a Secret of its own: sh.helm.release.v1.NAME.vREVISION.
constexpr std::string_view kHelmRelease = "sh.helm.release.v1.";

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }
bool IsRandom(char c) {
  constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  return kAlphabet.find(c) != std::string_view::npos;
}

// The UID that `text` begins with; empty if there is none.
std::string_view UidOf(std::string_view text) {
  const std::string_view uid = text.substr(0, kUid.size());
  const auto fits = [](char c, char form) { return form == '-' ? c == '-' : IsHex(c); };
  return std::ranges::equal(uid, kUid, fits) ? uid : std::string_view();
}

bool IsGenerated(std::string_view word, bool is_suffix) {
  if (word.empty()) return false;
  const auto digits = std::ranges::count_if(word, IsDigit);
  if (digits == static_cast<std::ptrdiff_t>(word.size())) return true;
  if (word.size() >= 8 && digits > 0 && std::ranges::all_of(word, IsHex)) return true;
  if (word.size() >= 16 && digits > 1) return true;
  return is_suffix && word.size() >= 5 && word.size() <= 10 && std::ranges::all_of(word, IsRandom);
}

std::string_view WithoutNumber(std::string_view word) {
  while (!word.empty() && IsDigit(word.back())) word.remove_suffix(1);
  return word;
}

}  // namespace

std::string_view NamePattern::Read(std::string_view name) {
  pattern_.clear();
  name = name.substr(0, kMaxBytes);
  if (name.starts_with(kHelmRelease)) {
    pattern_.append(kHelmRelease).append("*");
    return pattern_;
  }
  std::string_view separator;
  while (!name.empty()) {
    std::string_view word = UidOf(name);
    const bool is_uid = !word.empty();
    if (!is_uid) word = name.substr(0, name.find_first_of(kSeparators));
    name.remove_prefix(word.size());
    const bool is_generated = is_uid || IsGenerated(word, separator == "-");
    if (!is_generated || !pattern_.ends_with('*')) {
      pattern_ += separator;
      const std::string_view kept = is_generated ? std::string_view() : WithoutNumber(word);
      pattern_ += kept;
      if (kept.size() < word.size()) pattern_ += '*';
    }
    separator = name.substr(0, 1);
    name.remove_prefix(separator.size());
  }
  pattern_ += separator;
  return label_.Fit(pattern_);
}

std::string_view ObjectName(std::string_view key) { return key.substr(key.rfind('/') + 1); }

}  // namespace headroom::kubernetes
