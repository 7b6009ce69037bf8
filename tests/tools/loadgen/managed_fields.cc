#include "managed_fields.h"

#include <algorithm>
#include <array>

#include "event_kinds.h"

namespace headroom::loadgen {
namespace {

// Of an entry without its fields and names.
constexpr std::size_t kEntryBytes = 60;
constexpr std::string_view kBegin = R"({"f:spec":{)";
constexpr std::string_view kEnd = "}}";

// Fields one after another, each of as many bytes.
constexpr std::string_view kField = R"("f:aaaaaaaaaa":{},)";
constexpr std::size_t kBlockFields = 4096;
using Block = std::array<char, kBlockFields * kField.size()>;

Block MakeBlock() {
  Block block{};
  Random letters(11);
  for (std::size_t at = 0; at < block.size(); at += kField.size()) {
    std::ranges::copy(kField, block.begin() + static_cast<std::ptrdiff_t>(at));
    for (std::size_t i = 3; i < 13; ++i) {
      block.at(at + i) = "abcdefghijklmnopqrstuvwxyz"[letters.Below(26)];
    }
  }
  return block;
}

}  // namespace

std::string_view ManagerOf(const Resource& resource, const Identity& identity) {
  if (resource.nature == Nature::kEvents) return EventKindFor(identity.hash).manager;
  return resource.manager;
}

std::string FieldsV1(const Resource& resource, std::size_t value_bytes, Random& random) {
  static const Block kBlock = MakeBlock();
  const std::size_t others = kEntryBytes + resource.manager.size() + resource.api_version.size() +
                             kBegin.size() + kEnd.size();
  const std::size_t wanted = value_bytes * resource.managed_percent / 100;
  std::size_t fields = wanted > others ? (wanted - others) / kField.size() : 0;
  if (fields == 0) return "{}";
  std::string json(kBegin);
  json.reserve(wanted);
  while (fields > 0) {
    const std::size_t taken = std::min(fields, kBlockFields / 2);
    json.append(kBlock.data() + random.Below(kBlockFields - taken) * kField.size(),
                taken * kField.size());
    fields -= taken;
  }
  json.pop_back();  // the comma
  json += kEnd;
  return json;
}

}  // namespace headroom::loadgen
