#include "kubernetes/event_object.h"

#include <gtest/gtest.h>

#include <string>

#include "kubernetes/stored_event.h"

namespace headroom::kubernetes {
namespace {

using test::Bytes;
using test::Number;
using test::StoredEvent;
using test::Varint;

// The result of a reader that is gone by then: only for what is a view of the value or static.
EventObject Read(std::string_view value) { return EventObjectReader().Read(value); }

constexpr EventObject kUnknownEvent{"unknown", "unknown", "unknown"};

const std::string kBackOff = StoredEvent{.reporting_component = "kubelet",
                                         .reason = "BackOff",
                                         .involved_kind = "Pod",
                                         .involved_namespace = "team-a"}
                                 .Protobuf();

TEST(EventObject, IsReadFromProtobuf) {
  EXPECT_EQ(Read(kBackOff), (EventObject{"kubelet", "BackOff", "Pod"}));
}

TEST(EventObject, PointsIntoTheValue) {
  const EventObject event = Read(kBackOff);
  for (const std::string_view label : {event.component, event.reason, event.involved_kind}) {
    EXPECT_GE(label.data(), kBackOff.data());
    EXPECT_LE(label.data() + label.size(), kBackOff.data() + kBackOff.size());
  }
}

TEST(EventObject, PrefersTheReportingComponentToTheSource) {
  const std::string both =
      StoredEvent{.reporting_component = "new", .source_component = "old"}.Protobuf();
  EXPECT_EQ(Read(both).component, "new");
  EXPECT_EQ(Read(StoredEvent{.source_component = "old"}.Protobuf()).component, "old");
}

TEST(EventObject, TakesEmptyFieldsForUnknown) {
  EXPECT_EQ(Read(StoredEvent{}.Protobuf()), kUnknownEvent);
  EXPECT_EQ(Read(StoredEvent{.reason = "Started"}.Protobuf()),
            (EventObject{"unknown", "Started", "unknown"}));
}

TEST(EventObject, IsUnknownWhenItCannotBeDecoded) {
  EXPECT_EQ(Read(""), kUnknownEvent);
  EXPECT_EQ(Read("plain text"), kUnknownEvent);
  EXPECT_EQ(Read("\xd9\xd9\xf7\xa1\x66reason\x63yes"), kUnknownEvent);
  EXPECT_EQ(Read(std::string("k8s\0", 4)), kUnknownEvent);
  EXPECT_EQ(Read(std::string("k8s\0", 4) + std::string(1'500'000, '\xff')), kUnknownEvent);
  EXPECT_EQ(Read(std::string("k8s\0", 4) + std::string(1'500'000, '\x0b')),
            kUnknownEvent);  // groups
}

TEST(EventObject, IsEncryptedInAllWhenTheValueIs) {
  EXPECT_EQ(Read("k8s:enc:aescbc:v1:key1:\x01\x02"),
            (EventObject{"encrypted", "encrypted", "encrypted"}));
}

TEST(EventObject, KeepsWhatStandsBeforeTheCut) {
  const std::string whole = kBackOff;
  const auto reason_end = whole.find("BackOff") + 7;
  EXPECT_EQ(Read(whole.substr(0, reason_end)), (EventObject{"unknown", "BackOff", "Pod"}));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    EXPECT_FALSE(Read(cut).reason.empty()) << size;
  }
}

TEST(EventObject, PassesOverFieldsOfTheWrongType) {
  const std::string wrong = Number(2, 7) + Number(3, 5) + Varint(14U << 3U | 5U) + "abcd" +
                            Varint(5U << 3U | 1U) + "12345678" + Bytes(3, "Killing");
  EXPECT_EQ(Read(StoredEvent::Envelope(wrong)), (EventObject{"unknown", "Killing", "unknown"}));
}

TEST(EventObject, StopsAtLengthsAndNumbersThatCannotBe) {
  const std::string huge_length = Bytes(3, "Killing") + Varint(14U << 3U | 2U) + Varint(~0ULL);
  EXPECT_EQ(Read(StoredEvent::Envelope(huge_length)).reason, "Killing");
  const std::string endless_varint =
      Bytes(3, "Killing") + std::string(100, '\xff') + Bytes(14, "x");
  EXPECT_EQ(Read(StoredEvent::Envelope(endless_varint)),
            (EventObject{"unknown", "Killing", "unknown"}));
}

TEST(EventObject, MakesItsTextsFitForLabels) {
  EventObjectReader reader;
  const std::string value = StoredEvent{.reporting_component = "kube\nlet",
                                        .reason = std::string(65'536, 'x'),
                                        .involved_kind = "\xff\xfe",
                                        .involved_namespace = "team-a"}
                                .Protobuf();
  EXPECT_EQ(reader.Read(value), (EventObject{"kube?let", std::string(kMaxLabelBytes, 'x'), "??"}));
}

TEST(EventObject, IsReadFromJson) {
  EXPECT_EQ(
      Read(R"({"apiVersion":"v1","count":3,"eventTime":null,"involvedObject":{"apiVersion":"v1",
    "kind":"Pod","name":"web-1","namespace":"team-a","uid":"5f0c"},"kind":"Event","message":
    "a \"reason\": \"none\" {[","metadata":{"managedFields":[{"fieldsV1":{"f:reason":{}}}],"name":
    "web-1.17a0b","namespace":"default"},"reason":"BackOff","reportingComponent":"kubelet",
    "source":{"component":"old","host":"node-7"},"type":"Normal"})"),
      (EventObject{"kubelet", "BackOff", "Pod"}));
}

