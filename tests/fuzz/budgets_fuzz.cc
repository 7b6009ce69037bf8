#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "budgets/budgets.h"

using headroom::budgets::Budget;

// Any text is read without a crash. A budget has a pattern and a size, and a namespace has one
// budget; what is refused is refused in one line that begins with its number.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto budgets = headroom::budgets::ParseBudgets(text);
  if (!budgets.ok()) {
    const std::string message(budgets.status().message());
    if (!message.starts_with("line ") || message.find('\n') != std::string::npos) abort();
    return 0;
  }
  for (const Budget& budget : *budgets) {
    if (budget.glob.empty() || !budget.BytesOf(std::uint64_t{1} << 33U)) abort();
    // A pattern without stars and question marks is a namespace.
    if (budget.glob.find_first_of("*?") != std::string::npos) continue;
    if (headroom::budgets::Find(*budgets, budget.glob) != &budget) abort();
  }
  return 0;
}
