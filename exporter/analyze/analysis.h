#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "analyze/inventory.h"
#include "analyze/question.h"
#include "analyze/usage.h"
#include "bbolt/walk.h"

namespace headroom::analyze {

// What a file is made of, in bytes. Added up, with what the records of the resources take
// (Usage::stored_bytes), these are the file's size.
struct Parts {
  std::uint64_t key_bucket_overhead = 0;  // of the pages with revisions: headers, branches, gaps
  std::uint64_t other_buckets = 0;
  std::uint64_t top = 0;   // meta pages, the page that says where the buckets are, a freelist
  std::uint64_t free = 0;  // pages below the high-water mark that nothing points to
  std::uint64_t beyond_mark = 0;  // what the file is longer; etcd's quota does not count it
  std::uint64_t hash = 0;         // behind a snapshot
  // The rest. Where a page could not be read, what it pointed to is here together with what is
  // free, and `free` is 0. Negative if the file was seen in two states that do not fit.
  std::int64_t unaccounted = 0;
};

// See PageForecast. Of a file that was not read completely, from what was read.
struct Forecast {
  std::uint64_t compaction_bytes = 0;
  std::uint64_t defragmented_bytes = 0;
};

struct Analysis {
  std::string path;
  Question question;
  std::uint64_t file_bytes = 0;  // its length
  // Up to the high-water mark, as the meta page has it: what etcd compares to its quota.
  std::uint64_t size_bytes = 0;
  bool is_snapshot = false;
  bbolt::WalkResult walk;
  Inventory::Notes notes;
  Usage total;
  std::vector<Row> resources;                // largest in the file first
  std::vector<Row> breakdown;                // as asked for, in the same order
  std::vector<Row> breakdown_totals;         // by part over all resources, if those share parts
  NamespaceRows namespaces;                  // if asked for; "other" first, the rest in no order
  std::vector<FieldRow> fields;              // if asked for, the largest first
  std::optional<Removable> removable;        // if asked for
  std::optional<std::int64_t> end_time;      // seconds since 1970; see Inventory
  std::vector<LargeObject> largest_objects;  // the ten largest that live, the largest first
  Parts parts;
  Forecast forecast;

  // Pages that the walk reached: what Status calls in use, unless a read transaction pins pages.
  std::uint64_t used_bytes() const { return walk.reached_pages * walk.meta.page_bytes; }
  // By how much that falls when everything up to the newest revision is compacted.
  std::uint64_t compaction_bytes() const { return forecast.compaction_bytes; }
  // About the size of the file after that and a defragmentation.
  std::uint64_t defragmented_bytes() const { return forecast.defragmented_bytes; }
  // False when a part of the file could not be read. History is then at least what is shown; not so
  // what lives: where a newer version was lost, or a delete, an older version counts as live.
  bool complete() const { return problem.empty(); }
  // One line on what could not be read, empty if nothing.
  std::string problem;
};

// How to read without taking disk or memory from etcd.
struct Background {
  std::uint64_t bytes_per_second = 0;  // of what is not in the page cache; see PacedPageReader
  std::size_t max_keys = 0;            // distinct ones; KeyHistory says what each takes
  std::stop_token stop;
};

// Reads an etcd database file, or a snapshot of one, whether or not an etcd is writing to it. A
// file that has changed under the reader so that a part could not be read is read once again.
// Fails, in one line with the path, on what cannot be read at all or is no database of etcd's.
// `on_progress`: pages read, of how many; never reaches the latter when some are free.
// With `background`, not null, also ResourceExhausted past its keys and Cancelled when asked to
// stop.
absl::StatusOr<Analysis> Analyze(const std::string& path, const Question& question,
                                 absl::FunctionRef<void(std::uint64_t, std::uint64_t)> on_progress,
                                 const Background* background = nullptr);

}  // namespace headroom::analyze
