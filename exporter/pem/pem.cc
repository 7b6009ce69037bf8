#include "pem/pem.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "files/small_file.h"

namespace headroom::pem {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using PrivateKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Bio MemoryBio(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

Certificate NextCertificate(BIO* bio) {
  return {PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), &X509_free};
}

// An encrypted key cannot be used by a daemon: the empty passphrase makes OpenSSL fail instead of
// asking a terminal.
int NoPassphrase(char*, int, int, void*) { return 0; }

absl::Status Wrong(const Named& pem, std::string_view problem) {
  ERR_clear_error();
  return absl::InvalidArgumentError(absl::StrCat(pem.name, ": ", std::string(problem)));
}

}  // namespace

absl::StatusOr<Named> Read(const std::string& path, std::string_view what) {
  auto text = ReadSmallFile(path);
  if (!text.ok()) {
    return absl::Status(text.status().code(),
                        absl::StrCat(std::string(what), " ", text.status().message()));
  }
  return Named{absl::StrCat(std::string(what), " ", path), *std::move(text)};
}

absl::Status UseCa(ssl_ctx_st* context, const Named& ca, bool tell_clients) {
  const Bio bio = MemoryBio(ca.text);
  int count = 0;
  for (Certificate each = NextCertificate(bio.get()); each; each = NextCertificate(bio.get())) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), each.get());
    if (tell_clients) SSL_CTX_add_client_CA(context, each.get());
    ++count;
  }
  ERR_clear_error();
  return count > 0 ? absl::OkStatus() : Wrong(ca, "no PEM certificate in it");
}

absl::Status UsePair(ssl_ctx_st* context, const Named& certificate, const Named& key) {
  const Bio bio = MemoryBio(certificate.text);
  const Certificate leaf = NextCertificate(bio.get());
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1)
    return Wrong(certificate, "no PEM certificate in it");
  for (Certificate link = NextCertificate(bio.get()); link; link = NextCertificate(bio.get())) {
    SSL_CTX_add1_chain_cert(context, link.get());
  }
  const Bio key_bio = MemoryBio(key.text);
  const PrivateKey private_key{
      PEM_read_bio_PrivateKey(key_bio.get(), nullptr, &NoPassphrase, nullptr), &EVP_PKEY_free};
  if (!private_key) return Wrong(key, "no unencrypted PEM private key in it");
  if (X509_check_private_key(leaf.get(), private_key.get()) != 1)
    return Wrong(key, absl::StrCat("does not belong to ", certificate.name));
  SSL_CTX_use_PrivateKey(context, private_key.get());
  ERR_clear_error();
  return absl::OkStatus();
}

}  // namespace headroom::pem
