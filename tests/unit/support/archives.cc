#include "support/archives.h"

#include <zlib.h>

namespace headroom::test {
namespace {

std::string Deflate(std::string_view text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string Numbers(const std::vector<std::uint16_t>& numbers) {
  std::string bytes;
  for (const std::uint16_t number : numbers) {
    bytes += static_cast<char>(number & 0xffU);
    bytes += static_cast<char>(number >> 8U);
  }
  return bytes;
}

std::string Long(std::uint64_t number) {
  return Numbers({static_cast<std::uint16_t>(number & 0xffffU),
                  static_cast<std::uint16_t>(number >> 16U & 0xffffU)});
}

}  // namespace

std::string Gzip(std::string_view text) { return Deflate(text, 15 + 16); }

std::string Zip(const std::vector<ZipEntry>& entries, std::string_view comment) {
  std::string zip;
  std::string directory;
  for (const ZipEntry& entry : entries) {
    const std::string packed = entry.stored ? entry.text : Deflate(entry.text, -15);
    const auto method =
        static_cast<std::uint16_t>(entry.method != 0 ? entry.method : (entry.stored ? 0 : 8));
    const std::string sizes = Long(crc32(0, reinterpret_cast<const Bytef*>(entry.text.data()),
                                         static_cast<uInt>(entry.text.size()))) +
                              Long(entry.zip64 ? 0xffffffff : packed.size()) +
                              Long(entry.zip64 ? 0xffffffff : entry.text.size());
    const std::string common = Numbers({20, entry.flags, method, 0, 0}) + sizes;
    const auto name_bytes = static_cast<std::uint16_t>(entry.name.size());
    directory += "PK\1\2" + Numbers({20}) + common + Numbers({name_bytes, 0, 0, 0, 0, 0, 0}) +
                 Long(zip.size()) + entry.name;
    zip += "PK\3\4" + common + Numbers({name_bytes, 0}) + entry.name + packed;
  }
  const auto count = static_cast<std::uint16_t>(entries.size());
  return zip + directory + "PK\5\6" + Numbers({0, 0, count, count}) + Long(directory.size()) +
         Long(zip.size()) + Numbers({static_cast<std::uint16_t>(comment.size())}) +
         std::string(comment);
}

}  // namespace headroom::test
