#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace headroom::analyze {

// The database file behind what an operator gives: the file itself, a data directory, or a packed
// snapshot. Of the latter it holds an unpacked copy, in a file without a name in $TMPDIR, or /tmp,
// that goes with this object or with the process. Nothing is written anywhere else.
class DatabaseSource {
 public:
  static constexpr std::uint64_t kMostUnpackedBytes = std::uint64_t{16} << 30U;
  // What an unpacked copy leaves free on the disk.
  static constexpr std::uint64_t kLeftFreeBytes = std::uint64_t{64} << 20U;

  // `given`: a file; or etcd's data directory, member/ or member/snap/ in it. The status carries
  // the path, and in one line what to do: see Unpack; ResourceExhausted when an unpacked copy would
  // be larger than kMostUnpackedBytes or than there is room.
  static absl::StatusOr<DatabaseSource> Open(const std::string& given);

  DatabaseSource(DatabaseSource&& other) noexcept;
  DatabaseSource& operator=(DatabaseSource&&) = delete;
  ~DatabaseSource();

  // Where it can be read while this object lives.
  const std::string& path() const { return path_; }
  // What to call it.
  const std::string& name() const { return name_; }

 private:
  DatabaseSource(std::string path, std::string name, int file)
      : path_(std::move(path)), name_(std::move(name)), file_(file) {}

  std::string path_;
  std::string name_;
  int file_;  // the unpacked copy; -1 when there is none
};

}  // namespace headroom::analyze
