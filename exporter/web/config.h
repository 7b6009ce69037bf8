#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

// The file of --web.config.file: who may read the pages, and how. Its format is that of
// prometheus/exporter-toolkit.
namespace headroom::web {

// By the names of Go's crypto/tls: what the server asks of its clients.
enum class ClientAuth { kNone, kRequest, kRequireAny, kVerifyIfGiven, kRequireAndVerify };

// PEM text, in the configuration itself or in a file of its own. Neither: not given.
struct PemSource {
  std::string text;
  std::string file;

  bool empty() const { return text.empty() && file.empty(); }
};

struct TlsConfig {
  PemSource certificate;
  PemSource key;
  PemSource client_ca;
  ClientAuth client_auth = ClientAuth::kNone;
  int min_version = 0x0303;  // as on the wire: TLS 1.2
  int max_version = 0x0304;  // TLS 1.3
  // IANA's names. Empty: OpenSSL's own choice. They govern TLS 1.2 alone.
  std::vector<std::string> cipher_suites;
  bool prefer_server_cipher_suites = true;
};

struct Config {
  std::optional<TlsConfig> tls;  // nothing: plain HTTP
  std::vector<std::pair<std::string, std::string>> headers;
  std::map<std::string, std::string> users;  // name to bcrypt hash; empty: nobody needs a password
};

// Reads no other file; their paths are below `folder` unless absolute. InvalidArgument names line
// and key of what is wrong, also of a key that is not supported, and holds no secret.
absl::StatusOr<Config> ParseConfig(std::string_view text, const std::filesystem::path& folder);

}  // namespace headroom::web
