#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "accounting/churn_ledger.h"
#include "accounting/resource_table.h"

namespace headroom::accounting {

// How many objects of each resource live: a count made once by reading, kept exact by the watch.
//
// The two meet at a pinned revision, which is where the watch itself stands: Pin(R) remembers the
// net changes seen so far, the reader counts all keys as of revision R while the watch goes on, and
// SetBaselines adds what has changed since the pin. So a change is never applied twice or missed,
// whenever the count comes back, and no revisions need to be kept.
//
// About 30 bytes a resource.
class ObjectCounts {
 public:
  // One key's change, each once, in the order of the watch.
  void Apply(ResourceId resource, WriteOp op);

  // All changes up to `revision`, and none above, have been applied: to be called between complete
  // responses (a revision may come in fragments).
  void Pin(std::int64_t revision);

  // How many objects lived at `at_revision`, by ResourceId; of resources that are not in it, none
  // did, whenever they are first met. False, and no effect, when that is not the pinned revision:
  // the pin has moved or was dropped while the count was under way.
  bool SetBaselines(const std::vector<std::uint64_t>& counts, std::int64_t at_revision);

  // After a gap: no count is known any more, and none is until the next Pin.
  void Invalidate();

  bool counted() const { return counted_; }
  // nullopt until counted. Should a baseline prove too low for the deletes seen, also nullopt.
  std::optional<std::uint64_t> Of(ResourceId resource) const;

 private:
  struct Account {
    std::int64_t net = 0;  // creates less deletes since the start
    std::int64_t net_at_pin = 0;
    std::int64_t base = 0;  // once counted: objects are base + net
  };

  Account& At(ResourceId resource);

  std::vector<Account> accounts_;  // by ResourceId
  std::optional<std::int64_t> pinned_revision_;
  bool counted_ = false;
};

}  // namespace headroom::accounting
