#include "etcd/metrics_page.h"

#include <gtest/gtest.h>

#include <string>

namespace headroom::etcd {
namespace {

// As etcd 3.5 writes it, cut down to what matters and its neighbours.
constexpr std::string_view kPage =
    R"(# HELP etcd_debugging_mvcc_compact_revision The revision of the last compaction in store.
# TYPE etcd_debugging_mvcc_compact_revision gauge
etcd_debugging_mvcc_compact_revision 40213
# TYPE etcd_disk_backend_defrag_duration_seconds histogram
etcd_disk_backend_defrag_duration_seconds_bucket{le="0.1"} 1
etcd_disk_backend_defrag_duration_seconds_bucket{le="+Inf"} 2
etcd_disk_backend_defrag_duration_seconds_sum 0.9
etcd_disk_backend_defrag_duration_seconds_count 2
etcd_disk_defrag_inflight 1
etcd_mvcc_db_open_read_transactions 3
etcd_server_quota_backend_bytes 2.147483648e+09
process_start_time_seconds 1.70000000025e+09
)";

PageFacts Facts(std::string_view page) {
  MetricsPageParser parser;
  parser.Feed(page);
  return parser.Finish();
}

int MalformedLines(std::string_view page) {
  MetricsPageParser parser;
  parser.Feed(page);
  parser.Finish();
  return parser.malformed_lines();
}

TEST(MetricsPage, GivesWhatIsWanted) {
  EXPECT_EQ(Facts(kPage), (PageFacts{.quota_bytes = 2'147'483'648,
                                     .compact_revision = 40'213,
                                     .open_read_transactions = 3,
                                     .defragmentations = 2,
                                     .defrag_in_progress = 1,
                                     .start_time_seconds = 1'700'000'000.25}));
  EXPECT_EQ(MalformedLines(kPage), 0);
}

TEST(MetricsPage, IsReadTheSameWhereverItIsCut) {
  for (std::size_t cut = 0; cut <= kPage.size(); ++cut) {
    MetricsPageParser parser;
    parser.Feed(kPage.substr(0, cut));
    parser.Feed(kPage.substr(cut));
    ASSERT_EQ(parser.Finish(), Facts(kPage)) << "cut at " << cut;
    ASSERT_EQ(parser.malformed_lines(), 0) << "cut at " << cut;
  }
  MetricsPageParser by_byte;
  for (std::size_t i = 0; i < kPage.size(); ++i) by_byte.Feed(kPage.substr(i, 1));
  EXPECT_EQ(by_byte.Finish(), Facts(kPage));
}

TEST(MetricsPage, LeavesOutWhatAnOlderEtcdDoesNotHave) {
  const PageFacts facts = Facts("etcd_mvcc_db_open_read_transactions 0\n");
  EXPECT_EQ(facts, PageFacts{.open_read_transactions = 0});
  EXPECT_FALSE(facts.empty());
}

TEST(MetricsPage, IsEmptyWhenItIsNotEtcds) {
  EXPECT_TRUE(Facts("").empty());
  EXPECT_TRUE(Facts("<html>\n<p>hello world</p>\n</html>\n").empty());
  EXPECT_TRUE(Facts("etcd_server_quota_backend_bytes_total 5\n").empty());
  EXPECT_TRUE(Facts("my_etcd_server_quota_backend_bytes 5\n").empty());
  EXPECT_TRUE(Facts("# etcd_server_quota_backend_bytes 5\n").empty());
}

TEST(MetricsPage, KeepsNegativeNumbers) {
  EXPECT_EQ(Facts("etcd_debugging_mvcc_compact_revision -1\n").compact_revision, -1);
  EXPECT_EQ(Facts("etcd_server_quota_backend_bytes -1\n").quota_bytes, -1);
}

TEST(MetricsPage, TakesTimestampsAndCarriageReturns) {
  EXPECT_EQ(Facts("etcd_disk_defrag_inflight 1 1700000000000\n").defrag_in_progress, 1);
  EXPECT_EQ(Facts("etcd_disk_defrag_inflight 1\r\n").defrag_in_progress, 1);
}

TEST(MetricsPage, CountsWantedLinesWithoutANumberAndLeavesThemOut) {
  for (const char* value : {"NaN", "+Inf", "-Inf", "1e300", "", "lots", "5x", "0x10"}) {
    const std::string page = std::string("etcd_server_quota_backend_bytes ") + value + "\n";
    EXPECT_EQ(Facts(page).quota_bytes, std::nullopt) << value;
    EXPECT_EQ(MalformedLines(page), 1) << value;
  }
  EXPECT_EQ(MalformedLines("somebody_elses_metric lots\n"), 0);
}

TEST(MetricsPage, SkipsALineTooLongToHoldAndReadsOn) {
  const std::string page = "etcd_server_quota_backend_bytes " + std::string(5000, '1') +
                           "\netcd_disk_defrag_inflight 1\n";
  EXPECT_EQ(Facts(page), PageFacts{.defrag_in_progress = 1});
  EXPECT_EQ(MalformedLines(page), 1);

  MetricsPageParser by_byte;
  for (const char c : page) by_byte.Feed({&c, 1});
  EXPECT_EQ(by_byte.Finish(), PageFacts{.defrag_in_progress = 1});
  EXPECT_EQ(by_byte.malformed_lines(), 1);
}

// etcd's page has no length: of a page whose server died within a line, "21" is not the quota.
TEST(MetricsPage, CountsALastLineThatDoesNotEndAndLeavesItOut) {
  const std::string page = "etcd_disk_defrag_inflight 1\netcd_server_quota_backend_bytes 21";
  EXPECT_EQ(Facts(page), PageFacts{.defrag_in_progress = 1});
  EXPECT_EQ(MalformedLines(page), 1);
}

}  // namespace
}  // namespace headroom::etcd
