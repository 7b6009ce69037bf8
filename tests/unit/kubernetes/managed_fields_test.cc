#include "kubernetes/managed_fields.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <string>

#include "kubernetes/stored_object.h"

namespace headroom::kubernetes {
namespace {

using test::StoredObject;
using ::testing::ElementsAre;
using ::testing::Pair;

using Encode = std::string (StoredObject::*)() const;

class ManagedFieldsOf : public ::testing::TestWithParam<Encode> {
 protected:
  // Good until the next call.
  ManagedFields Read(const StoredObject& object, bool is_pod = true) {
    value_ = (object.*GetParam())();
    return reader_.Read(value_, is_pod);
  }
  std::vector<std::pair<std::string, std::string>> Managers(const StoredObject& object) {
    std::vector<std::pair<std::string, std::string>> names;
    for (const auto& entry : Read(object).entries) {
      names.emplace_back(entry.manager, entry.subresource);
    }
    return names;
  }

  ManagedFieldsReader reader_;
  std::string value_;
};

std::string NameOf(const ::testing::TestParamInfo<Encode>& tested) {
  constexpr std::array kNames{"protobuf", "json", "cbor"};
  return kNames[tested.index];
}

INSTANTIATE_TEST_SUITE_P(Encodings, ManagedFieldsOf,
                         ::testing::Values(&StoredObject::Protobuf, &StoredObject::Json,
                                           &StoredObject::Cbor),
                         NameOf);

TEST_P(ManagedFieldsOf, AreReadInTheirOrder) {
  EXPECT_THAT(Managers({.entries = {{"kubectl-create"}, {"kwok", "status"}}}),
              ElementsAre(Pair("kubectl-create", ""), Pair("kwok", "status")));
  EXPECT_THAT(Managers({}), ElementsAre());
}

TEST_P(ManagedFieldsOf, AreTheSameWhenReadAlone) {
  const StoredObject object{.entries = {{"a", "", 1}, {"b", "status", 2}}};
  const std::string value = (object.*GetParam())();
  const auto whole = reader_.Read(value, false);
  ManagedFieldsReader other;
  const auto alone = other.ReadEntries(value);
  ASSERT_EQ(alone.size(), whole.entries.size());
  for (std::size_t i = 0; i < alone.size(); ++i) {
    EXPECT_EQ(alone[i].manager, whole.entries[i].manager);
    EXPECT_EQ(alone[i].subresource, whole.entries[i].subresource);
    EXPECT_EQ(alone[i].time, whole.entries[i].time);
  }
}

TEST_P(ManagedFieldsOf, AreOrderedByTime) {
  const auto read = Read({.entries = {{"a", "", 9}, {"b", "", 10}, {"c", "", 9}}});
  EXPECT_LT(read.entries[0].time, read.entries[1].time);
  EXPECT_EQ(read.entries[0].time, read.entries[2].time);
}

TEST_P(ManagedFieldsOf, KeepTheirIdentityWhenTheyChange) {
  const auto before = Read({.entries = {{"a", "status", 1}}}).entries[0];
  const auto after = Read({.entries = {{"a", "status", 2, "f:other"}}}).entries[0];
  EXPECT_EQ(before.identity, after.identity);
  EXPECT_NE(before.content, after.content);
  for (const StoredObject::Entry& other : {StoredObject::Entry{"b", "status", 1},
                                           {"a", "scale", 1},
                                           {"a", "status", 1, "f:spec", "Apply"}}) {
    EXPECT_NE(Read({.entries = {other}}).entries[0].identity, before.identity);
  }
}

TEST_P(ManagedFieldsOf, HaveAHashOfTheStatusWhereOneManagesIt) {
  const StoredObject running{.entries = {{"kwok", "status"}}, .status = "running"};
  const StoredObject done{.entries = {{"kwok", "status"}}, .status = "done"};
  EXPECT_NE(Read(running).status, 0U);
  EXPECT_EQ(Read(running).status, Read(running).status);
  EXPECT_NE(Read(running).status, Read(done).status);
  EXPECT_EQ(Read({.entries = {{"kwok"}}}).status, 0U);
}

TEST_P(ManagedFieldsOf, SayWhetherTheObjectIsBoundOrMarkedForDeletion) {
  EXPECT_FALSE(Read({.entries = {{"a"}}}).bound);
  EXPECT_TRUE(Read({.entries = {{"a"}}, .node = "node-1"}).bound);
  EXPECT_FALSE(Read({.entries = {{"a"}}, .node = "node-1"}, false).bound);
  EXPECT_FALSE(Read({.entries = {{"a"}}}).deletion_marked);
  EXPECT_TRUE(Read({.entries = {{"a"}}, .deleted = true}).deletion_marked);
}

TEST_P(ManagedFieldsOf, KeepWhatStandsBeforeTheCut) {
  const StoredObject object{.entries = {{"a", "", 1}, {"b", "status", 2}}, .node = "n"};
  const std::string whole = (object.*GetParam())();
  std::size_t most = 0;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    const auto read = reader_.Read(cut, true);
    EXPECT_GE(read.entries.size(), most) << size;
    most = read.entries.size();
  }
  EXPECT_EQ(most, 2U);
}

TEST_P(ManagedFieldsOf, AreTheNewestOfVeryMany) {
  StoredObject many;
  for (int i = 0; i < 10'000; ++i) many.entries.push_back({absl::StrCat("manager-", i)});
  many.entries.back().second = 9;
  const auto read = Read(many);
  ASSERT_EQ(read.entries.size(), ManagedFields::kMaxEntries);
  const auto newest = std::ranges::max_element(read.entries, {}, &ManagedFields::Entry::time);
  EXPECT_EQ(newest->manager, "manager-9999");
}

TEST(ManagedFieldsOfAnything, AreNoneWhereThereIsNoObject) {
  ManagedFieldsReader reader;
  for (const std::string& value :
       {std::string(), std::string("plain"), std::string("k8s\0", 4), std::string("{"),
        std::string("k8s:enc:aescbc:v1:key:xyz"), std::string("\xd9\xd9\xf7"),
        "{\"metadata\":" + std::string(100'000, '['),
        "{\"metadata\":{\"managedFields\":" + std::string(100'000, '['),
        "\xd9\xd9\xf7\xa1\x48metadata" + std::string(100'000, '\x81'),
        "\xd9\xd9\xf7" + std::string(100'000, '\xbb'),
        std::string("{\"metadata\":{\"managedFields\":7}}")}) {
    EXPECT_TRUE(reader.Read(value, true).entries.empty()) << value.substr(0, 40);
  }
}

}  // namespace
}  // namespace headroom::kubernetes
