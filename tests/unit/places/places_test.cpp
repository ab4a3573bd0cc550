// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/base/faults.hpp"
#include "host/places/faults.hpp"
#include "host/places/place.hpp"
#include "tests/unit/folder/folder.hpp"

using namespace civicast;
using places::PlaceKind;
using places::read_places;

namespace {

Result<places::Places, Faults> read(const std::string &text) {
  const Folder folder;
  return read_places(folder.write("places.xml", text));
}

std::string place(const std::string &kind, const std::string &id, const std::string &inside = "") {
  return "<" + kind + " id='" + id + "' name-zh='" + id + "' name-en='" + id + "'>\n" + inside +
         "</" + kind + ">\n";
}

}  // namespace

TEST_CASE("places are read in order, each after its parent") {
  const auto places =
      read("<places>" +
           place("centre", "c",
                 place("subcentre", "m", place("base", "b")) +
                     place("station", "s",
                           place("point", "p", place("screen", "s2")) + place("screen", "s1"))) +
           "</places>");
  REQUIRE(places.ok());
  std::vector<std::string> ids;
  for (const auto &one : places->all()) ids.push_back(one.parent + "/" + one.id);
  CHECK(ids == std::vector<std::string>{"/c", "c/m", "m/b", "c/s", "s/p", "p/s2", "s/s1"});
  CHECK(places->find("b")->kind == PlaceKind::base);
  CHECK(places->find("p")->at == "places.xml:7");
  CHECK(places->find("nowhere") == nullptr);
}

TEST_CASE("a subtree is a place and everything below it") {
  const auto places = read(
      "<places>" +
      place("centre", "c", place("station", "s", place("screen", "x")) + place("station", "t")) +
      "</places>");
  REQUIRE(places.ok());
  CHECK(places->subtree("c") == std::vector<std::string>{"c", "s", "x", "t"});
  CHECK(places->subtree("s") == std::vector<std::string>{"s", "x"});
  CHECK(places->subtree("x") == std::vector<std::string>{"x"});
  CHECK(places->subtree("nowhere").empty());
}

TEST_CASE("what is below comes later in the order of kinds") {
  const auto places = read(
      "<places>" + place("centre", "c", place("screen", "x", place("station", "s"))) + "</places>");
  REQUIRE_FALSE(places.ok());
  REQUIRE(places.fault().size() == 1);
  CHECK(places.fault()[0].is(places::faults::place_out_of_order));
  CHECK(places.fault()[0].where() == "places.xml:3");
}

TEST_CASE("a tree has one root, and every place an id of its own") {
  const auto none = read("<places/>");
  REQUIRE_FALSE(none.ok());
  CHECK(none.fault()[0].is(faults::xml_missing_element));
  const auto two = read("<places>\n" + place("centre", "c") + place("centre", "d") + "</places>");
  REQUIRE_FALSE(two.ok());
  CHECK(two.fault()[0].is(faults::xml_second_element));
  CHECK(two.fault()[0].where() == "places.xml:4");
  const auto twice = read("<places>" + place("centre", "c", place("station", "c")) + "</places>");
  REQUIRE_FALSE(twice.ok());
  CHECK(twice.fault()[0].is(faults::xml_twice_id));
}

TEST_CASE("every kind has its word") {
  CHECK(places::word(PlaceKind::centre) == "centre");
  CHECK(places::word(PlaceKind::screen) == "screen");
  CHECK(places::words(PlaceKind::station).zh == "实践站");
}
