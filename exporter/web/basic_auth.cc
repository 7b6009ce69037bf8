#include "web/basic_auth.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"

namespace headroom::web {
namespace {

struct NameAndPassword {
  std::string name;
  std::string password;
};

// Nothing for another scheme, or for a password with a NUL, which crypt() would cut.
std::optional<NameAndPassword> Parse(std::string_view authorization) {
  constexpr std::string_view kScheme = "Basic ";
  const absl::string_view header(authorization.data(), authorization.size());
  if (!absl::StartsWithIgnoreCase(header, {kScheme.data(), kScheme.size()})) return std::nullopt;
  std::string text;
  if (!absl::Base64Unescape(header.substr(kScheme.size()), &text)) return std::nullopt;
  const auto colon = text.find(':');
  if (colon == std::string::npos || text.find('\0') != std::string::npos) return std::nullopt;
  return NameAndPassword{text.substr(0, colon), text.substr(colon + 1)};
}

constexpr int kMostWaiting = 4;

// Counts itself.
class Waiting {
 public:
  explicit Waiting(std::atomic<int>& count) : count_(count), before_(count++) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { --count_; }
  int before() const { return before_; }

 private:
  std::atomic<int>& count_;
  const int before_;
};

bool Matches(const std::string& hash, const std::string& password) {
  const auto scratch = std::make_unique<crypt_data>();  // 32 KiB
  const char* made = crypt_r(password.c_str(), hash.c_str(), scratch.get());
  return made != nullptr && std::string_view(made).size() == hash.size() &&
         CRYPTO_memcmp(made, hash.data(), hash.size()) == 0;
}

}  // namespace

// By hand: crypt_checksalt() takes an impossible cost, too.
bool IsBcrypt(const std::string& hash) {
  constexpr std::size_t kLength = 60;
  if (hash.size() != kLength) return false;
  const std::string_view prefix = std::string_view(hash).substr(0, 4);
  const std::string_view cost = std::string_view(hash).substr(4, 3);
  return (prefix == "$2a$" || prefix == "$2b$" || prefix == "$2y$") && cost >= "04$" &&
         cost <= "31$" && absl::ascii_isdigit(static_cast<unsigned char>(cost[1])) &&
         cost[2] == '$' && std::ranges::all_of(std::string_view(hash).substr(7), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '/';
         });
}

BasicAuth::BasicAuth() { RAND_bytes(secret_.data(), static_cast<int>(secret_.size())); }

bool BasicAuth::Admits(const std::map<std::string, std::string>& users,
                       std::string_view authorization) {
  const auto given = Parse(authorization);
  if (!given || users.empty()) return false;
  const auto user = users.find(given->name);
  const bool known = user != users.end();
  const std::string& hash = known ? user->second : users.begin()->second;
  const Digest digest = DigestOf(hash, given->password);
  if (known && Remembers(given->name, digest)) return true;
  const Waiting waiting(waiting_);
  if (waiting.before() >= kMostWaiting) return false;
  const std::lock_guard one_at_a_time(bcrypt_);
  if (known && Remembers(given->name, digest)) return true;
  if (!Matches(hash, given->password) || !known) return false;
  const std::lock_guard lock(mutex_);
  // Of users that a later configuration leaves out none is asked for again.
  std::erase_if(good_, [&users](const auto& kept) { return !users.contains(kept.first); });
  good_[given->name] = digest;
  return true;
}

BasicAuth::Digest BasicAuth::DigestOf(const std::string& hash, const std::string& password) const {
  // The hash has one length, so nothing needs to stand between the two.
  const std::string text = hash + password;
  Digest digest{};
  HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), nullptr);
  return digest;
}

bool BasicAuth::Remembers(const std::string& user, const Digest& digest) {
  const std::lock_guard lock(mutex_);
  const auto found = good_.find(user);
  return found != good_.end() &&
         CRYPTO_memcmp(found->second.data(), digest.data(), digest.size()) == 0;
}

}  // namespace headroom::web
