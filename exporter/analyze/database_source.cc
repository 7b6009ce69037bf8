#include "analyze/database_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "analyze/archive.h"
#include "bbolt/file_mapping.h"
#include "text/human.h"

namespace headroom::analyze {
namespace {

bool Is(const std::string& path, unsigned type) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 &&
         (status.st_mode & static_cast<unsigned>(S_IFMT)) == type;
}

absl::StatusOr<std::string> DatabaseIn(std::string folder) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  for (const char* below : {"/member/snap/db", "/snap/db", "/db"}) {
    if (Is(folder + below, S_IFREG)) return folder + below;
  }
  return absl::NotFoundError(
      absl::StrCat(folder,
                   ": is a directory without member/snap/db: give etcd's data directory, "
                   "or a file"));
}

std::string TemporaryFolder() {
  const char* const folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

// A file without a name; -1 and errno.
int OpenUnnamed(const std::string& folder) {
  const int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) return file;
  std::string name = folder + "/etcd-headroom-XXXXXX";
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) unlink(name.c_str());
  return named;
}

class UnpackedCopy {
 public:
  UnpackedCopy(int file, const std::string& folder) : file_(file), folder_(folder) {
    struct statvfs disk {};
    if (fstatvfs(file, &disk) != 0) return;
    const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    room_ = free - std::min(free, DatabaseSource::kLeftFreeBytes);
  }

  absl::Status Take(std::string_view bytes) {
    if (written_ == 0 && Unsupported(bytes).data() != nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("what is in it ", std::string(Unsupported(bytes))));
    }
    written_ += bytes.size();
    if (written_ > DatabaseSource::kMostUnpackedBytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("unpacks to more than ", text::Bytes(DatabaseSource::kMostUnpackedBytes),
                       ": unpack it yourself and give the result"));
    }
    if (written_ > room_) return NoRoom();
    while (!bytes.empty()) {
      const ssize_t done = write(file_, bytes.data(), bytes.size());
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return errno == ENOSPC ? NoRoom() : absl::ErrnoToStatus(errno, folder_);
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status NoRoom() const {
    return absl::ResourceExhaustedError(
        absl::StrCat("unpacks to more than ", text::Bytes(room_), ", which is all that ", folder_,
                     " has room for: set TMPDIR to a folder with more"));
  }

  int file_;
  const std::string& folder_;
  std::uint64_t room_ = 0;
  std::uint64_t written_ = 0;
};

}  // namespace

absl::StatusOr<DatabaseSource> DatabaseSource::Open(const std::string& given) {
  std::string name = given;
  if (Is(given, S_IFDIR)) {
    auto found = DatabaseIn(given);
    if (!found.ok()) return found.status();
    name = *std::move(found);
  }
  const auto fail = [&name](const absl::Status& status) {
    return absl::Status(status.code(), absl::StrCat(name, ": ", status.message()));
  };
  const auto archive = bbolt::FileMapping::Open(name);
  if (!archive.ok()) return archive.status();
  const std::string_view bytes = archive->bytes();
  if (const auto what_to_do = Unsupported(bytes); !what_to_do.empty()) {
    return fail(absl::InvalidArgumentError(std::string(what_to_do)));
  }
  const std::optional<Packing> packing = PackingOf(bytes);
  if (!packing) return DatabaseSource(name, name, -1);

  const std::string folder = TemporaryFolder();
  DatabaseSource source("", name, OpenUnnamed(folder));
  if (source.file_ < 0) return fail(absl::ErrnoToStatus(errno, "cannot be unpacked in " + folder));
  source.path_ = absl::StrCat("/proc/self/fd/", source.file_);
  UnpackedCopy copy(source.file_, folder);
  const absl::Status unpacked =
      Unpack(*packing, bytes, [&copy](std::string_view piece) { return copy.Take(piece); });
  if (!unpacked.ok()) return fail(unpacked);
  return source;
}

DatabaseSource::DatabaseSource(DatabaseSource&& other) noexcept
    : path_(std::move(other.path_)),
      name_(std::move(other.name_)),
      file_(std::exchange(other.file_, -1)) {}

DatabaseSource::~DatabaseSource() {
  if (file_ >= 0) close(file_);
}

}  // namespace headroom::analyze
