#include "node/api_server.h"

#include <string_view>

#include "absl/strings/str_split.h"

namespace headroom::node {
namespace {

using std::filesystem::path;

// All words of a container, those of a script among them.
std::vector<std::string> AllWords(const Container& container) {
  std::vector<std::string> words;
  for (const auto* list : {&container.command, &container.args}) {
    for (const std::string& text : *list) {
      const std::vector<std::string> parts =
          absl::StrSplit(text, absl::ByAnyChar(" \t\n\\"), absl::SkipEmpty());
      words.insert(words.end(), parts.begin(), parts.end());
    }
  }
  return words;
}

// Of `--name=value` or `--name value`; the last one counts.
std::string Flag(const std::vector<std::string>& words, std::string_view name) {
  std::string value;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (!word.starts_with(name)) continue;
    word.remove_prefix(name.size());
    if (word.starts_with('=')) value = word.substr(1);
    if (word.empty() && i + 1 < words.size()) value = words[i + 1];
  }
  return IsUnknown(value) ? "" : value;
}

path OnNode(const Container& container, const std::string& file) {
  return file.empty() ? path() : HostPath(container, file).value_or(path());
}

std::string Variable(const Container& container, std::string_view name) {
  const auto value = container.environment.Get(name);
  return value && !IsUnknown(*value) ? std::string(*value) : "";
}

}  // namespace

std::optional<EtcdClient> ApiServerClient(const std::vector<Container>& containers) {
  for (const Container& container : containers) {
    const std::vector<std::string> words = AllWords(container);
    const std::string servers = Flag(words, "--etcd-servers");
    if (servers.empty()) continue;
    return EtcdClient{.servers = absl::StrSplit(servers, ','),
                      .overrides = absl::StrSplit(Flag(words, "--etcd-servers-overrides"), ',',
                                                  absl::SkipEmpty()),
                      .ca = OnNode(container, Flag(words, "--etcd-cafile")),
                      .certificate = OnNode(container, Flag(words, "--etcd-certfile")),
                      .key = OnNode(container, Flag(words, "--etcd-keyfile"))};
  }
  return std::nullopt;
}

std::optional<EtcdClient> EtcdctlClient(const std::vector<Container>& containers) {
  for (const Container& container : containers) {
    EtcdClient client{.ca = OnNode(container, Variable(container, "ETCDCTL_CACERT")),
                      .certificate = OnNode(container, Variable(container, "ETCDCTL_CERT")),
                      .key = OnNode(container, Variable(container, "ETCDCTL_KEY"))};
    if (!client.ca.empty() && !client.certificate.empty() && !client.key.empty()) return client;
  }
  return std::nullopt;
}

}  // namespace headroom::node
