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
