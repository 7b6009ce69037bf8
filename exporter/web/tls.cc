#include "web/tls.h"

#include <openssl/ssl.h>

#include "absl/strings/str_cat.h"

namespace headroom::web {
namespace {

using Context = std::shared_ptr<ssl_ctx_st>;

Context NewContext() {
  Context context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (context == nullptr) return context;
  // No session outlives its connection: a client that loses the CA's trust is out at once.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_NO_COMPRESSION | SSL_OP_SINGLE_ECDH_USE);
  // Idle connections keep no buffers.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

int AcceptAny(int, X509_STORE_CTX*) { return 1; }

// As OpenSSL calls them; of TLS 1.3 there is no choice, so its suites are checked alone.
absl::StatusOr<std::string> CipherList(const std::vector<std::string>& names) {
  const Context all = NewContext();
  SSL_CTX_set_cipher_list(all.get(), "ALL");
  std::string list;
  for (const std::string& name : names) {
    const SSL_CIPHER* found = nullptr;
    const auto* known = SSL_CTX_get_ciphers(all.get());
    for (int i = 0; i < sk_SSL_CIPHER_num(known) && found == nullptr; ++i) {
      const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(known, i);
      if (SSL_CIPHER_standard_name(cipher) == name) found = cipher;
    }
    if (found == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("tls_server_config.cipher_suites: ", name, " is not supported"));
    }
    if (name.find("_WITH_") != std::string::npos)
      absl::StrAppend(&list, list.empty() ? "" : ":", SSL_CIPHER_get_name(found));
  }
  return list;
}

void SetVerification(SSL_CTX* context, ClientAuth auth) {
  constexpr int kMust = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  switch (auth) {
    case ClientAuth::kNone:
      return SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    case ClientAuth::kRequest:
      return SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &AcceptAny);
    case ClientAuth::kRequireAny:
      return SSL_CTX_set_verify(context, kMust, &AcceptAny);
    case ClientAuth::kVerifyIfGiven:
      return SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    case ClientAuth::kRequireAndVerify:
      return SSL_CTX_set_verify(context, kMust, nullptr);
  }
}

// SSL_set_SSL_CTX() takes over the certificate, its CA and the ciphers, not these.
void TakeOver(SSL* connection, SSL_CTX* context) {
  SSL_set_SSL_CTX(connection, context);
  SSL_set_verify(connection, SSL_CTX_get_verify_mode(context),
                 SSL_CTX_get_verify_callback(context));
  SSL_set_min_proto_version(connection, static_cast<int>(SSL_CTX_get_min_proto_version(context)));
  SSL_set_max_proto_version(connection, static_cast<int>(SSL_CTX_get_max_proto_version(context)));
  SSL_set_options(connection, SSL_CTX_get_options(context) & SSL_OP_CIPHER_SERVER_PREFERENCE);
}

int OnClientHello(SSL* connection, int* alert, void* argument) {
  const Context chosen = (*static_cast<const ChooseContext*>(argument))();
  if (chosen == nullptr) {
    *alert = SSL_AD_INTERNAL_ERROR;
    return SSL_CLIENT_HELLO_ERROR;
  }
  TakeOver(connection, chosen.get());
  return SSL_CLIENT_HELLO_SUCCESS;
}

}  // namespace

absl::StatusOr<Context> MakeTlsContext(const TlsConfig& config, const TlsTexts& texts) {
  Context context = NewContext();
  if (context == nullptr) return absl::InternalError("OpenSSL gives no TLS context");
  SSL_CTX_set_min_proto_version(context.get(), config.min_version);
  SSL_CTX_set_max_proto_version(context.get(), config.max_version);
  if (config.prefer_server_cipher_suites)
    SSL_CTX_set_options(context.get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
  auto ciphers = CipherList(config.cipher_suites);
  if (!ciphers.ok()) return ciphers.status();
  if (!config.cipher_suites.empty() && ciphers->empty() && config.min_version < TLS1_3_VERSION) {
    return absl::InvalidArgumentError(
        "tls_server_config.cipher_suites: none is of TLS 1.2: set min_version to TLS13");
  }
  if (!ciphers->empty() && SSL_CTX_set_cipher_list(context.get(), ciphers->c_str()) != 1)
    return absl::InvalidArgumentError("tls_server_config.cipher_suites: OpenSSL takes none");
  if (auto used = pem::UsePair(context.get(), texts.certificate, texts.key); !used.ok())
    return used;
  if (!texts.client_ca.text.empty()) {
    if (auto used = pem::UseCa(context.get(), texts.client_ca, /*tell_clients=*/true); !used.ok())
      return used;
  }
  SetVerification(context.get(), config.client_auth);
  return context;
}

Context MakeChoosingContext(const ChooseContext& choose) {
  Context context = NewContext();
  if (context == nullptr) return context;
  SSL_CTX_set_client_hello_cb(context.get(), &OnClientHello, const_cast<ChooseContext*>(&choose));
  return context;
}

}  // namespace headroom::web