TEST(EventObject, KnowsTheFieldNamesOfTheEventsGroup) {
  EXPECT_EQ(Read(R"({"regarding":{"kind":"Node"},"reason":"Rebooted",
                     "reportingController":"node-controller"})"),
            (EventObject{"node-controller", "Rebooted", "Node"}));
  EXPECT_EQ(Read(R"({"deprecatedSource":{"component":"old"},"reportingController":""})").component,
            "old");
}

TEST(EventObject, TakesJsonFieldsOnlyWhereTheyBelong) {
  EXPECT_EQ(
      Read(R"({"metadata":{"reason":"no"},"related":{"kind":"Secret"},"x":[{"reason":"no"}]})"),
      kUnknownEvent);
  EXPECT_EQ(Read(R"({"involvedObject":{"x":{"kind":"no"},"kind":"Pod"}})").involved_kind, "Pod");
  EXPECT_EQ(Read(R"({"involvedObject":["kind","Pod"],"reason":{"a":1},"source":"kubelet"})"),
            kUnknownEvent);
}

TEST(EventObject, ResolvesJsonEscapes) {
  EventObjectReader reader;
  EXPECT_EQ(reader.Read(R"({"reason":"a\u003cb \"c\" \\ \/ caf\u00e9 \ud83d\ude00"})").reason,
            "a<b \"c\" \\ / caf\u00e9 \U0001f600");
  EXPECT_EQ(reader.Read(R"({"reason":"a\nb\u0000c\u007f"})").reason, "a?b?c?");
  EXPECT_EQ(reader.Read(R"({"reason":"\ud83d \ude00 \uzzzz \u12 \x"})").reason, "? ? ?zzzz ?12 ?");
}

TEST(EventObject, CutsLongJsonTextsAtACharactersBorder) {
  EventObjectReader reader;
  const std::string almost(kMaxLabelBytes - 1, 'x');
  EXPECT_EQ(reader.Read(R"({"reason":")" + almost + R"(\u00e9\u00e9\u00e9"})").reason, almost);
  EXPECT_EQ(reader.Read(R"({"reason":"\\)" + std::string(65'536, 'x') + R"("})").reason,
            "\\" + almost);
}

TEST(EventObject, SurvivesJsonThatIsBrokenOrDeep) {
  for (const char* text : {"{", "{\"", "{\"reason", "{\"reason\"", "{\"reason\":", "{\"reason\":\"",
                           "{\"reason\" \"x\"}", "{]", "{\"a\":]", "{\"a\":}", "{,,,}", "{\"a\\"}) {
    EXPECT_EQ(Read(text), kUnknownEvent) << text;
  }
  EventObjectReader reader;
  EXPECT_EQ(reader.Read("{\"reason\":\"\\").reason, "?");
  EXPECT_EQ(Read("{\"a\":" + std::string(1'000'000, '[')), kUnknownEvent);
  EXPECT_EQ(Read("{\"a\":" + std::string(1'000'000, '[') + std::string(1'000'000, ']') +
                 ",\"reason\":\"x\"}")
                .reason,
            "x");
  EXPECT_EQ(Read(R"({"reason":"BackOff","message":"cut of)").reason, "BackOff");
}

}  // namespace
}  // namespace headroom::kubernetes
