#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "analyze/question.h"
#include "analyze/removable.h"
#include "kubernetes/object_fields.h"

namespace headroom::analyze {

// What the live objects of a resource are made of.
struct FieldRow {
  std::string resource;
  std::uint64_t live_bytes = 0;  // keys and values: as Usage::live_bytes
  kubernetes::FieldBytes fields;

  std::uint64_t rest() const {
    return live_bytes - fields.managed_fields - fields.annotations - fields.status;
  }
  FieldRow& operator+=(const FieldRow& more) {
    live_bytes += more.live_bytes;
    fields += more.fields;
    return *this;
  }
};

// Reads the live objects, the newest first, for those questions that need their values.
class ObjectSurvey {
 public:
  explicit ObjectSurvey(const Question& question)
      : reads_fields_(question.fields),
        finds_removable_(question.removable),
        most_judged_(question.most_judged) {}

  bool wanted() const { return reads_fields_ || finds_removable_; }
  // `value`: any bytes. `bytes`: of key and value.
  void Add(std::string_view resource, std::string_view value, std::uint64_t bytes);
  void SeeLease(std::int64_t ttl_seconds) { removable_.SeeLease(ttl_seconds); }

  // The largest first; empty if not asked for.
  std::vector<FieldRow> Fields() const;
  // nullopt if not asked for, or past Question::most_judged. `complete`: see RemovableFinder.
  std::optional<Removable> FindRemovable(bool complete);

 private:
  const bool reads_fields_;
  bool finds_removable_;
  const std::size_t most_judged_;
  std::size_t judged_ = 0;
  absl::flat_hash_map<std::string, FieldRow> fields_;  // of as many resources as Inventory has
  RemovableFinder removable_;
};

}  // namespace headroom::analyze
