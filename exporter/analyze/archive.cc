#include "analyze/archive.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace headroom::analyze {
namespace {

constexpr int kRawDeflate = -15;      // zlib's window bits for a stream without a header
constexpr int kGzipHeader = 15 + 16;  // and for gzip's
constexpr std::size_t kPieceBytes = std::size_t{256} << 10U;

// PKWARE's APPNOTE.TXT, 4.3.7, 4.3.12 and 4.3.16.
constexpr std::string_view kLocalHeader = "PK\3\4";
constexpr std::string_view kCentralHeader = "PK\1\2";
constexpr std::string_view kEndOfDirectory = "PK\5\6";
constexpr std::size_t kLocalHeaderBytes = 30;
constexpr std::size_t kCentralHeaderBytes = 46;
constexpr std::size_t kEndOfDirectoryBytes = 22;
constexpr std::size_t kMostCommentBytes = 0xffff;
constexpr std::uint32_t kInZip64 = 0xffffffff;
constexpr unsigned kEncrypted = 1;
constexpr std::uint32_t kStored = 0;
constexpr std::uint32_t kDeflated = 8;

// A little-endian number of 2 or 4 bytes at an offset within `bytes`.
std::uint32_t Number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = size; i-- > 0;) {
    number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

absl::Status Damaged(std::string_view what) {
  return absl::DataLossError(absl::StrCat(
      std::string(what), " is damaged or was cut short: copy it again, or take an older one"));
}

absl::Status UnzipYourself(std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(
      "is a zip file ", std::string(why), ": unpack it with unzip and give the snapshot in it"));
}

// What a stream came to.
struct Inflated {
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;
  std::string_view rest;  // of the input behind it
};

// One stream of zlib's from the beginning of `packed`.
absl::StatusOr<Inflated> Inflate(std::string_view packed, int window_bits, std::string_view what,
                                 TakeBytes take) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) return absl::InternalError("zlib cannot begin");
  const absl::Cleanup end = [&stream] { inflateEnd(&stream); };
  std::vector<char> piece(kPieceBytes);
  Inflated inflated;
  for (;;) {
    if (stream.avail_in == 0) {
      // zlib does not write to its input.
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
      stream.avail_in = static_cast<uInt>(std::min(packed.size(), kPieceBytes));
      packed.remove_prefix(stream.avail_in);
    }
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    const std::string_view bytes(piece.data(), piece.size() - stream.avail_out);
    if (result != Z_OK && result != Z_STREAM_END) return Damaged(what);
    inflated.bytes += bytes.size();
    inflated.crc =
        static_cast<std::uint32_t>(crc32(inflated.crc, reinterpret_cast<const Bytef*>(bytes.data()),
                                         static_cast<uInt>(bytes.size())));
    if (!bytes.empty()) {
      if (absl::Status taken = take(bytes); !taken.ok()) return taken;
    }
    if (result == Z_STREAM_END) break;
    if (stream.avail_in == 0 && packed.empty() && stream.avail_out > 0) return Damaged(what);
  }
  inflated.rest = {packed.data() - stream.avail_in, packed.size() + stream.avail_in};
  return inflated;
}

// All members: gzip files may be put one behind the other. Zeros behind them are padding.
absl::Status Gunzip(std::string_view packed, TakeBytes take) {
  constexpr std::string_view kWhat = "the gzip file";
  do {
    const auto inflated = Inflate(packed, kGzipHeader, kWhat, take);
    if (!inflated.ok()) return inflated.status();
    packed = inflated->rest;
  } while (PackingOf(packed) == Packing::kGzip);
  return packed.find_first_not_of('\0') == std::string_view::npos ? absl::OkStatus()
                                                                  : Damaged(kWhat);
}

struct Entry {
  std::uint32_t method = 0;
  std::uint32_t crc = 0;
  std::uint32_t bytes = 0;  // unpacked
  std::string_view packed;
};

