#include "accounting/churn_ledger.h"

#include <gtest/gtest.h>

namespace headroom::accounting {
namespace {

using std::chrono::minutes;

constexpr TimePoint kStart{minutes(600)};
constexpr ResourceId kPods = 7;

TEST(ChurnLedger, CountsKeyChangesByResourceAndOp) {
  ChurnLedger ledger;
  ledger.Record(kPods, WriteOp::kCreate, 100, kStart);
  ledger.Record(kPods, WriteOp::kUpdate, 20, kStart);
  ledger.Record(kPods, WriteOp::kUpdate, 3, kStart);
  ledger.Record(kPods, WriteOp::kDelete, 5000, kStart);
  ledger.Record(kOtherResource, WriteOp::kUpdate, 9, kStart);
  EXPECT_EQ(ledger.Of(kPods).writes, (std::array<std::uint64_t, 3>{1, 2, 1}));
  EXPECT_EQ(ledger.Of(kPods).write_bytes, 123);
  EXPECT_EQ(ledger.Of(kOtherResource).writes, (std::array<std::uint64_t, 3>{0, 1, 0}));
  EXPECT_EQ(ledger.Of(kOtherResource).write_bytes, 9);
}

TEST(ChurnLedger, IsZeroForWhatWasNeverWritten) {
  ChurnLedger ledger;
  EXPECT_EQ(ledger.Of(kPods).write_bytes, 0);
  ledger.Record(kPods, WriteOp::kCreate, 100, kStart);
  EXPECT_EQ(ledger.Of(kPods - 1).write_bytes, 0);
  EXPECT_EQ(ledger.Of(kPods - 1).writes, (std::array<std::uint64_t, 3>{}));
  EXPECT_EQ(ledger.LargestWriteBytes(kPods - 1, kStart), std::nullopt);
  EXPECT_EQ(ledger.LargestWriteBytes(kPods + 1, kStart), std::nullopt);
}

TEST(ChurnLedger, KeepsTheLargestPutForAnHour) {
  ChurnLedger ledger;
  ledger.Record(kPods, WriteOp::kCreate, 100, kStart);
  ledger.Record(kPods, WriteOp::kUpdate, 20, kStart + minutes(30));
  ledger.Record(kPods, WriteOp::kDelete, 5000, kStart);
  EXPECT_EQ(ledger.LargestWriteBytes(kPods, kStart), 100);
  EXPECT_EQ(ledger.LargestWriteBytes(kPods, kStart + minutes(60)), 100);
  EXPECT_EQ(ledger.LargestWriteBytes(kPods, kStart + minutes(65)), 20);
  EXPECT_EQ(ledger.LargestWriteBytes(kPods, kStart + minutes(95)), std::nullopt);
}

}  // namespace
}  // namespace headroom::accounting
