#include "analyze/age.h"

#include <array>

#include "kubernetes/event_object.h"

namespace headroom::analyze {
namespace {

struct Class {
  std::int64_t below;  // seconds
  std::string_view name;
};
constexpr std::array kClasses = {
    Class{kHourSeconds, "under 1 h"},        Class{6 * kHourSeconds, "1 to 6 h"},
    Class{kDaySeconds, "6 to 24 h"},         Class{7 * kDaySeconds, "1 to 7 days"},
    Class{30 * kDaySeconds, "7 to 30 days"}, Class{365 * kDaySeconds, "30 to 365 days"}};

}  // namespace

std::string_view AgeClass(std::optional<std::int64_t> created, std::optional<std::int64_t> now) {
  if (!created || !now) return kubernetes::kUnknownLabel;
  for (const Class& each : kClasses) {
    if (*now - *created < each.below) return each.name;
  }
  return "over 1 year";
}

}  // namespace headroom::analyze
