#include "report/sampling.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "etcd/watch_stream.h"
#include "etcd/watcher.h"
#include "monitor/churn_state.h"

namespace headroom::report {
namespace {

using Clock = std::chrono::steady_clock;

// So many pairs of resource and namespace are counted in one sample, each of about 250 bytes.
constexpr std::size_t kMostPairs = 10'000;
// For the past to come.
constexpr std::chrono::seconds kLongestPast{15};

// Between two readings of the bytes in use.
constexpr std::chrono::milliseconds kReadingEvery{500};
constexpr std::chrono::milliseconds kReadingTimeout{500};

// etcd reads what a watch asks for of the past at once into memory, under a lock that applying
// needs. So first a few revisions are asked for, and more as long as they prove small.
constexpr std::int64_t kFirstPast = 50;
constexpr std::int64_t kPastGrowth = 4;
constexpr std::uint64_t kPastBytes = std::uint64_t{32} << 20U;
constexpr std::int64_t kMostPast = etcd::Watcher::kMaxResume;
// While only deletes were seen, what was put before is taken to be no larger than this.
constexpr std::uint64_t kLargeObject = std::uint64_t{64} << 10U;

// Why there is nothing to sample; empty when there is.
std::string WhyNot(const Situation& situation, std::chrono::milliseconds duration) {
  if (!situation.any_answer) return "no member answers";
  if (situation.corrupt) return "CORRUPT is armed";
  if (situation.contact == nullptr) return "there is no leader";
  if (duration == duration.zero()) return "--sample is 0";
  if (!situation.nospace) return "";
  if (!situation.compacted) return "writes are refused, and the compacted revision is unknown";
  return situation.contact->status->revision > *situation.compacted
             ? ""
             : "writes are refused, and no revision is kept";
}

// Reads a watch until the deadline, or until it has shown `last_revision`.
class Reader {
 public:
  Reader(ChurnState& state, const SampleOptions& options, Clock::time_point deadline,
         std::int64_t last_revision)
      : state_(state), options_(options), deadline_(deadline), last_wanted_(last_revision) {}

  // Why the watch ended early, or OK.
  absl::Status Run(etcd::WatchStream& stream) {
    auto next_reading = start_;
    while (Clock::now() < deadline_ && last_ < last_wanted_ && !options_.stop.stop_requested()) {
      if (Clock::now() >= next_reading) {
        next_reading += kReadingEvery;
        TakeReading(stream);
      }
      const auto message = stream.Next(
          std::min(deadline_, next_reading),
          [this](std::string_view key) { return state_.WantsValue(key); },
          [this](const etcd::WatchEvent& event) { Take(event); });
      if (!message.ok()) return message.status();
      if (*message && (*message)->canceled) {
        return absl::UnavailableError("etcd ended the watch " + (*message)->cancel_reason);
      }
    }
    TakeReading(stream);
    return absl::OkStatus();
  }

  double Seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  std::int64_t revisions() const { return revisions_; }
  std::uint64_t puts() const { return puts_; }
  const std::vector<Reading>& readings() const { return readings_; }
  double led_seconds() const { return led_seconds_; }

 private:
  void Take(const etcd::WatchEvent& event) {
    if (std::exchange(last_, event.mod_revision) != event.mod_revision) ++revisions_;
    if (event.type == etcd::WatchEvent::Type::kPut) ++puts_;
    state_.OnEvent(event);
  }

  void TakeReading(etcd::WatchStream& stream) {
    if (options_.on_second_left) {
      options_.on_second_left(std::chrono::duration<double>(deadline_ - Clock::now()).count());
    }
    const auto status = stream.Status(Clock::now() + kReadingTimeout);
    if (!status.ok()) return;
    if (status->leader_id != 0) led_seconds_ = Seconds();
    readings_.push_back({.seconds = Seconds(), .in_use_bytes = Unsigned(status->db_in_use_bytes)});
  }

