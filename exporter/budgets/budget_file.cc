#include "budgets/budget_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "files/small_file.h"
#include "logging/log.h"

namespace headroom::budgets {

BudgetFile::BudgetFile(const std::string& path, std::shared_ptr<const Loaded> loaded)
    : path_(path), file_([path] { return Load(path); }, std::move(loaded)) {}

absl::StatusOr<std::shared_ptr<const BudgetFile::Loaded>> BudgetFile::Load(
    const std::string& path) {
  auto text = ReadSmallFile(path);
  if (!text.ok()) return text.status();
  auto budgets = ParseBudgets(*text);
  if (!budgets.ok())
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", budgets.status().message()));
  return std::make_shared<const Loaded>(Loaded{*std::move(text), *std::move(budgets)});
}

absl::StatusOr<std::shared_ptr<BudgetFile>> BudgetFile::Open(const std::string& path) {
  auto loaded = Load(path);
  if (!loaded.ok()) return loaded.status();
  return std::shared_ptr<BudgetFile>(new BudgetFile(path, *std::move(loaded)));
}

std::shared_ptr<const Budgets> BudgetFile::Current(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const File::News news = file_.ReadWhenDue(now);
  if (news == File::News::kUnusable) {
    log::Warn("the budget file is not usable; the last good one stays in use",
              {{"problem", file_.problem()}});
  } else if (news != File::News::kNone) {
    log::Info("the budgets are read again", {{"file", path_}});
  }
  return {file_.value(), &file_.value()->budgets};
}

}  // namespace headroom::budgets
