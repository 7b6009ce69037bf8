#include "web/loaded_config.h"

#include <openssl/sha.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "files/small_file.h"
#include "web/tls.h"

namespace headroom::web {
namespace {

// `key` is the name in the configuration of text in place; that of a file ends in _file.
absl::StatusOr<pem::Named> ReadPem(const PemSource& source, const std::string& key) {
  const std::string name = absl::StrCat("tls_server_config.", key);
  if (source.file.empty()) return pem::Named{name, source.text};
  return pem::Read(source.file, absl::StrCat(name, "_file:"));
}

absl::StatusOr<TlsTexts> ReadTexts(const TlsConfig& config) {
  auto certificate = ReadPem(config.certificate, "cert");
  if (!certificate.ok()) return certificate.status();
  auto key = ReadPem(config.key, "key");
  if (!key.ok()) return key.status();
  auto client_ca = ReadPem(config.client_ca, "client_ca");
  if (!client_ca.ok()) return client_ca.status();
  return TlsTexts{*std::move(certificate), *std::move(key), *std::move(client_ca)};
}

std::string Sha256(const std::string& text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const LoadedConfig>> LoadedConfig::Load(const std::string& path) {
  const auto text = ReadSmallFile(path);
  if (!text.ok()) return text.status();
  const auto in_file = [&path](const absl::Status& status) {
    return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
  };
  auto config = ParseConfig(*text, std::filesystem::path(path).parent_path());
  if (!config.ok()) return in_file(config.status());
  std::shared_ptr<LoadedConfig> loaded(new LoadedConfig);
  loaded->fingerprint_ = Sha256(*text);
  if (config->tls) {
    const auto texts = ReadTexts(*config->tls);
    if (!texts.ok()) return in_file(texts.status());
    auto tls = MakeTlsContext(*config->tls, *texts);
    if (!tls.ok()) return in_file(tls.status());
    loaded->tls_ = *std::move(tls);
    for (const pem::Named* pem : {&texts->certificate, &texts->key, &texts->client_ca})
      loaded->fingerprint_ += Sha256(pem->text);
  }
  loaded->config_ = *std::move(config);
  return loaded;
}

}  // namespace headroom::web
