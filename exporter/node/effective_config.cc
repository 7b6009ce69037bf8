#include "node/effective_config.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "absl/strings/str_split.h"
#include "node/go_values.h"

namespace headroom::node {
namespace {

constexpr std::string_view kPeriodic = "periodic";
constexpr std::string_view kRevision = "revision";

class Interpreter {
 public:
  Interpreter(const Settings& settings, Unset unset) : settings_(settings), unset_(unset) {}

  EtcdConfig Run() {
    config_.name = Text(kName, "").value_or("");
    ReadQuota();
    ReadCompaction();
    ReadSnapshotCount();
    if (const auto folder = Text(kDataDir, ""); folder && !folder->empty()) {
      config_.data_dir = *folder;
    }
    if (const auto file = Text(kTrustedCaFile, ""); file && !file->empty()) {
      config_.trusted_ca_file = *file;
    }
    AddUrls(kListenClientUrls, config_.client_urls);
    AddUrls(kAdvertiseClientUrls, config_.client_urls);
    AddUrls(kListenMetricsUrls, config_.metrics_urls);
    AddUrls(kListenClientHttpUrls, config_.client_http_urls);
    return std::move(config_);
  }

 private:
  void Warn(std::string_view name, const std::string& why) {
    config_.warnings.push_back(std::string(name) + ": can not be read: " + why);
  }

  void WarnOfValue(std::string_view name, std::string_view value, const std::string& what) {
    Warn(name, "\"" + MessageText(value) + "\" " + what);
  }

  bool IsSet(std::string_view name) const { return settings_.find(name) != settings_.end(); }

  // The text of a setting, `fallback` when it is not set. When it is unknown: nullopt and a
  // warning, but no warning when it may be set elsewhere.
  std::optional<std::string> Text(std::string_view name, std::string_view fallback) {
    const auto found = settings_.find(name);
    if (found == settings_.end()) {
      if (unset_ == Unset::kMayBeSet) return std::nullopt;
      return std::string(fallback);
    }
    const auto& [value, unreadable_because] = found->second;
    if (!unreadable_because.empty()) {
      Warn(name, unreadable_because);
      return std::nullopt;
    }
    if (IsUnknown(value)) {
      WarnOfValue(name, value, "depends on what the node's files do not have");
      return std::nullopt;
    }
    return value;
  }

  void ReadQuota() {
    const auto text = Text(kQuota, "0");
    if (!text) return;
    const auto bytes = ParseGoInt64(*text);
    if (!bytes) return WarnOfValue(kQuota, *text, "is no number of bytes");
    config_.quota_bytes = *bytes == 0 ? kDefaultQuotaBytes : std::max<int64_t>(*bytes, -1);
  }

  void ReadCompaction() {
    const auto mode = Text(kCompactionMode, kPeriodic);
    if (!mode) return;
    const bool periodic = *mode == kPeriodic;
    if (!periodic && *mode != kRevision) {
      return WarnOfValue(kCompactionMode, *mode, "is neither periodic nor revision");
    }
    config_.auto_compaction_mode = *mode;
    if (!periodic) return;
    const auto text = Text(kCompactionRetention, "0");
    if (!text) return;
    config_.auto_compaction_retention_seconds = RetentionSeconds(*text);
    if (!config_.auto_compaction_retention_seconds) {
      WarnOfValue(kCompactionRetention, *text, "is neither hours nor a duration");
    }
  }

  // Periodic mode: a bare integer counts hours, an empty text is 0.
  static std::optional<double> RetentionSeconds(const std::string& text) {
    using Seconds = std::chrono::duration<double>;
    if (text.empty()) return 0;
    if (const auto hours = ParseGoDecimal(text); hours && *hours >= 0) {
      constexpr auto kMax =
          std::chrono::duration_cast<std::chrono::hours>(std::chrono::nanoseconds::max());
      if (*hours > kMax.count()) return std::nullopt;
      return Seconds(std::chrono::hours(*hours)).count();
    }
    const auto duration = ParseGoDuration(text);
    if (!duration || duration->count() < 0) return std::nullopt;
    return Seconds(*duration).count();
  }

  void ReadSnapshotCount() {
    if (!IsSet(kSnapshotCount)) return;
    const auto text = Text(kSnapshotCount, "");
    if (!text) return;
    const auto count = ParseGoUint64(*text);
    if (!count || *count > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      return WarnOfValue(kSnapshotCount, *text, "is no number of raft entries");
    }
    config_.snapshot_count = static_cast<int64_t>(*count);
  }

  // Of a list with unknown parts the rest stays usable.
  void AddUrls(std::string_view name, std::vector<std::string>& urls) {
    const auto found = settings_.find(name);
    if (found == settings_.end()) return;
    if (!found->second.unreadable_because.empty())
      return Warn(name, found->second.unreadable_because);
    const std::vector<std::string> list = absl::StrSplit(found->second.value, ',');
    for (const std::string& url : list) AddUrl(name, url, urls);
  }

  void AddUrl(std::string_view name, std::string_view url, std::vector<std::string>& urls) {
    while (url.starts_with(' ')) url.remove_prefix(1);
    while (url.ends_with(' ')) url.remove_suffix(1);
    if (IsUnknown(url))
      return WarnOfValue(name, url, "depends on what the node's files do not have");
    // More addresses than any member has are not worth keeping.
    constexpr size_t kMaxUrls = 64;
    if (url.empty() || urls.size() == kMaxUrls) return;
    if (std::find(urls.begin(), urls.end(), url) == urls.end()) urls.emplace_back(url);
  }

  const Settings& settings_;
  const Unset unset_;
  EtcdConfig config_;
};

}  // namespace

EtcdConfig EffectiveConfig(const Settings& settings, Unset unset) {
  return Interpreter(settings, unset).Run();
}

}  // namespace headroom::node
