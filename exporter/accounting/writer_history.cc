#include "accounting/writer_history.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace headroom::accounting {
namespace {

std::uint32_t Capped(std::uint64_t bytes) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(bytes, std::numeric_limits<std::uint32_t>::max()));
}

std::vector<WriterBytes> HeaviestFirst(const std::map<WriterName, std::uint64_t>& writers) {
  std::vector<WriterBytes> heaviest;
  for (const auto& [writer, bytes] : writers) heaviest.push_back({writer, bytes});
  std::ranges::stable_sort(heaviest, std::ranges::greater(), &WriterBytes::bytes);
  return heaviest;
}

}  // namespace

std::size_t WriterHistory::FirstPlace(WriterKind kind) {
  std::size_t first = 0;
  for (std::size_t before = 0; before < static_cast<std::size_t>(kind); ++before)
    first += kPlaces.at(before);
  return first;
}

void WriterHistory::Add(std::int64_t minute, WriterKind kind, const WriterName& writer,
                        std::uint64_t bytes) {
  if (minute > minute_) {
    Close();
    minute_ = minute;
  }
  open_.at(static_cast<std::size_t>(kind))[writer] += bytes;
}

void WriterHistory::Close() {
  if (std::ranges::all_of(open_, &Open::empty)) return;
  // In its place at once: the names it takes are in use.
  Step& step = steps_.Write(minute_);
  step = {};
  for (std::size_t kind = 0; kind < kWriterKinds; ++kind) {
    const auto writers = HeaviestFirst(open_.at(kind));
    std::uint64_t total = 0;
    for (const WriterBytes& of : writers) total += of.bytes;
    step.totals.at(kind) = Capped(total);
    const std::size_t first = FirstPlace(static_cast<WriterKind>(kind));
    for (std::size_t i = 0; i < std::min(kPlaces.at(kind), writers.size()); ++i) {
      step.names.at(first + i) = NumberOf(writers[i].writer);
      step.bytes.at(first + i) = Capped(writers[i].bytes);
    }
    open_.at(kind).clear();
  }
}

std::uint16_t WriterHistory::NumberOf(const WriterName& writer) {
  auto known = std::ranges::find(names_, writer);
  if (known == names_.end() && names_.size() < kMaxNames) {
    known = names_.insert(names_.end(), writer);
  } else if (known == names_.end()) {
    ForgetUnused();
    known = std::ranges::find(names_, WriterName());
    if (known == names_.end()) return kFree;
    *known = writer;
  }
  return static_cast<std::uint16_t>(known - names_.begin());
}

void WriterHistory::ForgetUnused() {
  std::vector<bool> used(names_.size());
  for (std::int64_t minute = minute_ - kDayMinutes; minute <= minute_; ++minute) {
    const Step* step = steps_.Find(minute);
    if (step == nullptr) continue;
    for (const std::uint16_t name : step->names) {
      if (name != kFree) used[name] = true;
    }
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!used[i]) names_[i] = {};
  }
}

WriterSum WriterHistory::Sum(WriterKind kind, std::int64_t now, std::int64_t minutes) const {
  WriterSum sum;
  std::map<WriterName, std::uint64_t> writers;
  const auto index = static_cast<std::size_t>(kind);
  const std::size_t first = FirstPlace(kind);
  for (std::int64_t minute = now - minutes + 1; minute <= now; ++minute) {
    const Step* step = steps_.Find(minute);
    if (step == nullptr) continue;
    sum.total_bytes += step->totals.at(index);
    for (std::size_t place = first; place < first + kPlaces.at(index); ++place) {
      if (step->names.at(place) != kFree)
        writers[names_[step->names.at(place)]] += step->bytes.at(place);
    }
  }
  if (minute_ > now - minutes && minute_ <= now) {
    for (const auto& [writer, bytes] : open_.at(index)) {
      writers[writer] += bytes;
      sum.total_bytes += bytes;
    }
  }
  sum.heaviest = HeaviestFirst(writers);
  return sum;
}

}  // namespace headroom::accounting
