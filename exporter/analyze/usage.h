#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "accounting/key_history.h"

namespace headroom::analyze {

// What the revisions of some keys take. Bytes are len(key) + len(value) of the stored KeyValue, as
// the server's own Range counts them, but for those called stored, which are the record's in the
// file.
struct Usage {
  std::uint64_t live_objects = 0;
  std::uint64_t live_bytes = 0;
  std::uint64_t largest_object_bytes = 0;  // of the live ones
  // History: what a compaction to the current revision would remove.
  std::uint64_t superseded_revisions = 0;  // versions that an update came after
  std::uint64_t superseded_bytes = 0;
  std::uint64_t deleted_objects = 0;  // their last versions
  std::uint64_t deleted_bytes = 0;
  std::uint64_t tombstones = 0;  // the deletes themselves
  std::uint64_t tombstone_bytes = 0;
  std::uint64_t history_stored_bytes = 0;
  std::uint64_t stored_bytes = 0;  // live and history
  // The same with their share of what else their pages have: each leaf page is shared out by the
  // bytes of the records in it, the branches above by the bytes of leaf pages.
  std::uint64_t live_page_bytes = 0;
  std::uint64_t history_page_bytes = 0;

  std::uint64_t history_revisions() const {
    return superseded_revisions + deleted_objects + tombstones;
  }
  std::uint64_t history_bytes() const { return superseded_bytes + deleted_bytes + tombstone_bytes; }

  std::uint64_t page_bytes() const { return live_page_bytes + history_page_bytes; }

  void Add(accounting::RevisionKind kind, std::uint64_t bytes, std::uint64_t stored,
           std::uint64_t of_pages) {
    using accounting::RevisionKind;
    stored_bytes += stored;
    if (kind == RevisionKind::kLive) {
      live_page_bytes += of_pages;
    } else {
      history_stored_bytes += stored;
      history_page_bytes += of_pages;
    }
    switch (kind) {
      case RevisionKind::kLive:
        ++live_objects;
        live_bytes += bytes;
        largest_object_bytes = std::max(largest_object_bytes, bytes);
        break;
      case RevisionKind::kSuperseded:
        ++superseded_revisions;
        superseded_bytes += bytes;
        break;
      case RevisionKind::kDeleted:
        ++deleted_objects;
        deleted_bytes += bytes;
        break;
      case RevisionKind::kTombstone:
        ++tombstones;
        tombstone_bytes += bytes;
        break;
    }
  }

  Usage& operator+=(const Usage& more) {
    live_objects += more.live_objects;
    live_bytes += more.live_bytes;
    largest_object_bytes = std::max(largest_object_bytes, more.largest_object_bytes);
    superseded_revisions += more.superseded_revisions;
    superseded_bytes += more.superseded_bytes;
    deleted_objects += more.deleted_objects;
    deleted_bytes += more.deleted_bytes;
    tombstones += more.tombstones;
    tombstone_bytes += more.tombstone_bytes;
    history_stored_bytes += more.history_stored_bytes;
    stored_bytes += more.stored_bytes;
    live_page_bytes += more.live_page_bytes;
    history_page_bytes += more.history_page_bytes;
    return *this;
  }
};

struct Row {
  std::string resource;
  std::string part;  // of a breakdown; "" for the namespace of what has none
  Usage usage;

  Row& operator+=(const Row& more) {
    usage += more.usage;
    return *this;
  }
};

inline std::uint64_t Scaled(std::uint64_t bytes, double scale) {
  return static_cast<std::uint64_t>(static_cast<double>(bytes) * scale);
}

}  // namespace headroom::analyze
