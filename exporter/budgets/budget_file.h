#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "budgets/budgets.h"

namespace headroom::budgets {

// The budgets in their file's newest valid state, by the rules of etcd::RotatingCredentials: while
// the file is missing or broken the last good ones stay in use. Thread-safe.
class BudgetFile {
 public:
  // How old the budgets in use may be before the file is read again.
  static constexpr std::chrono::seconds kMaxAge{10};
  using Clock = std::chrono::steady_clock;

  // An error is one line with the path.
  static absl::StatusOr<std::shared_ptr<BudgetFile>> Open(std::string path);

  // Never null. Reads the file if the last look at it is kMaxAge ago.
  std::shared_ptr<const Budgets> Current(Clock::time_point now = Clock::now());

 private:
  BudgetFile(std::string path, std::string text, Budgets budgets)
      : path_(std::move(path)),
        text_(std::move(text)),
        current_(std::make_shared<const Budgets>(std::move(budgets))) {}

  void ReadLocked(Clock::time_point now);
  void LogProblem(const std::string& problem, Clock::time_point now);

  const std::string path_;
  std::mutex mutex_;  // guards all below
  std::string text_;  // of the budgets in use
  std::shared_ptr<const Budgets> current_;
  Clock::time_point read_at_ = Clock::now();
  // Since when the file has been unusable, and whether that is in the log.
  Clock::time_point unusable_since_ = Clock::time_point::max();
  bool logged_ = false;
};

}  // namespace headroom::budgets
