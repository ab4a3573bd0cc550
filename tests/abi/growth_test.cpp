// SPDX-License-Identifier: Apache-2.0
// The frozen contract: where everything lies, and that what comes later only appends.
#include <stdio.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/abi/header.hpp"

using namespace civicast::test;

namespace {

const std::string here = CIVICAST_ABI_SOURCES;
using Lines = std::vector<std::string>;

std::string text_of(const std::string &file) {
  std::ifstream in(file);
  REQUIRE(in);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string output_of(const char *program) {
  FILE *pipe = ::popen(program, "r");
  REQUIRE(pipe);
  std::string out;
  char chunk[4096];
  for (std::size_t got = 0; (got = ::fread(chunk, 1, sizeof chunk, pipe)) > 0;)
    out.append(chunk, got);
  REQUIRE(::pclose(pipe) == 0);
  return out;
}

std::string replaced(std::string text, const std::string &from, const std::string &to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("everything lies where the golden layout says") {
  CHECK(output_of(CIVICAST_LAYOUT_TODAY) == text_of(here + "/layout.golden"));
}

TEST_CASE("the golden layout knows every struct, field and enumerator of today's header") {
  const Header today = read_header(text_of(CIVICAST_TODAY_H));
  const std::string golden = text_of(here + "/layout.golden");
  REQUIRE(today.structs.size() >= 11);
  REQUIRE(today.enums.size() >= 5);
  for (const auto &[name, members] : today.structs) {
    CHECK(golden.find("struct " + name + " size ") != std::string::npos);
    for (const std::string &member : names_in(members)) {
      CAPTURE(name, member);
      CHECK(golden.find("field " + name + "." + member + " offset ") != std::string::npos);
    }
    if (name != "civ_text")
      CHECK(golden.find("field " + name + ".size offset 0 size 4\n") != std::string::npos);
  }
  for (const auto &[name, values] : today.enums) {
    CHECK(golden.find("enum " + name + " size 4 ") != std::string::npos);
    for (const std::string &value : values) {
      CAPTURE(value);
      CHECK(golden.find("value " + value.substr(0, value.find(' ')) + " ") != std::string::npos);
    }
  }
}

TEST_CASE("no struct ends in padding, which an appended field could fall into") {
  const std::string golden = text_of(here + "/layout.golden");
  std::istringstream in(golden);
  std::map<std::string, unsigned long> sizes, ends;
  for (std::string kind, name, word; in >> kind >> name;) {
    unsigned long first = 0, second = 0;
    if (kind == "value") {
      in >> first;
      continue;
    }
    in >> word >> first >> word >> second;
    if (kind == "struct") sizes[name] = first;
    if (kind == "field") ends[name.substr(0, name.find('.'))] = first + second;
  }
  REQUIRE(!sizes.empty());
  CHECK(sizes == ends);
}

TEST_CASE("today's header begins as that of 1.0, and only appends") {
  const Header old = read_header(text_of(here + "/frozen/channel_1_0.h"));
  CHECK(changes(old, read_header(text_of(CIVICAST_TODAY_H))) == Lines{});
  CHECK(layout_changes(output_of(CIVICAST_LAYOUT_1_0), output_of(CIVICAST_LAYOUT_TODAY)) ==
        Lines{});
}

TEST_CASE("tomorrow's header appends to every struct but civ_text, and to no other") {
  const Header today = read_header(text_of(CIVICAST_TODAY_H));
  const Header tomorrow = read_header(text_of(CIVICAST_TOMORROW_H));
  CHECK(changes(today, tomorrow) == Lines{});
  CHECK(layout_changes(output_of(CIVICAST_LAYOUT_TODAY), output_of(CIVICAST_LAYOUT_TOMORROW)) ==
        Lines{});
  for (const auto &[name, members] : today.structs)
    CHECK(tomorrow.structs.at(name).size() == members.size() + (name == "civ_text" ? 0 : 3));
}

TEST_CASE("every way to break the contract is noticed") {
  const std::string text = text_of(CIVICAST_TODAY_H);
  const Header today = read_header(text);
  const std::pair<const char *, const char *> breaks[] = {
      {"uint32_t play;", ""},
      {"uint32_t play;", "int32_t play;"},
      {"uint32_t play;", "uint32_t inserted, play;"},
      {"civ_text code, at, message, detail;", "civ_text at, code, message, detail;"},
      {"const char *data;\n  size_t size;", "const char *data;\n  size_t size;\n  int more;"},
      {"int32_t (*withdraw)(civ_channel *, civ_text placement,",
       "int32_t (*withdraw)(civ_channel *, civ_text placement, int why,"},
      {"CIV_LATER = 3,", "CIV_LATER = 6,"},
      {"typedef struct civ_writer {", "typedef struct civ_pen {"},
      {"CIV_EXT_STATUS \"civicast.status/1\"", "CIV_EXT_STATUS \"civicast.status/2\""},
      {"CIV_MAX_ID_BYTES 256", "CIV_MAX_ID_BYTES 255"},
      {"civ_channel_entry_v1(void);", "civ_channel_entry_v2(void);"}};
  for (const auto &[from, to] : breaks) {
    CAPTURE(from, to);
    CHECK(changes(today, read_header(replaced(text, from, to))) != Lines{});
  }
  const std::string golden = text_of(here + "/layout.golden");
  const std::string note = "field civ_note.retry_after_ms offset 8 size 8\n";
  for (const auto &[from, to] : {std::pair<std::string, std::string>{note, ""},
                                 {note, "field civ_note.retry_after_ms offset 16 size 8\n"},
                                 {"value CIV_BROKEN 5", "value CIV_BROKEN 6"},
                                 {"struct civ_note size 80", "struct civ_note size 72"}}) {
    CAPTURE(from, to);
    CHECK(layout_changes(golden, replaced(golden, from, to)) != Lines{});
  }
  CHECK(layout_changes(golden, golden + "field civ_note.hidden offset 76 size 4\n") != Lines{});
  CHECK(layout_changes(golden, golden + "field civ_note.shown offset 80 size 4\n") == Lines{});
}
