// Prints the metric catalogue, exporter/METRICS.md, from the table that pages are made of.

#include "exposition/catalogue.h"

#include <cstdio>

namespace {

void Print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

}  // namespace

int main() {
  Print(
      "# Metrics\n\nGenerated from `exporter/exposition/catalogue.h` by `make catalogue`; do not "
      "edit.\n"
      "Unknown is absent, never zero.\n");
  for (const auto& section : headroom::metrics::Catalogue()) {
    Print("\n## ");
    Print(section.title);
    Print("\n\n| Name | Type | Labels | Meaning |\n|---|---|---|---|\n");
    for (const headroom::Metric* metric : section.metrics) {
      Print("| `");
      Print(metric->name);
      Print(metric->type == prometheus::MetricType::Counter ? "` | counter | " : "` | gauge | ");
      Print(metric->labels);
      Print(" | ");
      Print(metric->help);
      Print(" |\n");
    }
  }
  return 0;
}