// The only one, by the directory at the end of the file.
absl::StatusOr<Entry> OnlyEntry(std::string_view zip) {
  constexpr std::string_view kWhat = "the zip file";
  const std::string_view tail =
      zip.substr(zip.size() - std::min(zip.size(), kEndOfDirectoryBytes + kMostCommentBytes));
  const std::size_t at = tail.rfind(kEndOfDirectory);
  if (at == std::string_view::npos || tail.size() - at < kEndOfDirectoryBytes)
    return Damaged(kWhat);
  const std::string_view end = tail.substr(at);
  const std::uint32_t entries = Number(end, 10, 2);
  const std::uint32_t directory_at = Number(end, 16, 4);
  if (entries == 0xffff || directory_at == kInZip64) return UnzipYourself("of 4 GiB or more");
  if (entries != 1) {
    return UnzipYourself(absl::StrCat("with ", entries, " entries, where a snapshot has one"));
  }
  if (directory_at > zip.size() || zip.size() - directory_at < kCentralHeaderBytes) {
    return Damaged(kWhat);
  }
  const std::string_view central = zip.substr(directory_at, kCentralHeaderBytes);
  if (!central.starts_with(kCentralHeader)) return Damaged(kWhat);
  if ((Number(central, 8, 2) & kEncrypted) != 0) return UnzipYourself("with a password");
  Entry entry{.method = Number(central, 10, 2),
              .crc = Number(central, 16, 4),
              .bytes = Number(central, 24, 4),
              .packed = {}};
  const std::uint32_t packed_bytes = Number(central, 20, 4);
  const std::uint32_t local_at = Number(central, 42, 4);
  if (packed_bytes == kInZip64 || entry.bytes == kInZip64 || local_at == kInZip64) {
    return UnzipYourself("of 4 GiB or more");
  }
  if (entry.method != kStored && entry.method != kDeflated) {
    return UnzipYourself(absl::StrCat("packed by method ", entry.method));
  }
  if (local_at > zip.size() || zip.size() - local_at < kLocalHeaderBytes) return Damaged(kWhat);
  const std::string_view local = zip.substr(local_at, kLocalHeaderBytes);
  if (!local.starts_with(kLocalHeader)) return Damaged(kWhat);
  const std::uint64_t data_at =
      std::uint64_t{local_at} + kLocalHeaderBytes + Number(local, 26, 2) + Number(local, 28, 2);
  if (data_at > zip.size() || zip.size() - data_at < packed_bytes) return Damaged(kWhat);
  entry.packed = zip.substr(data_at, packed_bytes);
  return entry;
}

absl::Status Unzip(std::string_view zip, TakeBytes take) {
  constexpr std::string_view kWhat = "the zip file";
  const auto entry = OnlyEntry(zip);
  if (!entry.ok()) return entry.status();
  if (entry->method == kDeflated) {
    const auto inflated = Inflate(entry->packed, kRawDeflate, kWhat, take);
    if (!inflated.ok()) return inflated.status();
    const bool whole = (inflated->bytes & 0xffffffffU) == entry->bytes && inflated->rest.empty();
    return whole && inflated->crc == entry->crc ? absl::OkStatus() : Damaged(kWhat);
  }
  uLong crc = 0;
  for (std::string_view left = entry->packed; !left.empty();) {
    const std::string piece(left.substr(0, kPieceBytes));  // a copy, as it may change
    crc = crc32(crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size()));
    if (absl::Status taken = take(piece); !taken.ok()) return taken;
    left.remove_prefix(piece.size());
  }
  return crc == entry->crc ? absl::OkStatus() : Damaged(kWhat);
}

}  // namespace

std::optional<Packing> PackingOf(std::string_view file) {
  if (file.starts_with("\x1f\x8b")) return Packing::kGzip;
  if (file.starts_with(kLocalHeader) || file.starts_with(kEndOfDirectory)) return Packing::kZip;
  return std::nullopt;
}

std::string_view Unsupported(std::string_view file) {
  struct Kind {
    std::size_t at;
    std::string_view magic;
    std::string_view what_to_do;
  };
  constexpr std::array<Kind, 5> kKinds{{
      {257, "ustar", "is a tar archive: unpack it with tar -xf and give the snapshot in it"},
      {0, "\x28\xb5\x2f\xfd", "is packed with zstd: unpack it with zstd -d and give the result"},
      {0,
       "\xfd"
       "7zXZ",
       "is packed with xz: unpack it with xz -dk and give the result"},
      {0, "BZh", "is packed with bzip2: unpack it with bzip2 -dk and give the result"},
      {0, "\x04\x22\x4d\x18", "is packed with lz4: unpack it with lz4 -d and give the result"},
  }};
  for (const Kind& kind : kKinds) {
    if (file.size() > kind.at && file.substr(kind.at).starts_with(kind.magic)) {
      return kind.what_to_do;
    }
  }
  return {};
}

absl::Status Unpack(Packing packing, std::string_view archive, TakeBytes take) {
  return packing == Packing::kGzip ? Gunzip(archive, take) : Unzip(archive, take);
}

}  // namespace headroom::analyze
