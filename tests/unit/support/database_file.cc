#include "support/database_file.h"

#include <algorithm>

#include "support/wire.h"

namespace headroom::test {
namespace {

constexpr std::size_t kHeader = 16;
constexpr std::size_t kElement = 16;

template <typename Number>
std::string Raw(Number number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

std::uint32_t Size(std::string_view text) { return static_cast<std::uint32_t>(text.size()); }

std::string LeafElements(const std::vector<Record>& records) {
  std::string elements;
  std::string data;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto& [key, value, is_bucket] = records[i];
    const auto position = (records.size() - i) * kElement + data.size();
    elements += Raw(std::uint32_t{is_bucket}) + Raw(static_cast<std::uint32_t>(position)) +
                Raw(Size(key)) + Raw(Size(value));
    data += key + value;
  }
  return elements + data;
}

std::string Header(std::uint64_t id, std::uint16_t flags, std::size_t count,
                   std::uint32_t overflow) {
  return Raw(id) + Raw(flags) + Raw(static_cast<std::uint16_t>(count)) + Raw(overflow);
}

std::string BigEndian(std::int64_t number) {
  std::string bytes = Raw(number);
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

}  // namespace

DatabaseFile::DatabaseFile(std::size_t bytes_of_a_page)
    : bytes(2 * bytes_of_a_page, '\0'), page_bytes(bytes_of_a_page) {}

std::uint64_t DatabaseFile::Add(std::uint16_t flags, std::size_t count, std::string_view elements) {
  const std::uint64_t id = pages();
  const std::size_t overflow = (kHeader + elements.size() - 1) / page_bytes;
  bytes += Header(id, flags, count, static_cast<std::uint32_t>(overflow));
  bytes += elements;
  bytes.resize((id + overflow + 1) * page_bytes, '\0');
  return id;
}

std::uint64_t DatabaseFile::Leaf(const std::vector<Record>& records) {
  return Add(0x02, records.size(), LeafElements(records));
}

std::uint64_t DatabaseFile::Branch(
    const std::vector<std::pair<std::string, std::uint64_t>>& children) {
  std::string elements;
  std::string data;
  for (std::size_t i = 0; i < children.size(); ++i) {
    const auto& [key, child] = children[i];
    const auto position = (children.size() - i) * kElement + data.size();
    elements += Raw(static_cast<std::uint32_t>(position)) + Raw(Size(key)) + Raw(child);
    data += key;
  }
  return Add(0x01, children.size(), elements + data);
}

std::uint64_t DatabaseFile::Free(std::size_t count) {
  const std::uint64_t id = pages();
  bytes.resize(bytes.size() + count * page_bytes, '\0');
  return id;
}

void DatabaseFile::Buckets(std::vector<Record> buckets) {
  std::sort(buckets.begin(), buckets.end(),
            [](const Record& a, const Record& b) { return a.key < b.key; });
  const std::uint64_t root = Leaf(buckets);
  WriteMeta(0, {.root = root, .high_water = pages(), .transaction = 10});
  WriteMeta(1, {.root = root, .high_water = pages(), .transaction = 9});
}

Record DatabaseFile::Bucket(std::string name, std::uint64_t root) {
  return {std::move(name), Raw(root) + Raw(std::uint64_t{0}), true};
}

Record DatabaseFile::Inline(std::string name, const std::vector<Record>& records) {
  return {std::move(name),
          std::string(16, '\0') + Header(0, 0x02, records.size(), 0) + LeafElements(records), true};
}

void DatabaseFile::WriteMeta(std::size_t which, const Meta& meta) {
  std::string text = Raw(meta.magic) + Raw(meta.version) +
                     Raw(static_cast<std::uint32_t>(page_bytes)) + Raw(std::uint32_t{0}) +
                     Raw(meta.root) + Raw(std::uint64_t{0}) + Raw(meta.freelist) +
                     Raw(meta.high_water) + Raw(meta.transaction);
  std::uint64_t checksum = 14695981039346656037U;  // FNV-1a
  for (const char byte : text) {
    checksum = (checksum ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  }
  text = Header(which, 0x04, 0, 0) + text + Raw(checksum);
  bytes.replace(which * page_bytes, text.size(), text);
}

std::string RevisionKey(std::int64_t main, bool tombstone, std::int64_t sub) {
  return BigEndian(main) + "_" + BigEndian(sub) + (tombstone ? "t" : "");
}

Record Put(std::int64_t revision, std::string_view key, std::string_view value, std::int64_t sub) {
  return {RevisionKey(revision, false, sub),
          Bytes(1, key) + Number(2, 1) + Number(3, static_cast<std::uint64_t>(revision)) +
              Number(4, 1) + Bytes(5, value) + Number(6, 0x7fff)};
}

Record Delete(std::int64_t revision, std::string_view key, std::int64_t sub) {
  return {RevisionKey(revision, true, sub), Bytes(1, key)};
}

}  // namespace headroom::test
