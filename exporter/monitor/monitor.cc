#include "monitor/monitor.h"

#include <algorithm>
#include <utility>

#include "etcd/stoppable_sleep.h"
#include "logging/log.h"
#include "monitor/scraper_watch.h"

namespace headroom {
namespace {

// A connection to the member that writes to the database file; null when it is not known which of
// the endpoints that is.
std::shared_ptr<etcd::RpcClient> FileOwner(const MonitorOptions& options) {
  std::vector<etcd::Endpoint> endpoints;
  for (const auto& member : options.members) endpoints.push_back(member.endpoint);
  const auto config = options.node_config->Read();
  std::optional<std::size_t> own;
  if (config) own = ConfiguredEndpoint(endpoints, *config);
  if (!own && endpoints.size() == 1) own = 0;
  if (!own) return nullptr;
  return std::make_shared<etcd::RpcClient>(endpoints[*own], options.members[*own].tls);
}

std::optional<DatabaseSpace> SpaceOf(etcd::RpcClient& member, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  member.StartStatus(deadline);
  // The next call must not begin before this one has ended, which it does by its deadline.
  const auto status = member.AwaitStatus(deadline + std::chrono::minutes(1));
  if (!status || !status->ok()) return std::nullopt;
  const etcd::StatusReply& reply = **status;
  return DatabaseSpace{.size_bytes = static_cast<std::uint64_t>(reply.db_size_bytes),
                       .in_use_bytes = static_cast<std::uint64_t>(reply.db_in_use_bytes)};
}

}  // namespace

Monitor::Monitor(MonitorOptions options) : options_(std::move(options)) {
  options_.node_config->Read();
  options_.node_config->LogProblem();
  if (options_.watch_members) {
    members_ =
        std::make_unique<Members>(options_.members, options_.node_config, options_.quota_flag_bytes,
                                  options_.node_name, options_.node_datastore);
    if (!options_.db_file.empty()) disk_ = std::make_unique<DiskSpaceReader>(options_.db_file);
  }
  if (options_.churn) churn_ = std::make_unique<Churn>(*options_.churn);
  if (options_.inventory) StartInventory(*options_.inventory);
  if (members_ && !options_.members.empty())
    own_pages_ = std::jthread([this](const std::stop_token& stop) { TakeOwnPages(stop); });
}

Monitor::~Monitor() { Stop(); }

void Monitor::StartInventory(InventoryWalkerOptions options) {
  if (options.file.empty()) {
    log::Warn("no database file is known: bytes per resource are an estimate",
              {{"do", "give --inventory.db-file"}});
    return;
  }
  file_owner_ = FileOwner(options_);
  if (churn_) {
    options.watched_revision = [this] { return churn_->state().WatchedRevision(); };
  }
  if (file_owner_) {
    options.member_space = [owner = file_owner_, timeout = options_.members.front().timeout] {
      return SpaceOf(*owner, timeout);
    };
  }
  inventory_ = std::make_unique<InventoryWalker>(std::move(options));
}

// Where nobody scrapes, or the scraper is down, the monitor takes a page a minute itself. Places of
// the heaviest writers change hands by it only if there never was a scraper: one that comes back
// would miss what a replaced writer wrote meanwhile.
void Monitor::TakeOwnPages(const std::stop_token& stop) {
  constexpr std::chrono::minutes kEvery{1};
  ScraperWatch scraper(std::chrono::steady_clock::now());
  while (etcd::StoppableSleep(kEvery, stop)) {
    const auto now = std::chrono::steady_clock::now();
    if (!scraper.IsPageDue(now, history_.last_page())) continue;
    Take(now + 2 * options_.members.front().timeout, Hitters::kWith);
    if (churn_ && !has_scraper_) churn_->state().Served();
    scraper.TookOwnPage(history_.last_page());
  }
}

Snapshot Monitor::Take(Deadline deadline, Hitters hitters) {
  Snapshot snapshot{.process = ReadProcess()};
  if (members_) snapshot.cluster = members_->Report(deadline);
  if (disk_) snapshot.disk = ReadDisk(deadline);
  if (churn_) {
    const auto compacted = members_ ? members_->compact_revision() : std::nullopt;
    snapshot.churn = churn_->state().Take(compacted, hitters);
  }
  if (options_.inventory) {
    snapshot.inventory = TakeInventory(snapshot.cluster ? &*snapshot.cluster : nullptr);
  }
  if (!options_.members.empty() && options_.members.front().tls)
    snapshot.certificate_expiry = options_.members.front().tls->certificate_expiry();
  const auto config = options_.node_config->Read();
  options_.node_config->LogProblem();
  if (options_.show_node_config) snapshot.node_config = config;
  if (hitters == Hitters::kWith) history_.OnPage(snapshot, std::chrono::steady_clock::now());
  return snapshot;
}

std::optional<DataDisk> Monitor::ReadDisk(Deadline deadline) {
  // A hung etcd has used up the deadline before this is called; a disk answers at once.
  constexpr std::chrono::milliseconds kLeastWait{100};
  const auto member = members_->local_member();
  if (!member) return std::nullopt;
  const auto space = disk_->Read(std::max(deadline, std::chrono::steady_clock::now() + kLeastWait));
  if (!space) return std::nullopt;
  return DataDisk{.member = *member, .space = *space};
}

InventorySnapshot Monitor::TakeInventory(const ClusterReport* cluster) {
  InventorySnapshot snapshot{.exact = inventory_ ? inventory_->latest() : nullptr,
                             .failures = inventory_ ? inventory_->failures() : 0,
                             .estimate = {},
                             .has_objects = !options_.churn || !options_.churn->count_objects};
  if (snapshot.exact && options_.budgets) {
    snapshot.budgets =
        BudgetsOf(*snapshot.exact, *options_.budgets->Current(),
                  cluster == nullptr ? std::nullopt : cluster->smallest_quota_bytes());
  }
  if (!snapshot.exact && churn_) snapshot.estimate = churn_->state().EstimateObjectBytes();
  return snapshot;
}

void Monitor::PageServed() {
  has_scraper_ = true;
  if (churn_) churn_->state().Served();
}

DayView Monitor::LastDay() { return history_.View(std::chrono::steady_clock::now()); }

void Monitor::Stop() {
  own_pages_.request_stop();
  if (members_) members_->Stop();
  if (churn_) churn_->Stop();
  if (inventory_) inventory_->Stop();
  if (file_owner_) file_owner_->Cancel();
}

}  // namespace headroom
