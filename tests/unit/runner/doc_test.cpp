// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/doc.hpp"

#include <catch2/catch.hpp>
#include <civicast/channel.hpp>

using civicast::runner::JsonDoc;

TEST_CASE("a document is read by pointer, and what is absent reads as nothing") {
  const JsonDoc json(R"({"title":{"zh":"和谐"},"n":2.5,"on":true,"list":[1,"two"],"a/b":"slash"})");
  const civicast::Doc doc(json.raw());
  CHECK(doc.text("/title/zh") == "和谐");
  CHECK(doc.text("/a~1b") == "slash");
  CHECK(doc.text("/list/1") == "two");
  CHECK(doc.number("/n") == 2.5);
  CHECK(doc.flag("/on"));
  CHECK(doc.count("/list") == 2);
  CHECK(doc.json("/title") == R"({"zh":"和谐"})");

  CHECK(doc.text("/n").empty());
  CHECK(doc.text("/list/9").empty());
  CHECK(doc.text("/list/01").empty());
  CHECK(doc.text("no pointer").empty());
  CHECK(doc.number("/title") == 0);
  CHECK_FALSE(doc.flag("/n"));
  CHECK(doc.count("/n") == 0);
  CHECK(doc.json("/nothing").empty());
  CHECK(json.raw()->text(json.raw(), nullptr).data == nullptr);
}

TEST_CASE("a whole number is read exactly, and what is none reads as 0") {
  const JsonDoc json(
      R"({"ns":1790000000123456789,"min":-9223372036854775808,"over":9223372036854775808,
          "five":5.0,"half":2.5,"huge":1e300,"text":"5"})");
  const civicast::Doc doc(json.raw());
  CHECK(doc.integer("/ns") == 1790000000123456789);
  CHECK(doc.integer("/min") == INT64_MIN);
  CHECK(doc.integer("/five") == 5);
  for (const char *none : {"/over", "/half", "/huge", "/text", "/absent", ""})
    CHECK(doc.integer(none) == 0);
}

TEST_CASE("the members of an object have names, and words a language") {
  const JsonDoc json(R"({"a":{"x":1,"y":2},"t":{"zh":"和谐","en":""},"list":["p","q"]})");
  const civ_doc *raw = json.raw();
  CHECK(civicast::view(raw->name(raw, "/a", 1)) == "y");
  CHECK(raw->name(raw, "/a", 2).data == nullptr);
  CHECK(raw->name(raw, "/list", 0).data == nullptr);
  const civicast::Doc doc(raw);
  CHECK(doc.words("/t", "zh-CN") == "和谐");
  CHECK(doc.words("/t", "en-GB") == "和谐");
  CHECK(doc.texts("/list") == std::vector<std::string>{"p", "q"});
  CHECK(doc.has("/a/x"));
  CHECK_FALSE(doc.has("/a/z"));
}

TEST_CASE("texts that a document hands out stay valid while more are asked for") {
  const JsonDoc json(R"({"a":{"long":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}})");
  const civ_text first = json.raw()->json(json.raw(), "/a");
  const std::string before(first.data, first.size);
  for (int i = 0; i < 1000; ++i) json.raw()->json(json.raw(), "");
  CHECK(std::string(first.data, first.size) == before);
}

TEST_CASE("what is no object reads as an empty one") {
  CHECK(civicast::Doc(JsonDoc("[1]").raw()).json() == "{}");
  CHECK(civicast::Doc(JsonDoc("{").raw()).count("") == 0);
}
