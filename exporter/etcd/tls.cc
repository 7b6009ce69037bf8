#include "etcd/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "pem/pem.h"

namespace headroom::etcd {
namespace {

// Nothing where OpenSSL cannot read the date.
std::optional<std::chrono::system_clock::time_point> Expiry(const X509* certificate) {
  std::tm utc{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &utc) != 1)
    return std::nullopt;
  return std::chrono::system_clock::from_time_t(timegm(&utc));
}

}  // namespace

TlsCredentials::~TlsCredentials() { SSL_CTX_free(context_); }

absl::StatusOr<std::shared_ptr<const TlsCredentials>> TlsCredentials::Load(const TlsFiles& files) {
  std::shared_ptr<TlsCredentials> credentials(new TlsCredentials);
  credentials->server_name_ = files.server_name;
  credentials->context_ = SSL_CTX_new(TLS_client_method());
  if (credentials->context_ == nullptr) return absl::InternalError("OpenSSL gives no TLS context");
  SSL_CTX_set_min_proto_version(credentials->context_, TLS1_2_VERSION);
  SSL_CTX_set_verify(credentials->context_, SSL_VERIFY_PEER, nullptr);

  auto ca = pem::Read(files.ca, "CA file");
  if (!ca.ok()) return ca.status();
  if (auto used = pem::UseCa(credentials->context_, *ca, /*tell_clients=*/false); !used.ok())
    return used;
  credentials->ca_pem_ = std::move(ca->text);
  if (!files.certificate.empty()) {
    auto certificate = pem::Read(files.certificate, "certificate");
    if (!certificate.ok()) return certificate.status();
    auto key = pem::Read(files.key, "key");
    if (!key.ok()) return key.status();
    if (auto used = pem::UsePair(credentials->context_, *certificate, *key); !used.ok())
      return used;
    credentials->certificate_pem_ = std::move(certificate->text);
    credentials->key_pem_ = std::move(key->text);
    credentials->certificate_expiry_ = Expiry(SSL_CTX_get0_certificate(credentials->context_));
  }
  if (!files.user.empty()) {
    auto password = pem::Read(files.password, "password file");
    if (!password.ok()) return password.status();
    credentials->user_ = files.user;
    // An editor ends the file with a line break, which is none of the password.
    credentials->password_ =
        std::string(absl::StripSuffix(absl::StripSuffix(password->text, "\n"), "\r"));
    if (credentials->password_.empty())
      return absl::InvalidArgumentError(absl::StrCat(password->name, ": is empty"));
  }
  return credentials;
}

std::shared_ptr<Login> TlsCredentials::LoginAt(
    const std::string& host_port, absl::FunctionRef<std::shared_ptr<Login>()> make) const {
  const std::lock_guard lock(mutex_);
  auto& login = logins_[host_port];
  if (login == nullptr) login = make();
  return login;
}

}  // namespace headroom::etcd
