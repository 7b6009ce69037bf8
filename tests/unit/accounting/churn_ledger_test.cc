#include "accounting/churn_ledger.h"

#include <gtest/gtest.h>

namespace headroom::accounting {
namespace {

using std::chrono::minutes;

constexpr TimePoint kLedgerStart{minutes(600)};
constexpr ResourceId kLedgerPods = 7;

TEST(ChurnLedger, CountsKeyChangesByResourceAndOp) {
  ChurnLedger ledger;
  ledger.Record(kLedgerPods, WriteOp::kCreate, 100, kLedgerStart);
  ledger.Record(kLedgerPods, WriteOp::kUpdate, 20, kLedgerStart);
  ledger.Record(kLedgerPods, WriteOp::kUpdate, 3, kLedgerStart);
  ledger.Record(kLedgerPods, WriteOp::kDelete, 5000, kLedgerStart);
  ledger.Record(kOtherResource, WriteOp::kUpdate, 9, kLedgerStart);
  EXPECT_EQ(ledger.Of(kLedgerPods).writes, (std::array<std::uint64_t, 3>{1, 2, 1}));
  EXPECT_EQ(ledger.Of(kLedgerPods).write_bytes, 123);
  EXPECT_EQ(ledger.Of(kOtherResource).writes, (std::array<std::uint64_t, 3>{0, 1, 0}));
  EXPECT_EQ(ledger.Of(kOtherResource).write_bytes, 9);
}

TEST(ChurnLedger, IsZeroForWhatWasNeverWritten) {
  ChurnLedger ledger;
  EXPECT_EQ(ledger.Of(kLedgerPods).write_bytes, 0);
  ledger.Record(kLedgerPods, WriteOp::kCreate, 100, kLedgerStart);
  EXPECT_EQ(ledger.Of(kLedgerPods - 1).write_bytes, 0);
  EXPECT_EQ(ledger.Of(kLedgerPods - 1).writes, (std::array<std::uint64_t, 3>{}));
  EXPECT_EQ(ledger.LargestWriteBytes(kLedgerPods - 1, kLedgerStart), std::nullopt);
  EXPECT_EQ(ledger.LargestWriteBytes(kLedgerPods + 1, kLedgerStart), std::nullopt);
}

TEST(ChurnLedger, KeepsTheLargestPutForAnHour) {
  ChurnLedger ledger;
  ledger.Record(kLedgerPods, WriteOp::kCreate, 100, kLedgerStart);
  ledger.Record(kLedgerPods, WriteOp::kUpdate, 20, kLedgerStart + minutes(30));
  ledger.Record(kLedgerPods, WriteOp::kDelete, 5000, kLedgerStart);
  EXPECT_EQ(ledger.LargestWriteBytes(kLedgerPods, kLedgerStart), 100);
  EXPECT_EQ(ledger.LargestWriteBytes(kLedgerPods, kLedgerStart + minutes(60)), 100);
  EXPECT_EQ(ledger.LargestWriteBytes(kLedgerPods, kLedgerStart + minutes(65)), 20);
  EXPECT_EQ(ledger.LargestWriteBytes(kLedgerPods, kLedgerStart + minutes(95)), std::nullopt);
}

}  // namespace
}  // namespace headroom::accounting
