#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "budgets/budgets.h"
#include "files/last_good.h"

namespace headroom::budgets {

// The budgets in their file's newest valid state, by the rules of etcd's certificates. Thread-safe.
class BudgetFile {
 public:
  // An error is one line with the path.
  static absl::StatusOr<std::shared_ptr<BudgetFile>> Open(const std::string& path);

 private:
  struct Loaded {
    std::string text;
    Budgets budgets;

    bool SameAs(const Loaded& other) const { return text == other.text; }
  };
  using File = LastGood<Loaded>;

 public:
  static constexpr auto kMaxAge = File::kMaxAge;
  using Clock = File::Clock;

  // Never null. Reads the file if the last look at it is kMaxAge ago.
  std::shared_ptr<const Budgets> Current(Clock::time_point now = Clock::now());

 private:
  BudgetFile(const std::string& path, std::shared_ptr<const Loaded> loaded);
  static absl::StatusOr<std::shared_ptr<const Loaded>> Load(const std::string& path);

  const std::string path_;
  std::mutex mutex_;
  File file_;  // guarded by mutex_
};

}  // namespace headroom::budgets
