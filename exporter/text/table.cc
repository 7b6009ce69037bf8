#include "text/table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace headroom::text {

void AppendTable(std::string& text, const std::vector<Cells>& rows, std::size_t left) {
  std::vector<std::size_t> widths;
  for (const Cells& cells : rows) {
    widths.resize(std::max(widths.size(), cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  for (const Cells& cells : rows) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string padding(widths[i] - cells[i].size(), ' ');
      absl::StrAppend(&line, i == 0 ? "" : "  ", i < left ? cells[i] : padding,
                      i < left ? padding : cells[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&text, line, "\n");
  }
  text += "\n";
}

}  // namespace headroom::text
