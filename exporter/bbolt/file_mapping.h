#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace headroom::bbolt {

// A regular file mapped for reading. Takes no lock, so writers of the file are not held up,
// and what is read may change at any time.
//
// What cannot be read, because the file has been cut short since or its disk fails, reads as
// zeros instead of ending the process with SIGBUS: lost() is then true. Mapped memory rather than
// pread, because of most records only the beginning is looked at; unless it is paced, a walk reads
// one page of a value of 1 MiB.
class FileMapping {
 public:
  // The status carries the path: as errno says, InvalidArgument for what is no regular file.
  // One mapping at a time in a process; FailedPrecondition while there is another.
  static absl::StatusOr<FileMapping> Open(const std::string& path);

  FileMapping(FileMapping&& other) noexcept;
  FileMapping& operator=(FileMapping&&) = delete;
  ~FileMapping();

  // As long as the file was when opened; good for this object's life.
  std::string_view bytes() const { return {data_, size_}; }
  // Some of the bytes have been read as zeros.
  bool lost() const;
  // The open file, this object's.
  int descriptor() const;

 private:
  FileMapping(const char* data, std::size_t size) : data_(data), size_(size) {}

  const char* data_;  // null when there is nothing to unmap
  std::size_t size_;
};

}  // namespace headroom::bbolt
