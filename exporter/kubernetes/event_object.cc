#include "kubernetes/event_object.h"

#include "kubernetes/json_scanner.h"
#include "kubernetes/protobuf_fields.h"
#include "kubernetes/stored_value.h"

namespace headroom::kubernetes {
namespace {

// As they stand in the value; empty when absent or, as Go writes what is not set, empty there.
struct Fields {
  std::string_view reporting_component;
  std::string_view source_component;
  std::string_view reason;
  std::string_view involved_kind;

  std::string_view component() const {
    return reporting_component.empty() ? source_component : reporting_component;
  }
};

// The numbers are those of k8s.io/api/core/v1/generated.proto.
Fields ReadProtobufEvent(std::string_view event) {
  Fields fields;
  ForEachField(event, [&](int number, std::string_view bytes) {
    switch (number) {
      case 2:  // involvedObject
        ForEachField(bytes, [&](int inner, std::string_view text) {
          if (inner == 1) fields.involved_kind = text;
        });
        break;
      case 3:
        fields.reason = bytes;
        break;
      case 5:  // source
        ForEachField(bytes, [&](int inner, std::string_view text) {
          if (inner == 1) fields.source_component = text;
        });
        break;
      case 14:
        fields.reporting_component = bytes;
        break;
      default:
        break;
    }
  });
  return fields;
}

Fields ReadProtobuf(std::string_view value) {
  Fields fields;
  // runtime.Unknown; 2 is the object.
  ForEachField(ProtobufEnvelope(value), [&](int number, std::string_view bytes) {
    if (number == 2) fields = ReadProtobufEvent(bytes);
  });
  return fields;
}

Fields ReadJson(std::string_view value) {
  Fields fields;
  JsonScanner json(value);
  json.ForEachKey([&](std::string_view key) {
    if (key == "reportingComponent" || key == "reportingController") {
      json.TakeString(fields.reporting_component);
    } else if (key == "reason") {
      json.TakeString(fields.reason);
    } else if (key == "source" || key == "deprecatedSource") {
      json.ForEachKey([&](std::string_view inner) {
        if (inner == "component") {
          json.TakeString(fields.source_component);
        } else {
          json.SkipValue();
        }
      });
    } else if (key == "involvedObject" || key == "regarding") {
      json.ForEachKey([&](std::string_view inner) {
        if (inner == "kind") {
          json.TakeString(fields.involved_kind);
        } else {
          json.SkipValue();
        }
      });
    } else {
      json.SkipValue();
    }
  });
  return fields;
}

std::string_view PlainLabel(std::string_view text, LabelText& copy) {
  return text.empty() ? kUnknownLabel : copy.Fit(text);
}

std::string_view JsonLabel(std::string_view raw, LabelText& copy) {
  if (raw.find('\\') == std::string_view::npos) return PlainLabel(raw, copy);
  // What is cut here, in the midst of a character perhaps, is past the label's own limit.
  std::array<char, kMaxLabelBytes + 4> unescaped;
  return copy.Copy(UnescapeJson(raw, unescaped));
}

template <typename MakeLabel>
EventObject Labels(const Fields& fields, std::array<LabelText, 3>& copies, MakeLabel make_label) {
  return {.component = make_label(fields.component(), copies[0]),
          .reason = make_label(fields.reason, copies[1]),
          .involved_kind = make_label(fields.involved_kind, copies[2])};
}

EventObject AllOf(std::string_view label) { return {label, label, label}; }

}  // namespace

EventObject EventObjectReader::Read(std::string_view value) {
  switch (EncodingOf(value)) {
    case ValueEncoding::kProtobuf:
      return Labels(ReadProtobuf(value), texts_, PlainLabel);
    case ValueEncoding::kJson:
      return Labels(ReadJson(value), texts_, JsonLabel);
    case ValueEncoding::kEncrypted:
      return AllOf(kEncryptedLabel);
    case ValueEncoding::kCbor:
    case ValueEncoding::kOther:
      break;
  }
  return AllOf(kUnknownLabel);
}

}  // namespace headroom::kubernetes
