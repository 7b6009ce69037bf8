#include "values.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>
#include <utility>

#include "event_kinds.h"
#include "json_values.h"
#include "kubernetes_objects.pb.h"
#include "managed_fields.h"

namespace headroom::loadgen {
namespace {

constexpr std::string_view kMagic{"k8s\0", 4};
constexpr std::size_t kBlockBytes = 64 << 10;

// Text that is cheap to make: a random piece of one block of letters, as often as needed.
std::string Filler(std::size_t bytes, Random& random) {
  static const std::array<char, kBlockBytes> kBlock = [] {
    std::array<char, kBlockBytes> block{};
    Random letters(7);
    for (char& letter : block) letter = "abcdefghijklmnopqrstuvwxyz0123456789"[letters.Below(36)];
    return block;
  }();
  std::string text;
  text.reserve(bytes);
  while (text.size() < bytes) {
    const std::size_t length = std::min(bytes - text.size(), kBlockBytes / 2);
    text.append(kBlock.data() + random.Below(kBlockBytes - length), length);
  }
  return text;
}

// `api_version` is that of the client's request.
void FillMetadata(const Resource& resource, const Identity& identity, std::uint32_t version,
                  std::int64_t now, std::string_view api_version, std::string fields_v1,
                  kubernetes::ObjectMeta& metadata) {
  metadata.set_name(identity.name);
  metadata.set_generate_name("");
  metadata.set_namespace_(identity.object_namespace);
  metadata.set_self_link("");
  metadata.set_uid(identity.uid);
  metadata.set_resource_version("");
  metadata.set_generation(version);
  metadata.mutable_creation_timestamp()->set_seconds(now);
  kubernetes::ManagedFieldsEntry& fields = *metadata.add_managed_fields();
  fields.set_manager(std::string(ManagerOf(resource, identity)));
  fields.set_operation("Update");
  fields.set_api_version(std::string(api_version));
  fields.mutable_time()->set_seconds(now);
  fields.set_fields_type("FieldsV1");
  fields.mutable_fields_v1()->set_raw(std::move(fields_v1));
}

void Refer(std::string_view kind, std::string_view api_version, std::string_view object_namespace,
           std::string name, std::string uid, kubernetes::ObjectReference& reference) {
  reference.set_kind(std::string(kind));
  reference.set_namespace_(std::string(object_namespace));
  reference.set_name(std::move(name));
  reference.set_uid(std::move(uid));
  reference.set_api_version(std::string(api_version));
  reference.set_resource_version("");
  reference.set_field_path("");
}

kubernetes::Event MakeEvent(const Resource& resource, const Identity& identity,
                            std::uint32_t version, std::int64_t now, std::string fields_v1) {
  const EventKind& kind = EventKindFor(identity.hash);
  kubernetes::Event event;
  FillMetadata(resource, identity, version, now,
               kind.new_api ? "events.k8s.io/v1" : resource.api_version, std::move(fields_v1),
               *event.mutable_metadata());
  Refer(kind.involved_kind, kind.involved_api_version,
        HasNamespace(kind) ? identity.object_namespace : "", InvolvedName(identity),
        MakeUid(~identity.hash), *event.mutable_involved_object());
  if (kind.involved_kind == "ClusterPolicy") {
    Refer("Pod", "v1", "batch", PodName(identity), MakeUid(Scramble(identity.hash)),
          *event.mutable_related());
  }
  event.set_reason(std::string(kind.reason));
  event.set_message(std::string(kind.message));
  event.mutable_source()->set_component(kind.new_api ? "" : std::string(kind.component));
  event.mutable_source()->set_host("");
  event.set_type(kind.warning ? "Warning" : "Normal");
  if (kind.new_api) {
    event.mutable_event_time()->set_seconds(now);
    if (version > 1) {
      event.mutable_series()->set_count(static_cast<std::int32_t>(version));
      event.mutable_series()->mutable_last_observed_time()->set_seconds(now);
    }
  } else {
    event.mutable_first_timestamp()->set_seconds(now);
    event.mutable_last_timestamp()->set_seconds(now);
  }
  event.set_count(kind.new_api ? 0 : static_cast<std::int32_t>(version));
  event.set_action(kind.new_api ? std::string(kind.reason) : "");
  event.set_reporting_component(std::string(kind.component));
  event.set_reporting_instance(kind.new_api ? std::string(kind.component) + "-0" : "");
  return event;
}

// What is missing to `bytes` once the envelope (type, lengths, empty strings) is around `object`.
std::size_t Missing(const Resource& resource, std::size_t object, std::size_t bytes) {
  const std::size_t envelope =
      kMagic.size() + 24 + resource.api_version.size() + resource.kind.size();
  return bytes > object + envelope ? bytes - object - envelope : 0;
}

std::string MakeRaw(const Resource& resource, const Identity& identity, std::uint32_t version,
                    std::size_t bytes, Random& random) {
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  std::string fields_v1 = FieldsV1(resource, bytes, random);
  if (resource.nature == Nature::kEvents) {
    kubernetes::Event event = MakeEvent(resource, identity, version, now, std::move(fields_v1));
    const std::size_t missing = Missing(resource, event.ByteSizeLong(), bytes);
    if (missing > 0) *event.mutable_message() += " " + Filler(missing - 1, random);
    return event.SerializeAsString();
  }
  kubernetes::StoredObject object;
  FillMetadata(resource, identity, version, now, resource.api_version, std::move(fields_v1),
               *object.mutable_metadata());
  if (resource.name_style == NameStyle::kPod) {
    kubernetes::OwnerReference& job = *object.mutable_metadata()->add_owner_references();
    job.set_kind("Job");
    job.set_name(identity.owner);
    job.set_uid(identity.owner_uid);
    job.set_api_version("batch/v1");
    job.set_controller(true);
    job.set_block_owner_deletion(true);
  }
  (*object.mutable_metadata()->mutable_labels())["app.kubernetes.io/name"] = identity.app;
  const std::size_t missing = Missing(resource, object.ByteSizeLong(), bytes);
  (*object.mutable_content())["content"] = Filler(missing, random);
  return object.SerializeAsString();
}

}  // namespace

std::string MakeValue(const Resource& resource, const Identity& identity, std::uint32_t version,
                      std::size_t bytes, Random& random) {
  if (resource.encoding == Encoding::kJson)
    return MakeJsonValue(resource, identity, version, bytes, random);
  kubernetes::Unknown unknown;
  unknown.mutable_type_meta()->set_api_version(std::string(resource.api_version));
  unknown.mutable_type_meta()->set_kind(std::string(resource.kind));
  unknown.set_raw(MakeRaw(resource, identity, version, bytes, random));
  unknown.set_content_encoding("");
  unknown.set_content_type("");
  std::string value(kMagic);
  unknown.AppendToString(&value);
  return value;
}

}  // namespace headroom::loadgen
