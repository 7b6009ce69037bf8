#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// bbolt database files put together page by page, right or wrong.
namespace headroom::test {

struct Record {
  std::string key;
  std::string value;
  bool is_bucket = false;
};

class DatabaseFile {
 public:
  explicit DatabaseFile(std::size_t page_bytes = 4096);

  // Adds a page, with as many overflow pages as it takes; returns its id.
  std::uint64_t Leaf(const std::vector<Record>& records);
  std::uint64_t Branch(const std::vector<std::pair<std::string, std::uint64_t>>& children);
  std::uint64_t Free(std::size_t pages);

  // The buckets by name and root page; what Inline made is taken as it is. Writes both meta pages.
  void Buckets(std::vector<Record> buckets);
  static Record Bucket(std::string name, std::uint64_t root);
  static Record Inline(std::string name, const std::vector<Record>& records);

  // A meta page, the first or the second, whose checksum fits what is in it.
  struct Meta {
    std::uint32_t magic = 0xED0CDAED;
    std::uint32_t version = 2;
    std::uint64_t root = 0;
    std::uint64_t freelist = ~std::uint64_t{0};
    std::uint64_t high_water = 0;
    std::uint64_t transaction = 0;
  };
  void WriteMeta(std::size_t which, const Meta& meta);

  // Overwrites a number of the header of a page or anywhere else.
  template <typename Number>
  void Poke(std::size_t at, Number number) {
    bytes.replace(at, sizeof number, reinterpret_cast<const char*>(&number), sizeof number);
  }
  std::size_t At(std::uint64_t page) const { return page * page_bytes; }
  std::uint64_t pages() const { return bytes.size() / page_bytes; }

  std::string bytes;
  std::size_t page_bytes;

 private:
  std::uint64_t Add(std::uint16_t flags, std::size_t count, std::string_view elements);
};

// A key of the bucket of revisions.
std::string RevisionKey(std::int64_t main, bool tombstone = false, std::int64_t sub = 0);
// A put, and a delete, as etcd stores them.
Record Put(std::int64_t revision, std::string_view key, std::string_view value,
           std::int64_t sub = 0);
Record Delete(std::int64_t revision, std::string_view key, std::int64_t sub = 0);

}  // namespace headroom::test
