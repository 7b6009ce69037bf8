#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace headroom::kubernetes {

// JsonScanner for the CBOR that kube-apiserver stores (RFC 8949; strings of either kind, all
// lengths given): in place, no allocation, no recursion, linear in the bytes.
class CborScanner {
 public:
  // `bytes`: with or without the tag of self-described CBOR in front.
  explicit CborScanner(std::string_view bytes);

  // As those of JsonScanner.
  template <typename OnKey>
  void ForEachKey(OnKey on_key) {
    const auto head = Peek();
    if (!head || head->major != kMap) return SkipValue();
    Take(*head);
    std::string_view key;
    for (std::uint64_t i = 0; i < head->argument && TakeText(key); ++i) on_key(key);
  }
  template <typename OnElement>
  void ForEachElement(OnElement on_element) {
    const auto head = Peek();
    if (!head || head->major != kArray) return SkipValue();
    Take(*head);
    for (std::uint64_t i = 0; i < head->argument && !bytes_.empty(); ++i) on_element();
  }
  void TakeString(std::string_view& text) {
    if (!TakeText(text)) SkipValue();
  }
  void SkipValue();
  std::string_view TakeValue();
  std::string_view Rest() const { return bytes_; }
  void Stop() { bytes_ = {}; }

 private:
  static constexpr int kByteString = 2;
  static constexpr int kTextString = 3;
  static constexpr int kArray = 4;
  static constexpr int kMap = 5;
  static constexpr int kTag = 6;

  struct Head {
    int major = 0;
    std::uint64_t argument = 0;  // a length, a count, or the value itself
    std::size_t size = 0;        // of the head, in bytes
  };
  // nullopt at the end and before what has no given length.
  std::optional<Head> Peek() const;
  void Take(const Head& head) { bytes_.remove_prefix(head.size); }
  bool TakeText(std::string_view& text);

  std::string_view bytes_;
};

}  // namespace headroom::kubernetes
