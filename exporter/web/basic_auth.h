#pragma once

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace headroom::web {

// Whether `hash` is one of bcrypt: $2a$, $2b$ or $2y$.
bool IsBcrypt(const std::string& hash);

// Checks HTTP's basic authentication. A user's last good password is remembered as a keyed digest,
// so that a scrape does not cost a bcrypt each time. Thread-safe.
class BasicAuth {
 public:
  BasicAuth();

  // Whether `authorization`, the header's value, has the name and password of one of `users` (name
  // to bcrypt hash). Other passwords are checked one at a time, and refused unchecked while four
  // wait, so that guessing does not take all workers of the server. An unknown name takes as long
  // as a known one.
  bool Admits(const std::map<std::string, std::string>& users, std::string_view authorization);

 private:
  using Digest = std::array<unsigned char, 32>;

  Digest DigestOf(const std::string& hash, const std::string& password) const;
  bool Remembers(const std::string& user, const Digest& digest);

  std::array<unsigned char, 32> secret_{};  // of this process
  std::mutex bcrypt_;                       // held during the expensive part
  std::atomic<int> waiting_ = 0;            // for it
  std::mutex mutex_;
  std::map<std::string, Digest> good_;  // by user; guarded by mutex_
};

}  // namespace headroom::web
