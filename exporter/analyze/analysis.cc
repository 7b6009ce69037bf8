#include "analyze/analysis.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "analyze/tenants.h"
#include "bbolt/file_mapping.h"
#include "bbolt/paced_page_reader.h"
#include "bbolt/scout.h"

namespace headroom::analyze {
namespace {

// `etcdctl snapshot save` puts the SHA-256 of what it was sent behind it, and takes a file for
// such a one by its size: that of pages is a multiple of 512.
constexpr std::size_t kHashBytes = 32;
bool HasHash(std::uint64_t file_bytes) { return file_bytes % 512 == kHashBytes; }

Parts PartsOf(const Analysis& analysis) {
  const bbolt::WalkResult& walk = analysis.walk;
  const std::uint64_t page_bytes = walk.meta.page_bytes;
  Parts parts;
  parts.hash = analysis.is_snapshot ? kHashBytes : 0;
  parts.top = walk.top_bytes;
  for (const bbolt::BucketUse& bucket : walk.buckets) {
    if (bucket.name == bbolt::kKeyBucket) {
      // More than the pages have, if they changed between two looks at them.
      parts.key_bucket_overhead = bucket.bytes - std::min(bucket.bytes, bucket.record_bytes);
    } else {
      parts.other_buckets += bucket.bytes;
    }
  }
  const std::uint64_t pages_bytes = analysis.file_bytes - parts.hash;
  const std::uint64_t marked = std::min(pages_bytes, walk.meta.high_water * page_bytes);
  parts.beyond_mark = pages_bytes - marked;
  if (walk.unreadable_pages == 0) parts.free = marked - walk.reached_pages * page_bytes;
  const std::uint64_t known = analysis.total.stored_bytes + parts.key_bucket_overhead +
                              parts.other_buckets + parts.top + parts.free + parts.beyond_mark +
                              parts.hash;
  parts.unaccounted = static_cast<std::int64_t>(analysis.file_bytes - known);
  return parts;
}

bool HasRevisions(const bbolt::WalkResult& walk) {
  return std::any_of(walk.buckets.begin(), walk.buckets.end(), [](const bbolt::BucketUse& bucket) {
    return bucket.name == bbolt::kKeyBucket;
  });
}

// Writes out the inventory's page bytes, too.
Forecast ForecastOf(const bbolt::WalkResult& walk, Inventory& inventory) {
  const std::uint64_t page_bytes = walk.meta.page_bytes;
  std::uint64_t key_bucket = 0;
  Forecast forecast;
  for (const bbolt::BucketUse& bucket : walk.buckets) {
    if (bucket.name == bbolt::kKeyBucket) {
      key_bucket += bucket.bytes;
    } else {
      // A defragmentation fills pages to nine tenths.
      const std::uint64_t filled = bucket.record_bytes + bucket.record_bytes / 9;
      const std::uint64_t pages = filled / page_bytes + 1;
      forecast.defragmented_bytes += std::min(bucket.bytes, pages * page_bytes);
    }
  }
  const PageForecast::Result result = inventory.Finish(key_bucket);
  forecast.compaction_bytes = key_bucket - std::min(key_bucket, result.compacted_bytes);
  forecast.defragmented_bytes += result.defragmented_bytes + walk.top_bytes;
  return forecast;
}

std::string ProblemOf(const Analysis& analysis, bool lost) {
  const bbolt::WalkResult& walk = analysis.walk;
  const std::uint64_t marked = walk.meta.high_water * walk.meta.page_bytes;
  std::vector<std::string> problems;
  if (analysis.file_bytes < marked) {
    problems.push_back(
        absl::StrCat("the file ends after ", analysis.file_bytes, " of ", marked, " bytes"));
  }
  if (lost)
    problems.emplace_back("a part could not be read from the disk, or was cut off meanwhile");
  if (walk.unreadable_pages > 0) {
    problems.push_back(absl::StrFormat(
        "%d pages cannot be read (%s); what they lead to, at most %.1f %% of the file, is left out",
        walk.unreadable_pages, walk.first_fault,
        100.0 * static_cast<double>(std::max<std::int64_t>(analysis.parts.unaccounted, 0)) /
            static_cast<double>(analysis.file_bytes)));
  }
  if (walk.salvaged_records > 0) {
    problems.push_back(absl::StrCat(walk.salvaged_records,
                                    " revisions were found in pages that nothing leads to, and "
                                    "count; objects deleted long ago may be among them"));
  }
  if (walk.unreadable_pages > 0 && !walk.changed && !analysis.is_snapshot) {
    problems.emplace_back(
        "if it is a copy of a file that etcd was writing to, it was never in that state: analyze "
        "the live file itself, or what `etcdctl snapshot save` writes");
  }
  if (!HasRevisions(walk)) problems.emplace_back("no bucket of revisions was found");
  if (analysis.notes.undecodable_records > 0) {
    problems.push_back(
        absl::StrCat(analysis.notes.undecodable_records, " records cannot be decoded"));
  }
  std::string line;
  for (const std::string& problem : problems) {
    absl::StrAppend(&line, line.empty() ? "" : "; ", problem);
  }
  return line;
}

// Walks in the background; fails where that was given up.
absl::StatusOr<bbolt::WalkResult> WalkGently(const bbolt::FileMapping& file, std::string_view pages,
                                             Inventory& inventory, const Background& background) {
  bbolt::PacedPageReader reader(file, background.bytes_per_second, background.stop);
  auto walk = bbolt::Walk(pages, inventory, [&](std::uint64_t offset, std::uint64_t bytes) {
    return inventory.keys() <= background.max_keys && reader.Fetch(offset, bytes);
  });
  if (background.stop.stop_requested()) return absl::CancelledError("stopped");
  if (inventory.keys() > background.max_keys) {
    return absl::ResourceExhaustedError(
        absl::StrCat("has more than ", background.max_keys, " distinct keys"));
  }
  return walk;
}

absl::StatusOr<bbolt::WalkResult> WalkFast(std::string_view pages, Inventory& inventory,
                                           bbolt::LostPages lost) {
  std::optional<std::jthread> scout;
  try {
    scout.emplace([pages](const std::stop_token& stop) { bbolt::LookAhead(pages, stop); });
  } catch (const std::system_error&) {  // no more threads: it takes longer
  }
  return bbolt::Walk(pages, inventory, std::nullopt, lost);
}

// Empty if there are none. Of a file that cannot be walked, the walk after this has the reason.
std::vector<std::string> TenantsIn(std::string_view pages) {
  TenantFinder tenants;
  (void)bbolt::Walk(pages, tenants);
  return tenants.prefixes();
}

absl::StatusOr<Analysis> AnalyzeOnce(
    const std::string& path, const Question& question,
    absl::FunctionRef<void(std::uint64_t, std::uint64_t)> on_progress, const Background* background,
    bbolt::LostPages lost) {
  const auto file = bbolt::FileMapping::Open(path);
  if (!file.ok()) return file.status();
  Analysis analysis{.path = path, .question = question, .file_bytes = file->bytes().size()};
  analysis.is_snapshot = HasHash(analysis.file_bytes);
  std::string_view pages = file->bytes();
  if (analysis.is_snapshot) pages.remove_suffix(kHashBytes);

  if (question.by == Breakdown::kTenant && question.prefixes.empty()) {
    analysis.question.prefixes = TenantsIn(pages);
  }
  Inventory inventory(analysis.question, on_progress);
  auto walk = background != nullptr ? WalkGently(*file, pages, inventory, *background)
                                    : WalkFast(pages, inventory, lost);
  if (!walk.ok()) {
    return absl::Status(walk.status().code(), absl::StrCat(path, ": ", walk.status().message()));
  }
  if (walk->unreadable_pages == 0 && !file->lost() && !HasRevisions(*walk)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is no etcd database: a bbolt file without etcd's bucket \"",
                     std::string(bbolt::kKeyBucket), "\""));
  }
  analysis.walk = *std::move(walk);
  analysis.size_bytes = analysis.walk.meta.high_water * analysis.walk.meta.page_bytes;
  analysis.forecast = ForecastOf(analysis.walk, inventory);
  analysis.notes = inventory.notes();
  analysis.largest_objects = inventory.largest_objects();
  analysis.resources = inventory.Resources();
  analysis.breakdown = inventory.Parts();
  const BreakdownName* const by = NameOf(question.by);
  if (by != nullptr && by->totals != nullptr) {
    analysis.breakdown_totals = TotalsByPart(analysis.breakdown);
  }
  if (question.namespaces) analysis.namespaces = inventory.TakeNamespaces();
  analysis.fields = inventory.survey().Fields();
  analysis.end_time = inventory.end_time();
  for (const Row& row : analysis.resources) analysis.total += row.usage;
  analysis.parts = PartsOf(analysis);
  analysis.problem = ProblemOf(analysis, file->lost());
  analysis.removable = inventory.survey().FindRemovable(analysis.complete());
  return analysis;
}

}  // namespace

absl::StatusOr<Analysis> Analyze(const std::string& path, const Question& question,
                                 absl::FunctionRef<void(std::uint64_t, std::uint64_t)> on_progress,
                                 const Background* background) {
  using bbolt::LostPages;
  auto analysis = AnalyzeOnce(path, question, on_progress, background, LostPages::kLeaveOut);
  if (analysis.ok() && !analysis->complete() && analysis->walk.changed) {
    analysis = AnalyzeOnce(path, question, on_progress, background, LostPages::kLeaveOut);
  }
  const bool is_damaged = analysis.ok() && analysis->walk.unreadable_pages > 0;
  if (is_damaged && !analysis->walk.changed && background == nullptr)
    analysis = AnalyzeOnce(path, question, on_progress, background, LostPages::kSalvage);
  return analysis;
}

}  // namespace headroom::analyze
