#include "monitor/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"

namespace headroom {
namespace {

// The fields of /proc/self/stat from the third on (proc(5) counts from 1); the second, the name,
// may hold blanks and brackets.
std::optional<std::vector<double>> ReadStat() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(") ");
  if (name_end == std::string::npos) return std::nullopt;
  std::vector<double> fields{0, 0, 0};
  for (const std::string& word :
       std::vector<std::string>(absl::StrSplit(text.substr(name_end + 2), ' '))) {
    double value = 0;
    std::from_chars(word.data(), word.data() + word.size(), value);
    fields.push_back(value);
  }
  constexpr std::size_t kFieldsUsed = 25;
  if (fields.size() < kFieldsUsed) return std::nullopt;
  return fields;
}

// Unix time at which the machine booted, in seconds.
std::optional<double> ReadBootTime() {
  std::ifstream file("/proc/stat");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  }
  return std::nullopt;
}

}  // namespace

ProcessFacts ReadProcess() {
  ProcessFacts facts;
  if (const auto stat = ReadStat()) {
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page_bytes = static_cast<double>(sysconf(_SC_PAGESIZE));
    // Field numbers of proc(5): utime 14, stime 15, starttime 22, vsize 23, rss 24.
    facts.cpu_seconds = ((*stat)[14] + (*stat)[15]) / ticks;
    facts.virtual_bytes = (*stat)[23];
    facts.resident_bytes = (*stat)[24] * page_bytes;
    static const auto boot_time = ReadBootTime();
    if (boot_time) facts.start_time_seconds = *boot_time + (*stat)[22] / ticks;
  }
  std::error_code error;
  std::size_t open = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
       !error && entry != end; entry.increment(error)) {
    ++open;
  }
  // The listing itself holds one.
  if (!error && open > 0) facts.open_fds = static_cast<double>(open - 1);
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) facts.max_fds = static_cast<double>(limit.rlim_cur);
  return facts;
}

}  // namespace headroom
