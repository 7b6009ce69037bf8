#include "tally.h"

#include <algorithm>
#include <iomanip>
#include <ios>
#include <sstream>

namespace headroom::loadgen {
namespace {

std::uint64_t Writes(const Counts& counts) {
  return counts.creates + counts.updates + counts.deletes;
}

void AddWrite(Counts& counts, Op op, std::uint64_t put_bytes) {
  switch (op) {
    case Op::kCreate:
      ++counts.creates;
      break;
    case Op::kUpdate:
      ++counts.updates;
      break;
    case Op::kDelete:
      ++counts.deletes;
      break;
  }
  if (op != Op::kDelete) counts.put_bytes += put_bytes;
}

std::string Name(std::size_t resource) {
  return resource < AllResources().size() ? LabelOf(AllResources()[resource]) : "compact_rev_key";
}

void WriteCounts(std::ostream& out, const Counts& counts) {
  out << R"("creates":)" << counts.creates << R"(,"updates":)" << counts.updates << R"(,"deletes":)"
      << counts.deletes << R"(,"put_bytes":)" << counts.put_bytes;
}

}  // namespace

void Tally::Add(std::size_t resource, std::string_view manager, Op op, std::uint64_t put_bytes,
                std::int64_t revision) {
  AddWrite(by_resource.at(resource), op, put_bytes);
  AddWrite(by_manager[{resource, manager}], op, put_bytes);
  last_revision = std::max(last_revision, revision);
}

Counts Tally::Total() const {
  Counts total;
  for (const Counts& counts : by_resource) {
    total.creates += counts.creates;
    total.updates += counts.updates;
    total.deletes += counts.deletes;
    total.put_bytes += counts.put_bytes;
  }
  return total;
}

std::string Tally::ProgressLine(double seconds) const {
  const Counts total = Total();
  std::ostringstream out;
  out << std::fixed << std::setprecision(0) << seconds << " s: " << Writes(total) << " writes ("
      << total.creates << " creates, " << total.updates << " updates, " << total.deletes
      << " deletes), " << refused << " refused, " << errors << " errors, " << total.put_bytes
      << " bytes put, revision " << last_revision;
  return out.str();
}

std::string Tally::Json(double seconds, double preload_seconds) const {
  const Counts total = Total();
  std::ostringstream out;
  out << R"({"writes":)" << Writes(total) << ',';
  WriteCounts(out, total);
  out << R"(,"refused":)" << refused << R"(,"errors":)" << errors << R"(,"conflicts":)" << conflicts
      << R"(,"leases_granted":)" << leases_granted << R"(,"compactions":)" << compactions
      << R"(,"last_revision":)" << last_revision << std::fixed << std::setprecision(3)
      << R"(,"seconds":)" << seconds << R"(,"preload_seconds":)" << preload_seconds
      << R"(,"p50_ms":)" << latencies.Percentile(0.5) << R"(,"p99_ms":)"
      << latencies.Percentile(0.99) << R"(,"resources":{)";
  const char* separator = "";
  for (std::size_t i = 0; i < by_resource.size(); ++i) {
    if (Writes(by_resource[i]) == 0) continue;
    out << separator << '"' << Name(i) << R"(":{)";
    WriteCounts(out, by_resource[i]);
    out << '}';
    separator = ",";
  }
  out << R"(},"managers":[)";
  separator = "";
  for (const auto& [of, counts] : by_manager) {
    out << separator << R"({"resource":")" << Name(of.first) << R"(","manager":")" << of.second
        << R"(",)";
    WriteCounts(out, counts);
    out << '}';
    separator = ",";
  }
  out << "]}";
  return out.str();
}

}  // namespace headroom::loadgen
