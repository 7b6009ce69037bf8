#include "etcd/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"
#include "files/small_file.h"

namespace headroom::etcd {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using PrivateKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

absl::StatusOr<std::string> ReadPem(const std::string& path, std::string_view what) {
  auto text = ReadSmallFile(path);
  if (text.ok()) return text;
  return absl::Status(text.status().code(),
                      absl::StrCat(std::string(what), " ", text.status().message()));
}

Bio MemoryBio(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

Certificate NextCertificate(BIO* bio) {
  return {PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), &X509_free};
}

// An encrypted key cannot be used by a daemon: the empty passphrase makes OpenSSL fail instead of
// asking a terminal.
int NoPassphrase(char*, int, int, void*) { return 0; }

absl::Status Wrong(std::string_view what, const std::string& path, std::string_view problem) {
  ERR_clear_error();
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(what), " ", path, ": ", std::string(problem)));
}

absl::Status UseCa(ssl_ctx_st* context, const std::string& pem, const std::string& path) {
  const Bio bio = MemoryBio(pem);
  int count = 0;
  for (Certificate ca = NextCertificate(bio.get()); ca; ca = NextCertificate(bio.get())) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get());
    ++count;
  }
  ERR_clear_error();
  return count > 0 ? absl::OkStatus() : Wrong("CA file", path, "no PEM certificate in it");
}

// Nothing where OpenSSL cannot read the date.
std::optional<std::chrono::system_clock::time_point> Expiry(const X509* certificate) {
  std::tm utc{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &utc) != 1)
    return std::nullopt;
  return std::chrono::system_clock::from_time_t(timegm(&utc));
}

absl::Status UsePair(ssl_ctx_st* context, const std::string& certificate_pem,
                     const std::string& key_pem, const TlsFiles& files) {
  const Bio bio = MemoryBio(certificate_pem);
  const Certificate leaf = NextCertificate(bio.get());
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) {
    return Wrong("certificate", files.certificate, "no PEM certificate in it");
  }
  for (Certificate link = NextCertificate(bio.get()); link; link = NextCertificate(bio.get())) {
    SSL_CTX_add1_chain_cert(context, link.get());
  }
  const Bio key_bio = MemoryBio(key_pem);
  const PrivateKey key{PEM_read_bio_PrivateKey(key_bio.get(), nullptr, &NoPassphrase, nullptr),
                       &EVP_PKEY_free};
  if (!key) return Wrong("key", files.key, "no unencrypted PEM private key in it");
  if (X509_check_private_key(leaf.get(), key.get()) != 1) {
    return Wrong("key", files.key,
                 absl::StrCat("does not belong to certificate ", files.certificate));
  }
  SSL_CTX_use_PrivateKey(context, key.get());
  ERR_clear_error();
  return absl::OkStatus();
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

  auto ca = ReadPem(files.ca, "CA file");
  if (!ca.ok()) return ca.status();
  credentials->ca_pem_ = std::move(*ca);
  if (auto used = UseCa(credentials->context_, credentials->ca_pem_, files.ca); !used.ok())
    return used;
  if (!files.certificate.empty()) {
    auto certificate = ReadPem(files.certificate, "certificate");
    if (!certificate.ok()) return certificate.status();
    auto key = ReadPem(files.key, "key");
    if (!key.ok()) return key.status();
    credentials->certificate_pem_ = std::move(*certificate);
    credentials->key_pem_ = std::move(*key);
    auto used =
        UsePair(credentials->context_, credentials->certificate_pem_, credentials->key_pem_, files);
    if (!used.ok()) return used;
    credentials->certificate_expiry_ = Expiry(SSL_CTX_get0_certificate(credentials->context_));
  }
  return credentials;
}

}  // namespace headroom::etcd
