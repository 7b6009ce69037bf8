#include "kubernetes/controller_owner.h"

#include <gmock/gmock.h>

#include <array>
#include <string>

#include "kubernetes/stored_object.h"

namespace headroom::kubernetes {
namespace {

using test::StoredObject;

using Stored = std::string (StoredObject::*)() const;

class ControllerOwnerOf : public ::testing::TestWithParam<Stored> {
 protected:
  std::string Read(const std::vector<StoredObject::Owner>& owners) {
    return std::string(reader_.Read(Value(owners)));
  }
  static std::string Value(const std::vector<StoredObject::Owner>& owners) {
    const StoredObject object{.entries = {{"kubectl"}}, .owners = owners};
    return (object.*GetParam())();
  }

  ControllerOwnerReader reader_;
};

std::string EncodingName(const ::testing::TestParamInfo<Stored>& tested) {
  constexpr std::array kNames{"protobuf", "json", "cbor"};
  return kNames[tested.index];
}

INSTANTIATE_TEST_SUITE_P(Encodings, ControllerOwnerOf,
                         ::testing::Values(&StoredObject::Protobuf, &StoredObject::Json,
                                           &StoredObject::Cbor),
                         EncodingName);

TEST_P(ControllerOwnerOf, IsKindAndGroup) {
  EXPECT_EQ(Read({{"Job", "batch/v1"}}), "Job.batch");
  EXPECT_EQ(Read({{"Node", "v1"}}), "Node");
  EXPECT_EQ(Read({{"Thing", "example.com/v1alpha1"}}), "Thing.example.com");
}

TEST_P(ControllerOwnerOf, IsTheOneOfSeveralThatControls) {
  EXPECT_EQ(Read({{"Node", "v1", false}, {"ReplicaSet", "apps/v1"}, {"Job", "batch/v1", false}}),
            "ReplicaSet.apps");
}

TEST_P(ControllerOwnerOf, IsNoneWithoutOneThatControls) {
  EXPECT_EQ(Read({}), "none");
  EXPECT_EQ(Read({{"Node", "v1", false}}), "none");
}

TEST_P(ControllerOwnerOf, IsReadUpToTheCut) {
  const std::string whole = Value({{"Job", "batch/v1"}});
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    EXPECT_FALSE(reader_.Read(whole.substr(0, size)).empty());
  }
  EXPECT_EQ(reader_.Read(whole.substr(0, whole.size() - 1)), "Job.batch");
}

TEST(ControllerOwnerOfAnything, IsFitForALabel) {
  ControllerOwnerReader reader;
  EXPECT_EQ(reader.Read(""), "none");
  EXPECT_EQ(reader.Read("k8s:enc:aescbc:v1:key:xyz"), "encrypted");
  const StoredObject object{.owners = {{"J\xff\n", std::string(1 << 20U, 'g') + "/v1"}}};
  EXPECT_EQ(reader.Read(object.Json()),
            "J?"
            "?." +
                std::string(kMaxLabelBytes - 4, 'g'));
}

}  // namespace
}  // namespace headroom::kubernetes
