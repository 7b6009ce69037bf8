#include "budgets/budget_file.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "files/small_file.h"
#include "logging/log.h"

namespace headroom::budgets {
namespace {

absl::StatusOr<Budgets> ParseFile(const std::string& path, const std::string& text) {
  auto budgets = ParseBudgets(text);
  if (budgets.ok()) return budgets;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", budgets.status().message()));
}

}  // namespace

absl::StatusOr<std::shared_ptr<BudgetFile>> BudgetFile::Open(std::string path) {
  auto text = ReadSmallFile(path);
  if (!text.ok()) return text.status();
  auto budgets = ParseFile(path, *text);
  if (!budgets.ok()) return budgets.status();
  return std::shared_ptr<BudgetFile>(
      new BudgetFile(std::move(path), *std::move(text), *std::move(budgets)));
}

std::shared_ptr<const Budgets> BudgetFile::Current(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (now - read_at_ >= kMaxAge) ReadLocked(now);
  return current_;
}

void BudgetFile::ReadLocked(Clock::time_point now) {
  read_at_ = now;
  auto text = ReadSmallFile(path_);
  if (!text.ok()) return LogProblem(std::string(text.status().message()), now);
  const bool differs = *text != text_;
  if (differs) {
    auto budgets = ParseFile(path_, *text);
    if (!budgets.ok()) return LogProblem(std::string(budgets.status().message()), now);
    current_ = std::make_shared<const Budgets>(*std::move(budgets));
    text_ = *std::move(text);
  }
  unusable_since_ = Clock::time_point::max();
  if (std::exchange(logged_, false) || differs)
    log::Info("the budgets are read again", {{"file", path_}});
}

// A file that is being replaced is nobody's concern; one that stays unusable is.
void BudgetFile::LogProblem(const std::string& problem, Clock::time_point now) {
  unusable_since_ = std::min(unusable_since_, now);
  if (now - unusable_since_ < kMaxAge || std::exchange(logged_, true)) return;
  log::Warn("the budget file is not usable; the last good one stays in use",
            {{"problem", problem}});
}

}  // namespace headroom::budgets
