#include "web/config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "web/basic_auth.h"

namespace headroom::web {
namespace {

// Takes the value of the key whose full name is given.
using Take = std::function<absl::Status(const YAML::Node& value, const std::string& name)>;
using Keys = std::map<std::string, Take>;

absl::Status Wrong(const YAML::Node& node, const std::string& name, const std::string& what) {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", node.Mark().line + 1, ": ", name, ": ", what));
}

// Calls `take` for each key of a map, each of which may be there once.
absl::Status TakeEach(
    const YAML::Node& map, const std::string& name,
    const std::function<absl::Status(const std::string& key, const YAML::Node& at,
                                     const YAML::Node& value, const std::string& name)>& take) {
  if (map.IsNull()) return absl::OkStatus();
  if (!map.IsMap())
    return Wrong(map, name.empty() ? "the file" : name, "expected `key: value` pairs");
  std::set<std::string> seen;
  for (const auto& pair : map) {
    if (!pair.first.IsScalar()) return Wrong(pair.first, name, "a key is not plain text");
    const std::string& key = pair.first.Scalar();
    const std::string full = name.empty() ? key : absl::StrCat(name, ".", key);
    if (!seen.insert(key).second) return Wrong(pair.first, full, "given twice");
    if (auto taken = take(key, pair.first, pair.second, full); !taken.ok()) return taken;
  }
  return absl::OkStatus();
}

Take Section(Keys keys) {
  return [keys = std::move(keys)](const YAML::Node& section, const std::string& name) {
    return TakeEach(section, name,
                    [&keys](const std::string& key, const YAML::Node& at, const YAML::Node& value,
                            const std::string& full) {
                      const auto found = keys.find(key);
                      return found == keys.end() ? Wrong(at, full, "not supported")
                                                 : found->second(value, full);
                    });
  };
}

Take Text(std::string& into) {
  return [&into](const YAML::Node& value, const std::string& name) {
    if (!value.IsScalar() && !value.IsNull()) return Wrong(value, name, "expected plain text");
    into = value.IsNull() ? "" : value.Scalar();
    return absl::OkStatus();
  };
}

Take Texts(std::vector<std::string>& into) {
  return [&into](const YAML::Node& value, const std::string& name) {
    if (!value.IsSequence() && !value.IsNull()) return Wrong(value, name, "expected a list");
    for (const YAML::Node& item : value) {
      if (!item.IsScalar()) return Wrong(item, name, "expected a list of plain text");
      into.push_back(item.Scalar());
    }
    return absl::OkStatus();
  };
}

// One of a few words.
template <typename Value>
Take OneOf(std::map<std::string, Value> words, Value& into) {
  return [words = std::move(words), &into](const YAML::Node& value, const std::string& name) {
    const auto found = value.IsScalar() ? words.find(value.Scalar()) : words.end();
    if (found == words.end()) {
      return Wrong(
          value, name,
          absl::StrCat("expected ", absl::StrJoin(words, ", ", [](auto* out, const auto& word) {
                         absl::StrAppend(out, word.first);
                       })));
    }
    into = found->second;
    return absl::OkStatus();
  };
}

const std::map<std::string, ClientAuth> kClientAuth = {
    {"NoClientCert", ClientAuth::kNone},
    {"RequestClientCert", ClientAuth::kRequest},
    {"RequireAnyClientCert", ClientAuth::kRequireAny},
    {"RequireClientCert", ClientAuth::kRequireAny},
    {"VerifyClientCertIfGiven", ClientAuth::kVerifyIfGiven},
    {"RequireAndVerifyClientCert", ClientAuth::kRequireAndVerify}};
// Debian's OpenSSL speaks nothing older.
const std::map<std::string, int> kVersions = {{"TLS12", 0x0303}, {"TLS13", 0x0304}};

Take Tls(std::optional<TlsConfig>& into) {
  return [&into](const YAML::Node& section, const std::string& name) {
    TlsConfig tls;
    const Keys keys = {
        {"cert", Text(tls.certificate.text)},
        {"cert_file", Text(tls.certificate.file)},
        {"key", Text(tls.key.text)},
        {"key_file", Text(tls.key.file)},
        {"client_ca", Text(tls.client_ca.text)},
        {"client_ca_file", Text(tls.client_ca.file)},
        {"client_auth_type", OneOf(kClientAuth, tls.client_auth)},
        {"min_version", OneOf(kVersions, tls.min_version)},
        {"max_version", OneOf(kVersions, tls.max_version)},
        {"cipher_suites", Texts(tls.cipher_suites)},
        {"prefer_server_cipher_suites",
         OneOf<bool>({{"true", true}, {"false", false}}, tls.prefer_server_cipher_suites)}};
    if (auto taken = Section(keys)(section, name); !taken.ok()) return taken;
    if (section.size() == 0) return absl::OkStatus();
    const auto wrong = [&](const std::string& key, const std::string& what) {
      return Wrong(section, absl::StrCat(name, ".", key), what);
    };
    for (const auto& [key, pem] : {std::pair("cert", &tls.certificate), std::pair("key", &tls.key),
                                   std::pair("client_ca", &tls.client_ca)}) {
      if (!pem->text.empty() && !pem->file.empty())
        return wrong(key, absl::StrCat("given beside ", key, "_file"));
    }
    if (tls.certificate.empty()) return wrong("cert_file", "missing");
    if (tls.key.empty()) return wrong("key_file", "missing");
    if (tls.client_auth == ClientAuth::kRequireAndVerify && tls.client_ca.empty())
      return wrong("client_ca_file", "missing, so that nobody could read the pages");
    if (tls.client_auth == ClientAuth::kNone && !tls.client_ca.empty())
      return wrong("client_auth_type", "missing, so that client_ca_file has no effect");
    if (tls.max_version < tls.min_version) return wrong("max_version", "below min_version");
    into = std::move(tls);
    return absl::OkStatus();
  };
}

// exporter-toolkit's closed list, with the values it accepts; any where there are none.
const std::map<std::string, std::vector<std::string>> kHeaders = {
    {"Content-Security-Policy", {}},
    {"Strict-Transport-Security", {}},
    {"X-Content-Type-Options", {"nosniff"}},
    {"X-Frame-Options", {"deny", "sameorigin"}},
    {"X-XSS-Protection", {}}};

Take Headers(std::vector<std::pair<std::string, std::string>>& into) {
  return [&into](const YAML::Node& section, const std::string& name) {
    return TakeEach(
        section, name,
        [&into](const std::string& key, const YAML::Node& at, const YAML::Node& value,
                const std::string& full) {
          const auto known = kHeaders.find(key);
          if (known == kHeaders.end()) return Wrong(at, full, "not supported");
          std::string text;
          if (auto taken = Text(text)(value, full); !taken.ok()) return taken;
          if (std::ranges::any_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }))
            return Wrong(value, full, "has more than one line");
          if (!known->second.empty() &&
              std::ranges::find(known->second, text) == known->second.end())
            return Wrong(value, full, "expected " + absl::StrJoin(known->second, " or "));
          if (!text.empty()) into.emplace_back(key, text);
          return absl::OkStatus();
        });
  };
}

