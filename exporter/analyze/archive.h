#pragma once

#include <optional>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

// Snapshots as tools leave them: k3s and RKE2 (--etcd-snapshot-compress) write a zip file of one
// entry, kops and others gzip.
namespace headroom::analyze {

enum class Packing { kGzip, kZip };

// By the first bytes; nullopt for anything else.
std::optional<Packing> PackingOf(std::string_view file);

// What to do about a file of another tool's that is no database and is not unpacked here: tar,
// zstd, xz, bzip2, lz4. Empty for anything else.
std::string_view Unsupported(std::string_view file);

// Takes the next bytes of what is unpacked. An error ends the unpacking and is passed on.
using TakeBytes = absl::FunctionRef<absl::Status(std::string_view)>;

// Unpacks the one file in `archive`, which may be any bytes and may change meanwhile. Checks the
// archive's own checksum. Memory for 256 KiB.
// InvalidArgument for what is not unpacked here, DataLoss for what is damaged or cut short; the
// message is one line that says what to do.
absl::Status Unpack(Packing packing, std::string_view archive, TakeBytes take);

}  // namespace headroom::analyze
