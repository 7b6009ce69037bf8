#pragma once

// Where a verdict changes: for the report, the status page and, by a test that compares them, the
// rules.
namespace headroom {

// At least this share of its quota is free on a member that has room. With less, the status page
// warns, and neither the report nor EtcdHeadroomDisarmMissing counts the member as fit for a
// disarm.
inline constexpr double kLeastRoom = 0.1;

// A forecast below this pages, in seconds: the status page then looks as it does at an alarm.
inline constexpr double kPageWithinSeconds = 75 * 60;

}  // namespace headroom
