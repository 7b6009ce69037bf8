#include "report/sampling.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collectors/catalogue.h"
#include "collectors/churn_state.h"
#include "collectors/sample_index.h"
#include "etcd/watch_stream.h"
#include "etcd/watcher.h"

namespace headroom::report {
namespace {

using Clock = std::chrono::steady_clock;
using Writer = Sample::Writer;

// So many pairs of resource and namespace are told apart in one sample, each of about 250 bytes.
constexpr std::size_t kMostPairs = 10'000;
// For the past to come.
constexpr std::chrono::seconds kLongestPast{15};

// What etcd is asked to read of its past, about: it does so under a lock that writes need, but none
// is accepted then, and all of it at once into memory.
constexpr std::int64_t kPastBytes = std::int64_t{32} << 20U;
constexpr std::int64_t kLeastPast = 500;
constexpr std::int64_t kMostPast = etcd::Watcher::kMaxResume;

std::string WhyNot(const Situation& situation) {
  if (!situation.any_answer) return "no member answers";
  if (situation.corrupt) return "CORRUPT is armed";
  return situation.has_leader ? "" : "there is no leader";
}

// Where the watch begins that shows what was written last, before writes were refused.
std::int64_t StartOfPast(const Situation& situation) {
  const std::int64_t compacted = situation.compacted.value_or(0);
  const std::int64_t kept = std::max<std::int64_t>(1, situation.revision - compacted);
  // At most: what lives is in it, too.
  const std::int64_t revision_bytes =
      std::max<std::int64_t>(1, situation.fullest->status->db_in_use_bytes / kept);
  const std::int64_t past = std::clamp(kPastBytes / revision_bytes, kLeastPast, kMostPast);
  return std::max(compacted + 1, situation.revision - past + 1);
}

// Reads a watch until the deadline, or until it has shown `last_revision`.
class Reader {
 public:
  Reader(ChurnState& state, Clock::time_point deadline, std::int64_t last_revision)
      : state_(state), deadline_(deadline), last_wanted_(last_revision) {}

  // Why the watch ended early, or OK.
  absl::Status Run(etcd::WatchStream& stream) {
    while (Clock::now() < deadline_ && last_ < last_wanted_) {
      const auto message = stream.Next(
          deadline_, [this](std::string_view key) { return state_.WantsValue(key); },
          [this](const etcd::WatchEvent& event) { Take(event); });
      if (!message.ok()) return message.status();
      if (*message && (*message)->canceled) {
        return absl::UnavailableError("etcd ended the watch " + (*message)->cancel_reason);
      }
    }
    return absl::OkStatus();
  }

  std::int64_t revisions() const { return revisions_; }

 private:
  void Take(const etcd::WatchEvent& event) {
    if (std::exchange(last_, event.mod_revision) != event.mod_revision) ++revisions_;
    state_.OnEvent(event);
  }

  ChurnState& state_;
  const Clock::time_point deadline_;
  const std::int64_t last_wanted_;
  std::int64_t last_ = 0;
  std::int64_t revisions_ = 0;
};

// The series of two families of counters, by the name that `name` gives to each.
std::vector<Writer> Writers(const SampleIndex& page, const Metric& writes, const Metric& bytes,
                            const std::function<std::string(const SampleIndex::Sample&)>& name) {
  std::map<std::string, Writer> by_name;
  for (const auto& series : page.Of(writes)) {
    by_name[name(series)].writes += static_cast<std::uint64_t>(ValueOf(writes, series));
  }
  for (const auto& series : page.Of(bytes)) {
    by_name[name(series)].bytes += static_cast<std::uint64_t>(ValueOf(bytes, series));
  }
  std::vector<Writer> writers;
  for (auto& [key, writer] : by_name) {
    if (writer.writes == 0) continue;
    writer.name = key;
    writers.push_back(std::move(writer));
  }
  std::stable_sort(writers.begin(), writers.end(),
                   [](const Writer& a, const Writer& b) { return a.bytes > b.bytes; });
  return writers;
}

std::string Label(const SampleIndex::Sample& series, std::string_view name) {
  return std::string(LabelOf(series, name));
}

void AddWriters(ChurnState& state, Sample& sample) {
  FamilySet families;
  state.Collect(std::nullopt, families);
  const auto list = std::move(families).Take();
  const SampleIndex page(list);
  sample.resources = Writers(page, metrics::kWrites, metrics::kWriteBytes,
                             [](const auto& series) { return Label(series, "resource"); });
  sample.namespaces = Writers(
      page, metrics::kNamespaceWrites, metrics::kNamespaceWriteBytes, [](const auto& series) {
        const std::string where = Label(series, "object_namespace");
        return Label(series, "resource") + (where.empty() ? " (cluster)" : " in " + where);
      });
  sample.event_objects = Writers(
      page, metrics::kEventObjectWrites, metrics::kEventObjectWriteBytes, [](const auto& series) {
        return absl::StrCat(Label(series, "component"), ": ", Label(series, "reason"), " of ",
                            Label(series, "involved_kind"));
      });
}

}  // namespace

std::uint64_t Sample::bytes() const {
  std::uint64_t sum = 0;
  for (const Writer& writer : resources) sum += writer.bytes;
  return sum;
}

Sample TakeSample(const Options& options, const std::shared_ptr<etcd::RotatingCredentials>& tls,
                  std::chrono::milliseconds duration, const Situation& situation) {
  Sample sample;
  sample.is_past = situation.nospace;
  sample.skipped_because = WhyNot(situation);
  if (sample.skipped_because.empty() && !sample.is_past && duration == duration.zero()) {
    sample.skipped_because = "--sample is 0";
  }
  if (!sample.skipped_because.empty()) return sample;
  sample.skipped_because = "no member serves a watch";
  for (const MemberFact* member : situation.voters) {
    const auto endpoint = etcd::ParseEndpoint(member->url);
    if (!endpoint.ok()) continue;
    etcd::WatchStream stream(*endpoint, tls ? tls->Current() : nullptr);
    // It makes the connection, which the watch itself would wait for without end.
    if (!stream.Status(Clock::now() + options.timeout).ok()) continue;
    if (!stream.Open(sample.is_past ? StartOfPast(situation) : 0).ok()) continue;
    ChurnState state(options.registry_prefixes,
                     ChurnLimits{.resources = options.max_resources, .pairs = kMostPairs});
    const auto start = Clock::now();
    const auto most = sample.is_past ? kLongestPast : duration;
    Reader reader(state, start + most,
                  sample.is_past ? situation.revision : std::numeric_limits<std::int64_t>::max());
    const absl::Status ended = reader.Run(stream);
    sample.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    sample.revisions = reader.revisions();
    if (!ended.ok() && sample.revisions == 0) continue;
    AddWriters(state, sample);
    sample.skipped_because.clear();
    break;
  }
  return sample;
}

}  // namespace headroom::report
