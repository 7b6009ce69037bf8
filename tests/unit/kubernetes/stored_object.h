#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "support/wire.h"

namespace headroom::test {

// An object with managedFields, as kube-apiserver stores it. Neighbours of what is read hold texts
// that must not be taken.
struct StoredObject {
  struct Entry {
    std::string manager;
    std::string subresource = {};
    std::uint64_t second = 0;  // of the minute 2026-11-28T21:40
    std::string fields = "f:spec";
    std::string operation = "Update";
  };
  struct Owner {
    std::string kind;
    std::string api_version;
    bool controller = true;
  };
  std::vector<Entry> entries;
  std::string status = "running";
  std::string node = {};
  bool deleted = false;
  std::vector<Owner> owners = {};

  std::string Protobuf() const {
    constexpr std::uint64_t kMinute = 1'796'000'400;
    std::string metadata =
        Bytes(1, "web-1") + Bytes(3, "default") + Number(7, 2) + Bytes(8, Number(1, kMinute));
    if (deleted) metadata += Bytes(9, Number(1, kMinute)) + Number(10, 30);
    metadata += Bytes(11, Bytes(1, "manager") + Bytes(2, "a label"));
    for (const Owner& owner : owners) {
      metadata += Bytes(13, Bytes(1, owner.kind) + Bytes(3, "its-name") + Bytes(4, "its-uid") +
                                Bytes(5, owner.api_version) + Number(6, owner.controller ? 1 : 0) +
                                Number(7, 1));
    }
    for (const Entry& entry : entries) {
      metadata += Bytes(17, Bytes(1, entry.manager) + Bytes(2, entry.operation) + Bytes(3, "v1") +
                                Bytes(4, Number(1, kMinute + entry.second) + Number(2, 0)) +
                                Bytes(6, "FieldsV1") + Bytes(7, Bytes(1, entry.fields)) +
                                Bytes(8, entry.subresource));
    }
    const std::string object = Bytes(1, metadata) +
                               Bytes(2, Bytes(2, "a container") + Bytes(10, node)) +
                               Bytes(3, Bytes(1, status));
    return std::string("k8s\0", 4) + Bytes(1, Bytes(1, "v1") + Bytes(2, "Pod")) + Bytes(2, object) +
           Bytes(3, "") + Bytes(4, "");
  }

  std::string Json() const {
    std::string list;
    for (const Entry& entry : entries) {
      absl::StrAppend(
          &list, list.empty() ? "" : ",", R"({"apiVersion":"v1","fieldsType":"FieldsV1",)",
          R"("fieldsV1":{")", entry.fields, R"(":{"f:manager":{}}},"manager":")", entry.manager,
          R"(","operation":")", entry.operation, R"(",)",
          entry.subresource.empty() ? "" : R"("subresource":")" + entry.subresource + R"(",)",
          R"("time":"2026-11-28T21:40:)", entry.second / 10, entry.second % 10, R"(Z"})");
    }
    std::string references;
    for (const Owner& owner : owners) {
      absl::StrAppend(&references, references.empty() ? "" : ",", R"({"apiVersion":")",
                      owner.api_version, R"(","blockOwnerDeletion":true,"controller":)",
                      owner.controller ? "true" : "false", R"(,"kind":")", owner.kind,
                      R"(","name":"its-name","uid":"its-uid"})");
    }
    return absl::StrCat(R"({"apiVersion":"v1","kind":"Pod","metadata":{)",
                        deleted ? R"("deletionTimestamp":"2026-11-28T21:41:00Z",)" : "",
                        R"("labels":{"manager":"a label"},"managedFields":[)", list,
                        R"(],"name":"web-1","ownerReferences":[)", references,
                        R"(]},"spec":{"containers":["a container"])",
                        node.empty() ? "" : R"(,"nodeName":")" + node + R"(")",
                        R"(},"status":{"phase":")", status, R"("}})", "\n");
  }

  // Strings are byte strings, as Kubernetes writes them (KEP-4222).
  std::string Cbor() const {
    std::string list;
    for (const Entry& entry : entries) {
      list += Head(5, 6) + Pair("manager", entry.manager) + Pair("operation", entry.operation) +
              Pair("apiVersion", "v1") + Text("fieldsV1") + Head(5, 1) + Pair(entry.fields, "x") +
              Pair("subresource", entry.subresource) +
              Pair("time",
                   absl::StrCat("2026-11-28T21:40:", entry.second / 10, entry.second % 10, "Z"));
    }
    std::string references;
    for (const Owner& owner : owners) {
      references += Head(5, 3) + Pair("apiVersion", owner.api_version) + Text("controller") +
                    (owner.controller ? "\xf5" : "\xf4") + Pair("kind", owner.kind);
    }
    const std::string metadata =
        Head(5, deleted ? 5 : 4) + Pair("name", "web-1") + Text("labels") + Head(5, 1) +
        Pair("manager", "a label") +
        (deleted ? Pair("deletionTimestamp", "2026-11-28T21:41:00Z") : "") + Text("managedFields") +
        Head(4, entries.size()) + list + Text("ownerReferences") + Head(4, owners.size()) +
        references;
    return "\xd9\xd9\xf7" + Head(5, 4) + Pair("kind", "Pod") + Text("metadata") + metadata +
           Text("spec") + Head(5, 2) + Text("replicas") + Head(0, 300) + Pair("nodeName", node) +
           Text("status") + Head(5, 1) + Pair("phase", status);
  }

 private:
  static std::string Head(unsigned major, std::uint64_t argument) {
    const auto first = [major](std::uint64_t low) { return static_cast<char>(major << 5U | low); };
    if (argument < 24) return {first(argument)};
    if (argument < 256) return {first(24), static_cast<char>(argument)};
    return {first(25), static_cast<char>(argument >> 8U), static_cast<char>(argument)};
  }
  static std::string Text(std::string_view text) {
    return Head(2, text.size()) + std::string(text);
  }
  static std::string Pair(std::string_view key, std::string_view value) {
    return Text(key) + Text(value);
  }
};

}  // namespace headroom::test
