#include "kubernetes/write_attribution.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "kubernetes/label_text.h"
#include "kubernetes/stored_object.h"

namespace headroom::kubernetes {

std::ostream& operator<<(std::ostream& out, const Writer& writer) {
  return out << writer.manager << "/" << writer.subresource;
}

namespace {

using test::StoredObject;

constexpr std::string_view kKey = "/registry/pods/default/web-1";

class WriteAttributionTest : public ::testing::Test {
 protected:
  // The next version of the object at kKey.
  Writer Put(const StoredObject& object) {
    return attribution_.OfPut(kKey, ++version_, object.Protobuf(), ObjectKind::kPod);
  }

  WriteAttribution attribution_;
  std::int64_t version_ = 0;
};

const StoredObject::Entry kCreator{"kube-controller-manager", "", 5};
const StoredObject::Entry kKwok{"kwok", "status", 5};

TEST_F(WriteAttributionTest, TellsWritersOfOneSecondApart) {
  EXPECT_EQ(Put({.entries = {kCreator}}), (Writer{"kube-controller-manager", ""}));
  EXPECT_EQ(Put({.entries = {kCreator, kKwok}}), (Writer{"kwok", "status"}));
  // The list has no order.
  const StoredObject::Entry more{"kube-controller-manager", "", 5, "f:spec f:finalizers"};
  EXPECT_EQ(Put({.entries = {kKwok, more}}), (Writer{"kube-controller-manager", ""}));
}

TEST_F(WriteAttributionTest, TellsWhoTookFieldsOverFromWhoLostThem) {
  Put({.entries = {{"old", "", 5, "f:spec f:data"}, {"new", "", 5, "f:a"}}});
  EXPECT_EQ(Put({.entries = {{"old", "", 5, "f:spec"}, {"new", "", 5, "f:a f:data"}}}),
            (Writer{"new", ""}));
  EXPECT_EQ(Put({.entries = {{"old", "", 5, "f:"}, {"new", "", 6, "f:a"}}}), (Writer{"new", ""}));
}

TEST_F(WriteAttributionTest, TakesTheOwnerForTheWriterWhereFieldsWereOnlyTakenAway) {
  Put({.entries = {{"kube-controller-manager", "", 5, "f:spec f:finalizers"},
                   {"kwok", "status", 7}}});
  EXPECT_EQ(Put({.entries = {{"kube-controller-manager", "", 5, "f:spec"}, {"kwok", "status", 7}}}),
            (Writer{"kube-controller-manager", ""}));
  EXPECT_EQ(
      Put({.entries = {{"kube-controller-manager", "", 5, "f:"}, {"kwok", "status", 7, "f:"}}}),
      (Writer{"ambiguous", ""}));
}

TEST_F(WriteAttributionTest, TakesTheOwnerForTheWriterWhereItsLastFieldIsGone) {
  // A taint that the controller manager set and takes off again.
  Put({.entries = {{"kubectl", "", 1}, {"kube-controller-manager", "", 5}, {"kwok", "status", 7}}});
  EXPECT_EQ(Put({.entries = {{"kubectl", "", 1}, {"kwok", "status", 7}}}),
            (Writer{"kube-controller-manager", ""}));
}

TEST_F(WriteAttributionTest, TellsTheSameFieldsWrittenTwiceInASecondByTheStatus) {
  Put({.entries = {kCreator, kKwok}, .status = "pending"});
  EXPECT_EQ(Put({.entries = {kCreator, kKwok}, .status = "running"}), (Writer{"kwok", "status"}));
  EXPECT_EQ(Put({.entries = {kCreator, kKwok}, .status = "running"}),
            (Writer{"kube-controller-manager", ""}));
  const StoredObject::Entry second{"kubelet", "status", 5};
  Put({.entries = {kCreator, kKwok, second}, .status = "running"});
  EXPECT_EQ(Put({.entries = {kCreator, kKwok, second}, .status = "done"}),
            (Writer{"ambiguous", ""}));
}

TEST_F(WriteAttributionTest, GivesABindingAndAMarkForDeletionNoManager) {
  Put({.entries = {kCreator}});
  EXPECT_EQ(Put({.entries = {kCreator}, .node = "node-1"}), (Writer{"none", "binding"}));
  EXPECT_EQ(Put({.entries = {kCreator, kKwok}, .node = "node-1"}), (Writer{"kwok", "status"}));
  EXPECT_EQ(Put({.entries = {kCreator, kKwok}, .node = "node-1", .deleted = true}),
            (Writer{"none", ""}));
  // What the object is already is no news.
  EXPECT_EQ(Put({.entries = {kCreator, {"kwok", "status", 8}}, .node = "node-1", .deleted = true}),
            (Writer{"kwok", "status"}));
}

TEST_F(WriteAttributionTest, CountsADeleteForTheLastManager) {
  Put({.entries = {kCreator}});
  Put({.entries = {kCreator, kKwok}});
  Put({.entries = {kCreator, kKwok}, .deleted = true});
  EXPECT_EQ(attribution_.OfDelete(kKey), (Writer{"kwok", "status"}));
  EXPECT_EQ(attribution_.OfDelete(kKey), (Writer{"none", ""}));
}

TEST_F(WriteAttributionTest, ForgetsWhatAnObjectOfThatNameWasBefore) {
  Put({.entries = {kCreator, kKwok}});
  version_ = 0;
  EXPECT_EQ(Put({.entries = {kKwok, {"kubectl-create", "", 6}}}), (Writer{"kubectl-create", ""}));
}

TEST_F(WriteAttributionTest, TakesTheNewestOfAnObjectItSeesForTheFirstTime) {
  version_ = 7;
  EXPECT_EQ(Put({.entries = {{"old", "", 5}, {"new", "", 6}}}), (Writer{"new", ""}));
  version_ = 7;
  EXPECT_EQ(attribution_.OfPut("/registry/pods/default/other", 3,
                               StoredObject{.entries = {kCreator, kKwok}}.Json(), ObjectKind::kPod),
            (Writer{"ambiguous", ""}));
}

TEST_F(WriteAttributionTest, LooksAtTheNewestOfManyManagers) {
  StoredObject object;
  for (std::uint64_t i = 0; i < 12; ++i)
    object.entries.push_back({absl::StrCat("manager-", i), "", i});
  Put(object);
  object.entries[11].second = 20;
  EXPECT_EQ(Put(object), (Writer{"manager-11", ""}));
  object.entries[10].second = 21;
  EXPECT_EQ(Put(object), (Writer{"manager-10", ""}));
}

TEST_F(WriteAttributionTest, IsNotMisledByAnEntryThatComesIntoView) {
  StoredObject object;
  for (std::uint64_t i = 0; i < 7; ++i)
    object.entries.push_back({absl::StrCat("manager-", i), "", i});
  Put(object);
  object.entries.pop_back();  // manager-6 has no field any more
  EXPECT_EQ(Put(object), (Writer{"manager-6", ""}));
}

TEST_F(WriteAttributionTest, KeepsKeysWhileShortLivedOnesComeAndGo) {
  const std::string value = StoredObject{.entries = {kCreator}}.Protobuf();
  const auto key = [](const char* kind, std::size_t i) {
    return absl::StrCat("/registry/", kind, "/default/x-", i);
  };
  constexpr std::size_t kKept = WriteAttribution::kKeys / 8;
  for (std::size_t i = 0; i < kKept; ++i) {
    attribution_.OfPut(key("pods", i), 1, value, ObjectKind::kOther);
  }
  for (std::size_t i = 0; i < 4 * WriteAttribution::kKeys; ++i) {
    attribution_.OfPut(key("jobs", i), 1, value, ObjectKind::kOther);
    attribution_.OfDelete(key("jobs", i));
  }
  std::size_t known = 0;
  for (std::size_t i = 0; i < kKept; ++i) {
    if (attribution_.OfDelete(key("pods", i)).manager != kNoManager) ++known;
  }
  EXPECT_GT(known, kKept * 99 / 100);
}

TEST_F(WriteAttributionTest, SaysWhenThereIsNoManagerOrNoneCanBeRead) {
  EXPECT_EQ(Put({}), (Writer{"none", ""}));
  EXPECT_EQ(Put({.entries = {{""}}}), (Writer{"none", ""}));
  EXPECT_EQ(attribution_.OfPut(kKey, 2, "k8s:enc:aescbc:v1:key1:x", ObjectKind::kOther),
            (Writer{"encrypted", ""}));
  EXPECT_EQ(attribution_.OfPut(kKey, 2, "", ObjectKind::kOther), (Writer{"none", ""}));
}

TEST_F(WriteAttributionTest, MakesNamesFitForLabels) {
  const Writer writer = Put({.entries = {{std::string(1'000'000, 'm')}}});
  EXPECT_EQ(writer.manager, std::string(kMaxLabelBytes, 'm'));
  EXPECT_EQ(Put({.entries = {{"a\nb\xff", "", 9}}}).manager, "a?b?");
}

TEST_F(WriteAttributionTest, NamesNoMoreManagersThanItsMost) {
  for (std::size_t i = 0; i < WriteAttribution::kMaxManagers + 10; ++i) {
    attribution_.OfPut(kKey, 1, StoredObject{.entries = {{absl::StrCat("m", i)}}}.Json(),
                       ObjectKind::kOther);
  }
  EXPECT_EQ(Put({.entries = {{"one-more"}}}), (Writer{"other", "other"}));
}

TEST_F(WriteAttributionTest, RemembersWhatWasWrittenLast) {
  const std::string value = StoredObject{.entries = {kCreator}}.Protobuf();
  const auto key = [](std::size_t i) { return absl::StrCat("/registry/jobs/default/job-", i); };
  for (std::size_t i = 0; i < 4 * WriteAttribution::kKeys; ++i) {
    attribution_.OfPut(key(i), 1, value, ObjectKind::kOther);
  }
  std::size_t known = 0;
  for (std::size_t i = 3 * WriteAttribution::kKeys; i < 4 * WriteAttribution::kKeys; ++i) {
    if (attribution_.OfDelete(key(i)).manager != kNoManager) ++known;
  }
  EXPECT_GT(known, WriteAttribution::kKeys * 3 / 4);
  EXPECT_EQ(attribution_.OfDelete(key(0)).manager, kNoManager);
}

}  // namespace
}  // namespace headroom::kubernetes
