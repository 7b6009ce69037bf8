#include "support/certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace headroom::support {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr long kSecondsADay = 86'400;

void Check(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

Bio MemoryBio() { return {BIO_new(BIO_s_mem()), &BIO_free}; }

std::string Text(const Bio& bio) {
  std::string text(BIO_ctrl_pending(bio.get()), '\0');
  const int size = BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
  Check(size == static_cast<int>(text.size()), "BIO_read");
  return text;
}

std::string Pem(X509* certificate) {
  const Bio bio = MemoryBio();
  Check(PEM_write_bio_X509(bio.get(), certificate) == 1, "PEM_write_bio_X509");
  return Text(bio);
}

std::string Pem(EVP_PKEY* key, const EVP_CIPHER* cipher, const char* passphrase) {
  const Bio bio = MemoryBio();
  const int length = static_cast<int>(std::string(passphrase).size());
  Check(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, passphrase, length, nullptr,
                                      nullptr) == 1,
        "PEM_write_bio_PKCS8PrivateKey");
  return Text(bio);
}

Key NewKey() {
  Key key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free};
  Check(key != nullptr, "EVP_PKEY_Q_keygen");
  return key;
}

void AddExtension(X509* certificate, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  Check(extension != nullptr, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Not yet signed, issued by itself.
Certificate NewCertificate(const std::string& name, EVP_PKEY* key) {
  static long serial = 0;
  Certificate certificate{X509_new(), &X509_free};
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kSecondsADay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kSecondsADay);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  return certificate;
}

}  // namespace

Authority::Authority(const std::string& name) {
  Key key = NewKey();
  Certificate certificate = NewCertificate(name, key.get());
  AddExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  Check(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "X509_sign");
  pem_ = Pem(certificate.get());
  key_ = key.release();
  certificate_ = certificate.release();
}

Authority::~Authority() {
  EVP_PKEY_free(key_);
  X509_free(certificate_);
}

Identity Authority::Issue(const std::string& name, const std::string& alternative_names) const {
  const Key key = NewKey();
  const Certificate certificate = NewCertificate(name, key.get());
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate_));
  if (!alternative_names.empty())
    AddExtension(certificate.get(), NID_subject_alt_name, alternative_names);
  Check(X509_sign(certificate.get(), key_, EVP_sha256()) > 0, "X509_sign");
  return {.certificate = Pem(certificate.get()), .key = Pem(key.get(), nullptr, "")};
}

std::string Encrypted(const std::string& key_pem) {
  const Bio bio{BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())), &BIO_free};
  const Key key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  Check(key != nullptr, "PEM_read_bio_PrivateKey");
  return Pem(key.get(), EVP_aes_256_cbc(), "passphrase");
}

}  // namespace headroom::support
