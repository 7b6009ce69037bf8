#include "analyze/tenants.h"

#include <gmock/gmock.h>

#include "support/database_file.h"

namespace headroom::analyze {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(TenantFinder, FindsEachPrefixByItsSystemNamespace) {
  TenantFinder finder;
  for (const char* key : {"/registry/namespaces/kube-system", "/team/one/namespaces/kube-system",
                          "/registry/namespaces/default", "/registry/pods/kube-system/namespaces",
                          "/registry/namespaces/kube-system", "/namespaces/kube-system"}) {
    const test::Record record = test::Put(2, key, "");
    finder.OnRecord("key", record.key, record.value);
    finder.OnRecord("meta", record.key, record.value);
  }
  EXPECT_THAT(finder.prefixes(), ElementsAre("/registry/", "/team/one/", "/"));
}

Row RowOf(std::string resource, std::string part, std::uint64_t objects) {
  return {.resource = std::move(resource),
          .part = std::move(part),
          .usage = {.live_objects = objects, .live_bytes = 100 * objects}};
}

Analysis TenantsOf(std::vector<Row> rows) {
  Analysis analysis{.question = {.by = Breakdown::kTenant}, .breakdown = std::move(rows)};
  analysis.breakdown_totals = TotalsByPart(analysis.breakdown);
  return analysis;
}

TEST(LeftoverTenants, AreThoseWithoutAnApiServer) {
  const std::string said = LeftoverTenants(
      TenantsOf({RowOf("masterleases", "/a", 1), RowOf("pods", "/a", 5), RowOf("pods", "/b", 7),
                 RowOf("masterleases", "/b", 0), RowOf("/calico", "", 3), RowOf("pods", "/c", 0)}));
  EXPECT_THAT(said, AllOf(HasSubstr("No API server writes under /b"), HasSubstr("its 7 objects"),
                          Not(HasSubstr("/a")), Not(HasSubstr("/c")), Not(HasSubstr("/calico"))));
}

TEST(LeftoverTenants, AreUnknownWhereNoApiServerLeavesLeases) {
  EXPECT_THAT(LeftoverTenants(TenantsOf({RowOf("pods", "/a", 5), RowOf("pods", "/b", 7)})),
              IsEmpty());
}

}  // namespace
}  // namespace headroom::analyze
