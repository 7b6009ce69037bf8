#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "accounting/key_history.h"
#include "accounting/resource_table.h"
#include "analyze/breakdown.h"
#include "analyze/large_objects.h"
#include "analyze/namespace_table.h"
#include "analyze/object_survey.h"
#include "analyze/page_forecast.h"
#include "analyze/part_table.h"
#include "analyze/question.h"
#include "analyze/usage.h"
#include "bbolt/etcd_records.h"
#include "bbolt/walk.h"
#include "kubernetes/registry_key.h"

namespace headroom::analyze {

// The sums of rows by part, largest in the file first. They have no resource.
std::vector<Row> TotalsByPart(const std::vector<Row>& rows);

// Takes in all records of an etcd database: who has what stored, and what etcd notes about itself.
// Bounded beside what KeyHistory takes: kMostResources, the rest being "other"; the parts of
// PartTable; the namespaces of NamespaceTable; and kMostPaths.
class Inventory final : public bbolt::Visitor {
 public:
  static constexpr std::size_t kMostResources = 2'000;

  // `on_progress` must outlive this.
  Inventory(const Question& question,
            absl::FunctionRef<void(std::uint64_t, std::uint64_t)> on_progress);

  void OnBranch() override { branch_begins_ = true; }
  void OnLeaf(const bbolt::LeafPage& leaf) override;
  void OnRecord(std::string_view bucket, std::string_view key, std::string_view value) override;
  void OnProgress(std::uint64_t pages, std::uint64_t of) override { on_progress_(pages, of); }

  // What the bucket `meta` says, and the newest revision there is; nullopt where the file does not.
  struct Notes {
    std::optional<std::int64_t> revision;
    std::optional<std::int64_t> compacted_revision;
    std::optional<std::int64_t>
        scheduled_compaction;  // above the one before while one is under way
    std::optional<std::uint64_t> consistent_index;
    std::vector<bbolt::StoredAlarm> alarms;
    // Revisions, which are in no count but in stored bytes, and alarms.
    std::uint64_t undecodable_records = 0;
  };
  const Notes& notes() const { return notes_; }
  // Distinct ones so far, in the bucket `key`.
  std::size_t keys() {
    CountPending();
    return history_.keys();
  }

  // To be called once, after the walk; before it, page bytes are without branches. `bucket_bytes`:
  // all pages of the bucket `key`, which the page bytes of all resources then add up to.
  PageForecast::Result Finish(std::uint64_t bucket_bytes);
  // The largest live ones, the largest first.
  const std::vector<LargeObject>& largest_objects() {
    CountPending();
    return large_.objects();
  }

  ObjectSurvey& survey() {
    CountPending();
    return survey_;
  }
  // See FileClock; nullopt unless the breakdown is by age.
  std::optional<std::int64_t> end_time() const { return part_reader_.end_time(); }

  // Largest in the file first.
  std::vector<Row> Resources();
  // To be called once, last; if asked for. They add up to what the resources have.
  NamespaceRows TakeNamespaces() {
    CountPending();
    return std::move(namespaces_).Take();
  }
  // Those of the breakdown, in the same order. The parts of a resource add up to it.
  std::vector<Row> Parts();

 private:
  // A revision that has been read and waits until its place in the history is in the processor's
  // cache: to wait for it at once would take as long as all the rest.
  struct Pending {
    std::uint64_t key_hash = 0;
    std::uint64_t bytes = 0;
    std::uint64_t stored_bytes = 0;
    std::uint64_t of_pages = 0;               // see Usage::live_page_bytes
    Usage* part = nullptr;                    // null without a breakdown
    const std::string* key = nullptr;         // of one that is among the largest if it is live
    std::uint64_t leaf_pages = 0;             // of the leaf page that begins with it; else 0
    NamespaceTable::Id object_namespace = 0;  // 0 where they are not asked for
    accounting::ResourceId resource = 0;
    bool tombstone = false;
    bool begins_branch = false;
  };
  static constexpr std::size_t kPending = 16;
  static constexpr std::size_t kMostPaths = 10'000;  // keys of further ones are read each time

  // What keys with the same ResourcePath share.
  struct Path {
    accounting::ResourceId resource = 0;
    bool has_namespaces = false;
  };

  // What a record has of its leaf page, in bytes.
  std::uint64_t ShareOfLeaf(std::uint64_t stored_bytes);
  void Take(Pending& revision, std::string_view key, std::string_view value);
  void Count(std::size_t place);  // in pending_
  void CountPending();
  void OnRevision(std::string_view key, std::string_view value);
  // Good until the next call.
  std::string_view CopyOf(std::string_view key);
  // Sets the resource, and the namespace if asked for.
  void Locate(std::string_view key, Pending& revision);
  void OnMeta(std::string_view key, std::string_view value);
  void OnLease(std::string_view value);
  // Null where the breakdown has none.
  Usage* PartOf(accounting::ResourceId resource, std::string_view key, std::string_view value);

  absl::FunctionRef<void(std::uint64_t, std::uint64_t)> on_progress_;
  Breakdown by_;
  kubernetes::RegistryKeyReader keys_;
  PartReader part_reader_;
  accounting::KeyHistory history_;
  accounting::ResourceTable resources_{kMostResources};
  // By the hash of a key's ResourcePath: to read the key takes much longer than to look here.
  absl::flat_hash_map<std::uint64_t, Path> by_path_;
  std::vector<Usage> usage_ = std::vector<Usage>(1);  // by ResourceId; at first there is "other"
  const bool adds_up_namespaces_;
  NamespaceTable namespaces_;
  PartTable parts_;
  std::array<Pending, kPending> pending_;  // a ring
  std::size_t taken_ = 0;  // revisions, of which the last kPending at most are pending
  std::array<std::string, kPending> pending_keys_;    // of those in pending_ that need one
  std::array<std::string, kPending> pending_values_;  // of all, if the survey reads them

  std::uint32_t page_bytes_ = 0;
  std::uint64_t leaf_begins_ = 0;  // its pages, until its first record is taken
  bool branch_begins_ = false;     // until its first record is taken
  double share_of_byte_ = 1;       // bytes of the leaf page for each that a record has
  double share_left_ = 0;          // of the leaf page
  double share_carried_ = 0;       // below a byte
  PageForecast forecast_;
  LargeObjects large_;
  ObjectSurvey survey_;
  Notes notes_;
  // A copy of what is looked at more than once: the file may change meanwhile.
  std::string key_;  // as long as the longest
};

}  // namespace headroom::analyze
