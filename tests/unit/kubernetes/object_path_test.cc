#include "kubernetes/object_path.h"

#include <gmock/gmock.h>

#include <array>
#include <string>
#include <vector>

#include "kubernetes/leftover.h"
#include "kubernetes/object_fields.h"
#include "kubernetes/object_times.h"
#include "kubernetes/stored_object.h"
#include "support/wire.h"

namespace headroom::kubernetes {
namespace {

using test::Bytes;
using test::Number;
using test::StoredObject;
using testing::ElementsAre;

constexpr std::int64_t kMinute = 1'796'000'400;

std::string Protobuf(const std::string& object) {
  return std::string("k8s\0", 4) + Bytes(1, Bytes(1, "v1")) + Bytes(2, object);
}

std::vector<std::string> TextsAt(const std::string& value, Path path) {
  std::vector<std::string> texts;
  ForEachAt(value, path, [&](const FoundValue& found) { texts.emplace_back(found.text); });
  return texts;
}

TEST(ObjectPath, FindsEachElementOfAListInAllEncodings) {
  constexpr std::array kManagers = {PathStep{"metadata", 1},
                                    PathStep{"managedFields", 17, PathStep::Kind::kList},
                                    PathStep{"manager", 1}};
  const StoredObject object{.entries = {{"kubectl"}, {"kwok", "status"}}};
  for (const std::string& value : {object.Protobuf(), object.Json(), object.Cbor()}) {
    EXPECT_THAT(TextsAt(value, kManagers), ElementsAre("kubectl", "kwok"));
  }
}

TEST(ObjectPath, FindsTheKeyOfAMap) {
  constexpr std::array kLabel = {PathStep{"metadata", 1}, PathStep{"labels", 11},
                                 PathStep{"manager", 0, PathStep::Kind::kMapKey}};
  const StoredObject object;
  for (const std::string& value : {object.Protobuf(), object.Json(), object.Cbor()}) {
    EXPECT_THAT(TextsAt(value, kLabel), ElementsAre("a label"));
  }
}

TEST(ObjectPath, FindsNothingInWhatIsNoObject) {
  constexpr std::array kUid = {PathStep{"metadata", 1}, PathStep{"uid", 5}};
  for (const std::string& value :
       {std::string(), std::string("plain"), std::string("k8s:enc:aescbc:v1:k:xyz"),
        std::string(R"({"metadata":7})"), std::string(R"({"metadata":{"uid)")}) {
    EXPECT_THAT(TextsAt(value, kUid), ElementsAre()) << value;
  }
}

TEST(ObjectTimes, ReadsCreationAndLatestWrite) {
  const std::string protobuf =
      Protobuf(Bytes(1, Bytes(8, Number(1, kMinute)) +
                            Bytes(17, Bytes(1, "a") + Bytes(4, Number(1, kMinute + 60))) +
                            Bytes(17, Bytes(1, "b") + Bytes(4, Number(1, kMinute + 30)))));
  EXPECT_EQ(CreationTime(protobuf), kMinute);
  EXPECT_EQ(WriteTime(protobuf), kMinute + 60);
  const std::string json =
      R"({"metadata":{"creationTimestamp":"2026-11-28T00:00:01Z","managedFields":)"
      R"([{"manager":"a","time":"2026-11-28T00:00:09Z"},{"manager":"b"}]}})";
  EXPECT_EQ(CreationTime(json), 1'795'824'001);
  EXPECT_EQ(WriteTime(json), 1'795'824'009);
}

TEST(ObjectTimes, TakesNoTimeThatIsNone) {
  EXPECT_EQ(CreationTime(R"({"metadata":{"creationTimestamp":null}})"), std::nullopt);
  EXPECT_EQ(CreationTime(R"({"metadata":{"creationTimestamp":"soon"}})"), std::nullopt);
  EXPECT_EQ(CreationTime(Protobuf(Bytes(1, Bytes(8, Number(1, ~0ULL))))), std::nullopt);
  EXPECT_EQ(WriteTime("x"), std::nullopt);
}

TEST(ObjectFields, MeasuresTheFieldsOfAProtobufObject) {
  const std::string entry = Bytes(1, "kubectl") + Bytes(2, "Update");
  const std::string annotation = Bytes(1, "note") + Bytes(2, "text");
  const std::string value = Protobuf(Bytes(1, Bytes(12, annotation) + Bytes(17, entry)) +
                                     Bytes(2, "spec") + Bytes(3, "the status"));
  const FieldBytes fields = FieldBytesOf("pods", value);
  EXPECT_EQ(fields.managed_fields, entry.size());
  EXPECT_EQ(fields.annotations, annotation.size());
  EXPECT_EQ(fields.status, 10U);
  EXPECT_EQ(FieldBytesOf("secrets", value).status, 0U) << "3 is the type of a Secret";
}

TEST(ObjectFields, MeasuresTheFieldsOfAJsonObject) {
  const std::string value =
      R"({"metadata":{"annotations":{"note":"text"},"managedFields":[{"manager":"a"}]},)"
      R"("spec":{"status":"none"},"status":{"phase":"Ready"}})";
  const FieldBytes fields = FieldBytesOf("things.example.com", value);
  EXPECT_EQ(fields.annotations, std::string(R"({"note":"text"})").size());
  EXPECT_EQ(fields.managed_fields, std::string(R"([{"manager":"a"}])").size());
  EXPECT_EQ(fields.status, std::string(R"({"phase":"Ready"})").size());
}

TEST(Leftover, IsAJobThatIsCompleteOrHasFailed) {
  const auto job = [](const std::string& type) {
    return Protobuf(Bytes(1, "") + Bytes(3, Bytes(1, Bytes(1, "Suspended") + Bytes(2, "False")) +
                                                Bytes(1, Bytes(1, type) + Bytes(2, "True"))));
  };
  EXPECT_EQ(LeftoverOf("jobs.batch", job("Complete")), Leftover::kFinishedJob);
  EXPECT_EQ(LeftoverOf("jobs.batch", job("Failed")), Leftover::kFinishedJob);
  EXPECT_EQ(LeftoverOf("jobs.batch", job("FailureTarget")), Leftover::kNone);
  EXPECT_EQ(LeftoverOf("jobs.batch",
                       R"({"status":{"conditions":[{"type":"Complete","status":"True"}]}})"),
            Leftover::kFinishedJob);
  EXPECT_EQ(LeftoverOf("jobs.example.com", job("Complete")), Leftover::kNone);
}

TEST(Leftover, IsAPodThatHasEnded) {
  EXPECT_EQ(LeftoverOf("pods", Protobuf(Bytes(3, Bytes(1, "Succeeded")))), Leftover::kFinishedPod);
  EXPECT_EQ(LeftoverOf("pods", R"({"status":{"phase":"Failed"}})"), Leftover::kFinishedPod);
  EXPECT_EQ(LeftoverOf("pods", R"({"status":{"phase":"Running"}})"), Leftover::kNone);
}

TEST(Leftover, IsAReplicaSetOfADeploymentWithoutReplicas) {
  const auto replica_set = [](const std::string& owner, std::uint64_t wanted, std::uint64_t left) {
    return Protobuf(Bytes(1, Bytes(13, Bytes(1, owner))) + Bytes(2, Number(1, wanted)) +
                    Bytes(3, Number(1, left)));
  };
  constexpr const char* kResource = "replicasets.apps";
  EXPECT_EQ(LeftoverOf(kResource, replica_set("Deployment", 0, 0)), Leftover::kEmptyReplicaSet);
  EXPECT_EQ(LeftoverOf(kResource, replica_set("Deployment", 0, 1)), Leftover::kNone);
  EXPECT_EQ(LeftoverOf(kResource, replica_set("Deployment", 2, 0)), Leftover::kNone);
  EXPECT_EQ(LeftoverOf(kResource, replica_set("Rollout", 0, 0)), Leftover::kNone);
  EXPECT_EQ(LeftoverOf(kResource, Protobuf("")), Leftover::kNone);
  EXPECT_EQ(LeftoverOf(kResource, R"({"metadata":{"ownerReferences":[{"kind":"Deployment"}]},)"
                                  R"("spec":{"replicas":0},"status":{"replicas":0}})"),
            Leftover::kEmptyReplicaSet);
}

TEST(Leftover, IsASupersededReleaseOfHelm) {
  const auto release = [](const std::string& owner, const std::string& status) {
    return Protobuf(Bytes(1, Bytes(11, Bytes(1, "owner") + Bytes(2, owner)) +
                                 Bytes(11, Bytes(1, "status") + Bytes(2, status))));
  };
  EXPECT_EQ(LeftoverOf("secrets", release("helm", "superseded")), Leftover::kSupersededRelease);
  EXPECT_EQ(LeftoverOf("configmaps", release("helm", "superseded")), Leftover::kSupersededRelease);
  EXPECT_EQ(LeftoverOf("secrets", release("helm", "deployed")), Leftover::kNone);
  EXPECT_EQ(LeftoverOf("secrets", release("me", "superseded")), Leftover::kNone);
}

}  // namespace
}  // namespace headroom::kubernetes
