#include "etcd/watch_message.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "support/wire.h"

namespace headroom::etcd {
namespace {

using test::Bytes;
using test::Number;
using test::Varint;

// An event as it was seen within the callback.
struct Seen {
  bool put = true;
  std::string key;
  std::int64_t create_revision = 0;
  std::int64_t mod_revision = 0;
  std::int64_t version = 0;
  std::int64_t lease = 0;
  std::size_t value_bytes = 0;
  std::string value_prefix;

  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << (seen.put ? "put " : "delete ") << seen.key.substr(0, 50) << " of "
             << seen.value_bytes << " bytes at " << seen.mod_revision;
}

bool WantsEvents(std::string_view key) { return key.starts_with("/registry/events/"); }

struct Result {
  absl::StatusOr<WatchHeader> header;
  std::vector<Seen> events;
};

// Values that nobody asked for are left out: whether they are there depends on the pieces.
Result Read(const std::vector<std::string_view>& pieces) {
  WatchMessageReader reader;
  Result result;
  result.header = reader.Read(pieces, WantsEvents, [&](const WatchEvent& event) {
    result.events.push_back(
        {.put = event.type == WatchEvent::Type::kPut,
         .key = std::string(event.key),
         .create_revision = event.create_revision,
         .mod_revision = event.mod_revision,
         .version = event.version,
         .lease = event.lease,
         .value_bytes = event.value_bytes,
         .value_prefix = std::string(WantsEvents(event.key) ? event.value_prefix : "")});
  });
  return result;
}

Result Read(std::string_view message) { return Read(std::vector{message}); }

std::string Header() {
  return Bytes(1, Number(1, 0xfedcba9876543210) + Number(2, 7) + Number(3, 812));
}

std::string Put(std::string_view key, std::string_view value, std::uint64_t revision,
                std::uint64_t version) {
  // etcd leaves a type of 0 out.
  return Bytes(
      11, Bytes(2, Bytes(1, key) + Number(2, revision - version + 1) + Number(3, revision) +
                       Number(4, version) + Bytes(5, value) + Number(6, 0x7fff'ffff'ffff'ffff)));
}

std::string Delete(std::string_view key, std::uint64_t revision) {
  return Bytes(11, Number(1, 1) + Bytes(2, Bytes(1, key) + Number(3, revision)));
}

TEST(WatchMessage, GivesPutsAndDeletesInOrder) {
  const auto result =
      Read(Header() + Put("/registry/pods/a/b", "12345", 811, 1) +
           Put("/registry/events/a/e", "event", 812, 4) + Delete("/registry/pods/a/c", 812));
  ASSERT_TRUE(result.header.ok()) << result.header.status();
  EXPECT_EQ(result.header->events, 3);
  ASSERT_EQ(result.events.size(), 3);
  EXPECT_EQ(result.events[0], (Seen{.key = "/registry/pods/a/b",
                                    .create_revision = 811,
                                    .mod_revision = 811,
                                    .version = 1,
                                    .lease = 0x7fff'ffff'ffff'ffff,
                                    .value_bytes = 5}));
  EXPECT_EQ(result.events[1], (Seen{.key = "/registry/events/a/e",
                                    .create_revision = 809,
                                    .mod_revision = 812,
                                    .version = 4,
                                    .lease = 0x7fff'ffff'ffff'ffff,
                                    .value_bytes = 5,
                                    .value_prefix = "event"}));
  EXPECT_EQ(result.events[2],
            (Seen{.put = false, .key = "/registry/pods/a/c", .mod_revision = 812}));
}

TEST(WatchMessage, GivesTheHeader) {
  const auto result = Read(Header() + Number(2, 3) + Number(3, 1) + Number(7, 1));
  ASSERT_TRUE(result.header.ok());
  EXPECT_EQ(result.header->cluster_id, 0xfedcba9876543210);
  EXPECT_EQ(result.header->member_id, 7);
  EXPECT_EQ(result.header->revision, 812);
  EXPECT_EQ(result.header->watch_id, 3);
  EXPECT_TRUE(result.header->created);
  EXPECT_FALSE(result.header->canceled);
  EXPECT_TRUE(result.header->fragment);
}

TEST(WatchMessage, GivesWhyAWatchWasCanceled) {
  const auto result = Read(Bytes(1, "") + Number(2, ~0ULL) + Number(3, 1) + Number(4, 1) +
                           Number(5, 4711) + Bytes(6, std::string(5000, 'r')));
  ASSERT_TRUE(result.header.ok());
  EXPECT_EQ(result.header->watch_id, -1);
  EXPECT_TRUE(result.header->canceled);
  EXPECT_EQ(result.header->compact_revision, 4711);
  EXPECT_EQ(result.header->cancel_reason, std::string(WatchMessageReader::kMaxCancelReason, 'r'));
}

// What follows was written by etcd 3.4.23 to a watch of the whole key space.
std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

TEST(WatchMessage, ReadsATransactionOfEtcds) {
  const auto result = Read(FromHex(
      "0a1a08b298eaf1948386fccd0110cdd2918bd2b881cf8e01180420025a2512230a142f72656769737472792f6576"
      "656e74732f612f651004180420012a02657630e7245a1c121a0a0f636f6d706163745f7265765f6b657910041804"
      "20012a0130"));
  ASSERT_TRUE(result.header.ok());
  EXPECT_EQ(result.header->revision, 4);
  EXPECT_EQ(result.events, (std::vector<Seen>{{.key = "/registry/events/a/e",
                                               .create_revision = 4,
                                               .mod_revision = 4,
                                               .version = 1,
                                               .lease = 4711,
                                               .value_bytes = 2,
                                               .value_prefix = "ev"},
                                              {.key = "compact_rev_key",
                                               .create_revision = 4,
                                               .mod_revision = 4,
                                               .version = 1,
                                               .value_bytes = 1}}));
}

TEST(WatchMessage, ReadsADeleteOfARangeOfEtcds) {
  const auto result = Read(FromHex(
      "0a1a08b298eaf1948386fccd0110cdd2918bd2b881cf8e01180520025a1c080112180a142f72656769737472792f"
      "6576656e74732f612f6518055a1a080112160a122f72656769737472792f706f64732f612f621805"));
  ASSERT_TRUE(result.header.ok());
  EXPECT_EQ(result.events,
            (std::vector<Seen>{{.put = false, .key = "/registry/events/a/e", .mod_revision = 5},
                               {.put = false, .key = "/registry/pods/a/b", .mod_revision = 5}}));
}

TEST(WatchMessage, ReadsProgressAndCancellationsOfEtcds) {
  const auto progress = Read(
      FromHex("0a1a08b298eaf1948386fccd0110cdd2918bd2b881cf8e011805200210ffffffffffffffffff01"));
  ASSERT_TRUE(progress.header.ok());
  EXPECT_EQ(progress.header->watch_id, -1);
  EXPECT_EQ(progress.header->revision, 5);
  EXPECT_EQ(progress.header->events, 0);
  const auto compacted =
      Read(FromHex("0a1808b298eaf1948386fccd0110cdd2918bd2b881cf8e012002100120012804"));
  ASSERT_TRUE(compacted.header.ok());
  EXPECT_EQ(compacted.header->watch_id, 1);
  EXPECT_TRUE(compacted.header->canceled);
  EXPECT_EQ(compacted.header->compact_revision, 4);
  EXPECT_EQ(compacted.header->revision, 0);
}

TEST(WatchMessage, CopiesNothingOfAMessageInOnePiece) {
  const std::string message =
      Header() + Put("/registry/pods/a/b", std::string(1'500'000, 'v'), 9, 1);
  const std::vector<std::string_view> pieces = {message};
  const auto within = [&](std::string_view view) {
    return view.data() >= message.data() &&
           view.data() + view.size() <= message.data() + message.size();
  };
  WatchMessageReader reader;
  const auto header = reader.Read(
      pieces, [](std::string_view) { return false; },
      [&](const WatchEvent& event) {
        EXPECT_TRUE(within(event.key));
        EXPECT_TRUE(within(event.value_prefix));
        EXPECT_EQ(event.value_bytes, 1'500'000);
        EXPECT_EQ(event.value_prefix.size(), WatchMessageReader::kMaxValuePrefix);
      });
  EXPECT_TRUE(header.ok());
}

TEST(WatchMessage, GivesOnlyTheStartOfALongValue) {
  const std::string value = std::string(70'000, 'a') + std::string(70'000, 'b');
  const std::string message = Put("/registry/events/a/e", value, 9, 1);
  const std::string_view whole = message;
  for (const std::size_t cut : {std::size_t{40}, std::size_t{60'000}, std::size_t{100'000}}) {
    const auto result = Read({whole.substr(0, cut), whole.substr(cut)});
    ASSERT_TRUE(result.header.ok()) << cut;
    EXPECT_EQ(result.events[0].value_bytes, value.size());
    EXPECT_EQ(result.events[0].value_prefix, value.substr(0, WatchMessageReader::kMaxValuePrefix));
  }
}

TEST(WatchMessage, AsksBeforeItCopiesAValueThatLiesInPieces) {
  const std::string message =
      Put("/registry/pods/a/b", "12345", 9, 1) + Put("/registry/events/a/e", "event", 9, 1);
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < message.size(); ++i) {
    bytes.push_back(std::string_view(message).substr(i, 1));
  }
  std::vector<std::string> asked;
  std::vector<std::string> values;
  WatchMessageReader reader;
  const auto header = reader.Read(
      bytes,
      [&](std::string_view key) {
        asked.emplace_back(key);
        return WantsEvents(key);
      },
      [&](const WatchEvent& event) { values.emplace_back(event.value_prefix); });
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(asked, (std::vector<std::string>{"/registry/pods/a/b", "/registry/events/a/e"}));
  EXPECT_EQ(values, (std::vector<std::string>{"", "event"}));
}

TEST(WatchMessage, DoesNotMindTheOrderOfFields) {
  const std::string message =
      Bytes(11, Bytes(2, Number(3, 9) + Bytes(5, "event") + Bytes(1, "/registry/events/a/e")) +
                    Number(1, 0)) +
      Number(7, 1) + Header();
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    const std::string_view whole = message;
    const auto result = Read({whole.substr(0, cut), whole.substr(cut)});
    ASSERT_TRUE(result.header.ok()) << cut;
    EXPECT_EQ(result.header->revision, 812);
    EXPECT_EQ(result.events, (std::vector<Seen>{{.key = "/registry/events/a/e",
                                                 .mod_revision = 9,
                                                 .value_bytes = 5,
                                                 .value_prefix = "event"}}));
  }
}

TEST(WatchMessage, PassesOverFieldsItDoesNotKnow) {
  const auto result = Read(Number(8, 1) + Bytes(9, "new") + Varint(10U << 3U | 5U) + "abcd" +
                           Bytes(11, Number(9, 1) + Bytes(2, Bytes(1, "k") + Number(9, 1)) +
                                         Bytes(3, Bytes(1, "previous"))) +
                           Varint(12U << 3U | 1U) + "abcdefgh");
  ASSERT_TRUE(result.header.ok());
  EXPECT_EQ(result.events, (std::vector<Seen>{{.key = "k"}}));
}

TEST(WatchMessage, ReadsTheSameWhateverThePieces) {
  std::string message = Header();
  for (std::uint64_t i = 0; i < 20; ++i) {
    message += Put("/registry/events/a/" + std::to_string(i), std::string(i * 37, 'v'), 9 + i, 1);
    message += Put("/registry/pods/a/" + std::to_string(i), std::string(i * 211, 'v'), 9 + i, 2);
    message += Delete("/registry/pods/a/x", 9 + i);
  }
  const Result whole = Read(message);
  ASSERT_TRUE(whole.header.ok());
  ASSERT_EQ(whole.events.size(), 60);
  std::minstd_rand random(1);
  for (std::size_t longest = 2; longest < 1000; longest += 5) {
    std::vector<std::string_view> pieces;
    std::string_view rest = message;
    while (!rest.empty()) {
      const std::size_t size = std::min<std::size_t>(rest.size(), random() % longest);
      pieces.push_back(rest.substr(0, size));
      rest.remove_prefix(size);
    }
    const Result cut = Read(pieces);
    ASSERT_TRUE(cut.header.ok());
    ASSERT_EQ(cut.events, whole.events);
  }
}

TEST(WatchMessage, IsEmptyWhenThereAreNoBytes) {
  EXPECT_TRUE(Read(std::vector<std::string_view>{}).header.ok());
  EXPECT_TRUE(Read("").events.empty());
}

TEST(WatchMessage, FailsWhenItIsCutAnywhereButBetweenFields) {
  const std::string message = Put("/registry/pods/a/b", "12345", 9, 1);
  for (std::size_t size = 1; size < message.size(); ++size) {
    const auto result = Read(std::string_view(message).substr(0, size));
    EXPECT_EQ(result.header.status().code(), absl::StatusCode::kInvalidArgument) << size;
    EXPECT_TRUE(result.events.empty()) << size;
  }
}

TEST(WatchMessage, FailsOnBytesThatAreNoWatchResponse) {
  const std::string kv = Bytes(1, "k");
  for (const std::string& message : {
           std::string("\0", 1),                                          // field 0
           Header() + std::string("\0", 1),                               //
           std::string(11, '\xff'),                                       // a varint without an end
           Number(2, 1) + std::string(11, '\xff'),                        //
           Varint(11U << 3U | 2U) + Varint(~0ULL),                        // a length past 2^31
           Varint(11U << 3U | 2U) + Varint(5) + "ab",                     // a length past the end
           Varint(11U << 3U | 3U),                                        // a group without an end
           Varint(11U << 3U | 6U),                                        // no such wire type
           Bytes(11, ""),                                                 // an event without a key
           Bytes(11, Bytes(2, Bytes(1, ""))),                             //
           Bytes(11, Number(1, 2) + Bytes(2, kv)),                        // no such event type
           Bytes(11, Varint(2U << 3U | 2U) + Varint(9) + kv) + "abcdef",  // past what holds it
       }) {
    EXPECT_EQ(Read(message).header.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(WatchMessage, HandsOnTheEventsBeforeAFault) {
  const auto result = Read(Put("k", "v", 9, 1) + std::string("\xff\xff"));
  EXPECT_FALSE(result.header.ok());
  EXPECT_EQ(result.events.size(), 1);
}

}  // namespace
}  // namespace headroom::etcd
