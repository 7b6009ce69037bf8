#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "etcd/endpoint.h"
#include "etcd/rotating_credentials.h"
#include "etcd/watch_message.h"
#include "etcd/watch_position.h"
#include "etcd/watch_stream.h"

namespace headroom::etcd {

// Why a watch that had been running ended.
enum class WatchEnd : std::uint8_t {
  kUnavailable,  // the connection or the member went away
  kNoLeader,
  kCompacted,  // compaction passed what the watch was yet to read
  kSilent,     // the store went on and the stream did not
  kRegressed,  // the store is another, or older than what was seen: restored from a backup
  kMalformed,  // bytes that are no answer of etcd's
};
inline constexpr std::array kWatchEnds = {"unavailable", "no_leader", "compacted",
                                          "silent",      "regressed", "malformed"};

// Takes what a Watcher sees; called by its thread alone.
class WatchSink {
 public:
  virtual ~WatchSink() = default;

  // Everything from `first_revision` on is going to be seen. `missed` revisions before it were not:
  // 0 at the first start, and where it cannot be known because the store is another.
  virtual void OnStart(std::int64_t first_revision, std::int64_t missed) = 0;
  virtual void OnConnected(const Endpoint& endpoint) = 0;
  // The watch is being set up again.
  virtual void OnDisconnected(WatchEnd why) = 0;

  // Whether the start of the value under this key is worth having even if it must be copied.
  virtual bool WantsValue(std::string_view key) = 0;
  // One change, each exactly once, by ascending revision.
  virtual void OnEvent(const WatchEvent& event) = 0;
  // All changes up to `revision` have been handed on.
  virtual void OnComplete(std::int64_t revision) = 0;
};

struct WatcherOptions {
  std::vector<Endpoint> endpoints;           // members of one cluster, preferred in this order
  std::shared_ptr<RotatingCredentials> tls;  // null for plain http
  std::chrono::milliseconds timeout{2000};   // of each question to a member
};

// Keeps one watch of the whole key space running at the first member that can serve it, whatever
// becomes of connections, leaders, members and certificates. It resumes where it was cut when at
// most kMaxResume revisions are to be caught up; else it starts at the newest revision and counts
// those it missed.
class Watcher {
 public:
  // etcd reads what a watch has to catch up with under a lock that writes need: at 2 kB a write
  // this is 40 MB, a fraction of a second.
  static constexpr std::int64_t kMaxResume = 20'000;

  // Starts at once. `sink` must outlive this object.
  Watcher(WatcherOptions options, WatchSink& sink);
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher();

  // Ends the watch. For a shutdown that does not wait for a hung etcd.
  void Stop();

 private:
  struct Ended {
    WatchEnd why = WatchEnd::kUnavailable;
    absl::Status status;
    bool was_running = false;
  };

  void Loop(const std::stop_token& stop);
  // By the endpoint's index.
  Ended WatchMember(std::size_t index, const std::stop_token& stop);
  Ended AskAndRun(WatchStream& stream, std::size_t index);
  // Whether the member can serve the watch; `reply` is its Status.
  absl::Status Check(const StatusReply& reply, std::size_t index);
  Ended Run(WatchStream& stream, const Endpoint& endpoint, const StatusReply& reply);
  // The first message: confirms or refuses the watch.
  absl::Status AwaitCreated(WatchStream& stream, std::int64_t start_revision);
  std::optional<Ended> Handle(const WatchHeader& header);
  // Nothing has come for a while: is that because nothing happens?
  std::optional<Ended> Probe(WatchStream& stream);
  void SkipTo(std::int64_t first_revision);
  void LogEnd(const Endpoint& endpoint, const Ended& ended);

  const WatcherOptions options_;
  WatchSink& sink_;

  // Used by the thread alone.
  WatchPosition position_;
  std::optional<std::uint64_t> cluster_id_;  // of the first member that answered
  std::int64_t owed_revision_ = 0;  // the stream must bring this one by the next probe; 0 = none
  std::vector<bool> served_;        // by endpoint: was of that cluster
  // Since when the endpoints that answer are behind what was seen, or of another cluster.
  std::optional<std::chrono::steady_clock::time_point> behind_since_;
  int fruitless_ = 0;    // watches in a row that brought nothing
  bool logged_ = false;  // that there is no watch

  std::mutex mutex_;
  std::shared_ptr<WatchStream> stream_;  // guarded by mutex_

  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace headroom::etcd
