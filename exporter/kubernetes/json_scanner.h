#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace headroom::kubernetes {

// Goes over a JSON text in place to pick a few values out of it: no tree, no allocation, no
// recursion (what is passed over may nest as deep as it likes). It is no validator: what is not
// JSON ends the scan sooner or later, and each step moves on, so work is linear in the text.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  // Calls `on_key(key)` for each key of the object that comes next; `on_key` must take the value
  // that follows. A value that is no object is passed over.
  template <typename OnKey>
  void ForEachKey(OnKey on_key) {
    if (!Enter('{')) return SkipValue();
    std::string_view key;
    while (NextKey(key)) on_key(key);
  }
  // Calls `on_element()` for each element of the array that comes next; `on_element` must take it.
  // A value that is no array is passed over.
  template <typename OnElement>
  void ForEachElement(OnElement on_element) {
    if (!Enter('[')) return SkipValue();
    while (NextElement()) {
      const std::size_t before = at_;
      on_element();
      if (at_ == before) return;
    }
  }
  // Sets `raw` to the string that comes next, as it stands between its quotes; any other value is
  // passed over.
  void TakeString(std::string_view& raw);
  void SkipValue();
  // The value that comes next, as it stands in the text.
  std::string_view TakeValue();
  // What has not been read yet.
  std::string_view Rest() const { return text_.substr(at_); }
  // Ends the scan, with the loops over keys and elements that it is in.
  void Stop() { at_ = text_.size(); }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void SkipAnyOf(std::string_view characters);
  bool Enter(char bracket);
  bool NextElement();
  bool NextKey(std::string_view& key);
  std::string_view ReadString();

  std::string_view text_;
  std::size_t at_ = 0;
};

// Resolves the escapes of a JSON string into `buffer`, as far as it fits, and returns the part of
// it that is used. What no escape stands for becomes '?'.
std::string_view UnescapeJson(std::string_view raw, std::span<char> buffer);

}  // namespace headroom::kubernetes