Take Users(std::map<std::string, std::string>& into) {
  return [&into](const YAML::Node& section, const std::string& name) {
    return TakeEach(section, name,
                    [&into](const std::string& user, const YAML::Node&, const YAML::Node& value,
                            const std::string& full) {
                      if (!value.IsScalar() || !IsBcrypt(value.Scalar()))
                        return Wrong(value, full, "the password is no bcrypt hash");
                      into[user] = value.Scalar();
                      return absl::OkStatus();
                    });
  };
}

}  // namespace

absl::StatusOr<Config> ParseConfig(std::string_view text, const std::filesystem::path& folder) {
  Config config;
  bool http2 = false;
  const Take file =
      Section({{"tls_server_config", Tls(config.tls)},
               {"http_server_config", Section({{"http2", OneOf<bool>({{"false", false}}, http2)},
                                               {"headers", Headers(config.headers)}})},
               {"basic_auth_users", Users(config.users)}});
  try {
    if (auto taken = file(YAML::Load(std::string(text)), ""); !taken.ok()) return taken;
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("line ", error.mark.line + 1, ": ", error.msg));
  }
  if (config.tls) {
    for (PemSource* pem : {&config.tls->certificate, &config.tls->key, &config.tls->client_ca})
      if (!pem->file.empty()) pem->file = folder / pem->file;
  }
  return config;
}

}  // namespace headroom::web
