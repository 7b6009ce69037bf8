#include "monitor/object_sweep.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "kubernetes/resource_prefix.h"
#include "logging/log.h"

namespace headroom {
namespace {

// etcd's own words: a range that ends with the zero byte has no end.
const std::string kZero(1, '\0');

constexpr std::int64_t kMaxCustomResources = 10'000;
constexpr std::size_t kMaxSlow = 10'000;

// What keys are made of beyond their prefix, ascending.
constexpr std::string_view kNext = "-./0123456789:abcdefghijklmnopqrstuvwxyz";

// The first key after all that begin with `prefix`, whose last byte is none of 0xff.
std::string EndOf(std::string prefix) {
  ++prefix.back();
  return prefix;
}

bool IsEmpty(const etcd::KeyRange& range) { return range.end != kZero && range.begin >= range.end; }

}  // namespace

absl::StatusOr<ObjectSweep::Objects> ObjectSweep::Run(KeyReader& reader) {
  objects_.clear();
  unnamed_ = 0;
  const auto named = NamedResources(reader);
  if (!named.ok()) return named.status();
  std::string counted_up_to = kZero;
  for (const Named& resource : *named) {
    if (auto gap = CountGap(reader, {counted_up_to, resource.key_prefix}); !gap.ok()) return gap;
    if (auto counted = CountPrefix(reader, resource); !counted.ok()) return counted;
    counted_up_to = EndOf(resource.key_prefix);
  }
  if (auto gap = CountGap(reader, {counted_up_to, kZero}); !gap.ok()) return gap;
  return std::move(objects_);
}

absl::StatusOr<std::vector<ObjectSweep::Named>> ObjectSweep::NamedResources(
    KeyReader& reader) const {
  std::vector<Named> named;
  const auto add = [&named](kubernetes::ResourcePrefix prefix) {
    named.push_back({std::move(prefix.key_prefix), std::move(prefix.resource)});
  };
  for (const std::string& prefix : keys_.prefixes()) {
    std::ranges::for_each(kubernetes::BuiltInPrefixes(prefix), add);
    const std::string crds = prefix + "apiextensions.k8s.io/customresourcedefinitions/";
    const auto names = reader.Keys({crds, EndOf(crds)}, kMaxCustomResources);
    if (!names.ok()) return names.status();
    for (const std::string& key : *names) {
      if (auto custom = kubernetes::CustomResourcePrefix(prefix, key.substr(crds.size())))
        add(*std::move(custom));
    }
  }
  std::ranges::sort(named, {}, &Named::key_prefix);
  named.erase(
      std::unique(named.begin(), named.end(),
                  [](const Named& a, const Named& b) { return a.key_prefix == b.key_prefix; }),
      named.end());
  return named;
}

absl::Status ObjectSweep::CountPrefix(KeyReader& reader, const Named& named) {
  const auto keys = CountRange(reader, {named.key_prefix, EndOf(named.key_prefix)});
  if (!keys.ok()) return keys.status();
  if (*keys > 0) objects_[named.resource] += static_cast<std::uint64_t>(*keys);
  return absl::OkStatus();
}

// Nearly always there is nothing between two resources that are known by name.
absl::Status ObjectSweep::CountGap(KeyReader& reader, etcd::KeyRange gap) {
  if (IsEmpty(gap)) return absl::OkStatus();
  const auto all = CountRange(reader, gap);
  if (!all.ok()) return all.status();
  for (std::int64_t left = *all; left > 0;) {
    if (++unnamed_ > kMaxUnnamed) return CountUnnamed(reader, gap, left);
    const auto first = reader.Keys(gap, 1);
    if (!first.ok()) return first.status();
    if (first->empty()) return absl::DataLossError("etcd counts keys that it does not list");
    const etcd::KeyRange range = RangeOfResource(first->front(), gap);
    const auto keys = CountRange(reader, range);
    if (!keys.ok()) return keys.status();
    objects_[std::string(keys_.Read(first->front()).resource)] += static_cast<std::uint64_t>(*keys);
    left -= *keys;
    gap.begin = range.end;
  }
  return absl::OkStatus();
}

absl::Status ObjectSweep::CountUnnamed(KeyReader& reader, const etcd::KeyRange& gap,
                                       std::int64_t left) {
  log::Warn("more resources than are counted one by one; the rest counts as other",
            {{"objects", static_cast<std::int64_t>(left)}});
  // What gets a name later would miss the objects that are "other" now.
  keys_.foreign().Close();
  for (const std::string& path : keys_.foreign().paths()) {
    etcd::KeyRange range{std::max(path, gap.begin), EndOf(path)};
    if (gap.end != kZero) range.end = std::min(range.end, gap.end);
    if (IsEmpty(range)) continue;
    const auto keys = CountRange(reader, range);
    if (!keys.ok()) return keys.status();
    objects_[std::string(keys_.Read(path).resource)] += static_cast<std::uint64_t>(*keys);
    left -= *keys;
  }
  objects_[std::string(kubernetes::kOtherResource)] += static_cast<std::uint64_t>(left);
  return absl::OkStatus();
}

etcd::KeyRange ObjectSweep::RangeOfResource(const std::string& key, const etcd::KeyRange& within) {
  const std::string path(keys_.ResourcePath(key));
  std::string end = within.end;
  const auto end_at = [&end](std::string earlier) {
    if (end == kZero || earlier < end) end = std::move(earlier);
  };
  if (path.empty() && keys_.foreign().closed()) {
    // Of "other", up to the next key that has a name.
    for (const std::string& prefix : keys_.prefixes()) {
      if (prefix > key) end_at(prefix);
    }
    for (const std::string& foreign : keys_.foreign().paths()) {
      if (foreign > key) end_at(foreign);
    }
    if (kubernetes::kCompactRevisionKey > key) {
      end_at(std::string(kubernetes::kCompactRevisionKey));
    }
  } else if (path.ends_with('/')) {
    end_at(EndOf(path));
  } else {
    end_at(key + kZero);
  }
  return {key, std::move(end)};
}

absl::StatusOr<std::int64_t> ObjectSweep::CountRange(KeyReader& reader,
                                                     const etcd::KeyRange& range) {
  if (!slow_.contains(range)) return CountAtOnce(reader, range);
  std::int64_t keys = 0;
  etcd::KeyRange part{range.begin, ""};
  for (const char next : kNext) {
    part.end = range.begin + next;
    if (range.end != kZero && part.end >= range.end) break;
    const auto counted = CountRange(reader, part);
    if (!counted.ok()) return counted.status();
    keys += *counted;
    part.begin = part.end;
  }
  part.end = range.end;
  // What no character divides stays in one piece.
  const auto counted = part == range ? CountAtOnce(reader, part) : CountRange(reader, part);
  if (!counted.ok()) return counted.status();
  return keys + *counted;
}

absl::StatusOr<std::int64_t> ObjectSweep::CountAtOnce(KeyReader& reader,
                                                      const etcd::KeyRange& range) {
  const auto counted = reader.Count(range);
  const bool slow =
      counted.ok() ? counted->took > kSlow : absl::IsDeadlineExceeded(counted.status());
  if (slow && slow_.size() < kMaxSlow) slow_.insert(range);
  if (!counted.ok()) return counted.status();
  return counted->keys;
}

}  // namespace headroom
