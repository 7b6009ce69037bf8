#pragma once

#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace headroom::support {

// A certificate and its key as PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

// A certificate authority that lives as long as a test.
class Authority {
 public:
  explicit Authority(const std::string& name);
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority();

  const std::string& certificate() const { return pem_; }
  // `alternative_names` in OpenSSL's way: "IP:127.0.0.1,DNS:etcd-0"; none when empty.
  Identity Issue(const std::string& name, const std::string& alternative_names = "") const;

 private:
  evp_pkey_st* key_;
  x509_st* certificate_;
  std::string pem_;
};

// The same key, only to be read with a passphrase.
std::string Encrypted(const std::string& key_pem);

}  // namespace headroom::support