  ChurnState& state_;
  const SampleOptions& options_;
  const Clock::time_point start_ = Clock::now();
  const Clock::time_point deadline_;
  const std::int64_t last_wanted_;
  std::int64_t last_ = 0;
  std::int64_t revisions_ = 0;
  std::uint64_t puts_ = 0;
  std::vector<Reading> readings_;
  double led_seconds_ = 0;
};

// Among writers of as many bytes.
std::string_view RankOf(const Sample::Writer& writer) { return writer.name; }

auto RankOf(const Sample::Manager& writer) {
  return std::tie(writer.manager, writer.resource, writer.subresource);
}

auto RankOf(const Sample::Namespace& writer) {
  return std::tie(writer.resource, writer.object_namespace);
}

// Without those that wrote nothing, the heaviest first.
template <typename Writer>
std::vector<Writer> Heaviest(std::vector<Writer> writers) {
  std::erase_if(writers, [](const Writer& writer) { return writer.writes == 0; });
  std::ranges::sort(writers, [](const Writer& a, const Writer& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : RankOf(a) < RankOf(b);
  });
  return writers;
}

// Of the bytes written, those of objects that are new and not deleted again. Events and leases are
// apart: they expire, and a sample of seconds seldom sees it.
void AddNewShares(const ChurnSnapshot& churn, Sample& sample) {
  double new_bytes = 0;
  double event_bytes = 0;
  double bytes = 0;
  for (const ChurnSnapshot::Resource& of : churn.resources) {
    const auto writes = static_cast<double>(of.write_bytes);
    bytes += writes;
    const auto [creates, updates, deletes] = of.writes;
    if (of.name == "leases.coordination.k8s.io" || creates <= deletes) continue;
    (of.name == "events" ? event_bytes : new_bytes) +=
        static_cast<double>(creates - deletes) / static_cast<double>(creates + updates) * writes;
  }
  if (bytes == 0) return;
  sample.new_share = new_bytes / bytes;
  sample.event_share = event_bytes / bytes;
}

void AddWriters(ChurnState& state, Sample& sample) {
  const ChurnSnapshot churn = state.Take(std::nullopt, Hitters::kWith);
  std::vector<Sample::Writer> resources;
  for (const ChurnSnapshot::Resource& of : churn.resources) {
    const std::uint64_t writes =
        std::accumulate(of.writes.begin(), of.writes.end(), std::uint64_t{0});
    resources.push_back({of.name, writes, of.write_bytes});
  }
  std::vector<Sample::Namespace> namespaces;
  for (const auto& [resource, where, counts] : churn.namespaces) {
    namespaces.push_back({resource, where, counts.writes, counts.bytes});
  }
  std::vector<Sample::Manager> managers;
  for (const auto& [resource, manager, subresource, counts] : churn.managers) {
    managers.push_back({manager, resource, subresource, counts.writes, counts.bytes});
  }
  std::vector<Sample::Writer> event_objects;
  for (const auto& [component, reason, kind, counts] : churn.event_objects) {
    event_objects.push_back(
        {absl::StrCat(component, ": ", reason, " of ", kind), counts.writes, counts.bytes});
  }
  sample.managers = Heaviest(std::move(managers));
  sample.resources = Heaviest(std::move(resources));
  sample.namespaces = Heaviest(std::move(namespaces));
  sample.event_objects = Heaviest(std::move(event_objects));
  AddNewShares(churn, sample);
}

// Reads from `start_revision` (0: from now) until the deadline or `last_revision` into `sample`.
absl::Status Read(const etcd::Endpoint& endpoint, const SampleOptions& options,
                  std::int64_t start_revision, std::int64_t last_revision,
                  std::chrono::milliseconds most, Sample& sample) {
  etcd::WatchStream stream(endpoint, options.tls ? options.tls->Current() : nullptr);
  // It makes the connection, which the watch itself would wait for without end.
  const auto status = stream.Status(Clock::now() + options.timeout);
  if (!status.ok()) return status.status();
  if (auto opened = stream.Open(start_revision); !opened.ok()) return opened;
  ChurnState state(options.prefixes, {.resources = options.max_resources, .pairs = kMostPairs});
  Reader reader(state, options, Clock::now() + most, last_revision);
  absl::Status ended = reader.Run(stream);
  if (!ended.ok() && reader.revisions() == 0) return ended;
  sample.seconds = reader.Seconds();
  sample.revisions = reader.revisions();
  sample.puts = reader.puts();
  sample.led_seconds = reader.led_seconds();
  if (!sample.is_past) {
    sample.growth = GrowthOf(reader.readings());
    if (!reader.readings().empty())
      sample.last_in_use_bytes = reader.readings().back().in_use_bytes;
  }
  AddWriters(state, sample);
  return absl::OkStatus();
}

absl::Status ReadPast(const etcd::Endpoint& endpoint, const SampleOptions& options,
                      const Situation& situation, Sample& sample) {
  const std::int64_t last = situation.contact->status->revision;
  const std::int64_t kept = std::min(kMostPast, last - *situation.compacted);
  const std::uint64_t mean_bytes = Unsigned(situation.contact->status->db_in_use_bytes) /
                                   static_cast<std::uint64_t>(last - *situation.compacted);
  std::int64_t past = std::min(kept, kFirstPast);
  for (;;) {
    if (auto read = Read(endpoint, options, last - past + 1, last, kLongestPast, sample);
        !read.ok()) {
      return sample.revisions > 0 ? absl::OkStatus() : read;  // what was seen before stands
    }
    const std::int64_t more = std::min(kept, kPastGrowth * past);
    // Deletes, which go on while puts are refused, say nothing of what was put before.
    const std::uint64_t put_bytes =
        sample.puts > 0 ? sample.bytes() / sample.puts : std::min(mean_bytes, kLargeObject);
    const bool is_slow = sample.revisions < past;
    if (more == past || is_slow || options.stop.stop_requested() ||
        put_bytes * static_cast<std::uint64_t>(more) > kPastBytes) {
      return absl::OkStatus();
    }
    past = more;
  }
}

}  // namespace

std::uint64_t Sample::bytes() const {
  std::uint64_t sum = 0;
  for (const Sample::Writer& writer : resources) sum += writer.bytes;
  return sum;
}

Sample TakeSample(const SampleOptions& options, const Situation& situation) {
  Sample sample;
  sample.is_past = situation.nospace;
  sample.skipped_because = WhyNot(situation, options.duration);
  if (!sample.skipped_because.empty()) return sample;
  const auto endpoint = etcd::ParseEndpoint(situation.contact->url);
  if (!endpoint.ok()) {
    sample.skipped_because = std::string(endpoint.status().message());
    return sample;
  }
  const absl::Status read =
      sample.is_past ? ReadPast(*endpoint, options, situation, sample)
                     : Read(*endpoint, options, 0, std::numeric_limits<std::int64_t>::max(),
                            options.duration, sample);
  if (!read.ok()) {
    sample.skipped_because = absl::StrCat("the watch failed: ", std::string(read.message()));
  }
  return sample;
}

}  // namespace headroom::report
