#include "kubernetes/object_times.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kubernetes/object_path.h"

namespace headroom::kubernetes {
namespace {

// The numbers are those of k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto.
constexpr std::array kCreation = {PathStep{"metadata", 1}, PathStep{"creationTimestamp", 8}};
constexpr std::array kEntryTimes = {PathStep{"metadata", 1},
                                    PathStep{"managedFields", 17, PathStep::Kind::kList},
                                    PathStep{"time", 4}};

// `text`: RFC 3339 in UTC, or the bytes of a metav1.Time.
std::optional<std::int64_t> Seconds(std::string_view text, bool is_protobuf) {
  constexpr std::int64_t kEndOf9999 = 253'402'300'799;  // the last time of RFC 3339
  if (!is_protobuf) {
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, {text.data(), text.size()}, &time, &error)) {
      return std::nullopt;
    }
    return std::clamp<std::int64_t>(absl::ToUnixSeconds(time), 0, kEndOf9999);
  }
  std::optional<std::int64_t> seconds;
  ForEachField(
      text, [](int, std::string_view) {},
      [&](int number, std::uint64_t value) {
        if (number == 1 && value <= kEndOf9999) seconds = static_cast<std::int64_t>(value);
      });
  return seconds;
}

std::optional<std::int64_t> Latest(std::string_view value, Path path) {
  const bool is_protobuf = EncodingOf(value) == ValueEncoding::kProtobuf;
  std::optional<std::int64_t> latest;
  ForEachAt(value, path, [&](const FoundValue& found) {
    latest = std::max(latest, Seconds(found.text, is_protobuf));
  });
  return latest;
}

}  // namespace

std::optional<std::int64_t> CreationTime(std::string_view value) {
  return Latest(value, kCreation);
}

std::optional<std::int64_t> WriteTime(std::string_view value) {
  return std::max(CreationTime(value), Latest(value, kEntryTimes));
}

}  // namespace headroom::kubernetes
