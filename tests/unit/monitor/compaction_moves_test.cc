#include "monitor/compaction_moves.h"

#include <gtest/gtest.h>

namespace headroom {
namespace {

using Source = etcd::CompactRevision::Source;

CompactionMoves::TimePoint At(int seconds) {
  return CompactionMoves::TimePoint(std::chrono::seconds(seconds));
}

TEST(CompactionMoves, KnowNoneUntilOneWasSeen) {
  CompactionMoves moves;
  EXPECT_EQ(moves.moved(), std::nullopt);
  moves.Saw({.revision = 400}, At(10));
  moves.Saw({.revision = 400}, At(40));
  EXPECT_EQ(moves.moved(), std::nullopt);
}

TEST(CompactionMoves, RememberTheLastOne) {
  CompactionMoves moves;
  moves.Saw({.revision = 400}, At(10));
  moves.Saw({.revision = 700}, At(40));
  moves.Saw({.revision = 700}, At(70));
  EXPECT_EQ(moves.moved(), At(40));
  moves.Saw({.revision = 900}, At(100));
  EXPECT_EQ(moves.moved(), At(100));
}

TEST(CompactionMoves, CountTheFirstCompactionAndARestore) {
  CompactionMoves moves;
  moves.Saw({.revision = -1}, At(10));
  moves.Saw({.revision = 30}, At(40));
  EXPECT_EQ(moves.moved(), At(40));
  moves.Saw({.revision = 5}, At(70));
  EXPECT_EQ(moves.moved(), At(70));
}

TEST(CompactionMoves, DoNotTakeAnotherSourceForOne) {
  CompactionMoves moves;
  moves.Saw({.revision = 400}, At(10));
  moves.Saw({.revision = 380, .source = Source::kCompactRevKey}, At(40));
  moves.Saw({.revision = 400}, At(70));
  EXPECT_EQ(moves.moved(), std::nullopt);
}

}  // namespace
}  // namespace headroom
