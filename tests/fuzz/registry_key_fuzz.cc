#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kubernetes/label_text.h"
#include "kubernetes/registry_key.h"

using headroom::kubernetes::LabelText;
using headroom::kubernetes::NamespaceIn;
using headroom::kubernetes::RegistryKey;
using headroom::kubernetes::RegistryKeyReader;

namespace {

void Check(const RegistryKey& key) {
  if (key.is_foreign) {
    LabelText label;
    const std::string_view name = key.resource;
    if (name.empty() || label.Fit(name).data() != name.data()) abort();
    if (key.malformed || !key.object_namespace.empty()) abort();
    return;
  }
  constexpr std::string_view kOfANamespace = "abcdefghijklmnopqrstuvwxyz0123456789-";
  constexpr std::string_view kOfAResource = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  if (key.resource.empty() || key.resource.size() > headroom::kubernetes::kMaxResourceBytes)
    abort();
  const bool is_own_label = key.resource == headroom::kubernetes::kCompactRevisionKey;
  if (!is_own_label && key.resource.find_first_not_of(kOfAResource) != std::string_view::npos) {
    abort();
  }
  if (key.object_namespace.size() > headroom::kubernetes::kMaxNamespaceBytes) abort();
  if (key.object_namespace.find_first_not_of(kOfANamespace) != std::string_view::npos) abort();
  if (key.malformed && !key.object_namespace.empty()) abort();
}

}  // namespace

// Any bytes are a key, and what they say is fit for labels.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view key(reinterpret_cast<const char*>(data), size);
  RegistryKeyReader usual;
  Check(usual.Read(key));
  RegistryKeyReader whole_key_space({"/"});
  const RegistryKey read = whole_key_space.Read(key);
  Check(read);
  if (HasNamespaces(read)) {
    const std::string_view path = key.substr(whole_key_space.ResourcePath(key).size());
    if (NamespaceIn(path) != read.object_namespace) abort();
  }
  return 0;
}
