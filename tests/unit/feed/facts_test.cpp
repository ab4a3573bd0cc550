// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>

#include "plugins/feed/render.hpp"
#include "plugins/feed/text.hpp"
#include "tests/unit/feed/feed.hpp"

using namespace feed_test;

TEST_CASE("the feed says who it is as its manifest does") {
  Feed f;
  f.open();
  std::ifstream file(std::string(PLUGIN).substr(0, std::string(PLUGIN).rfind('/')) +
                     "/plugin.json");
  const json manifest = json::parse(file);
  CHECK(manifest["id"] == f.host.api().id);
  CHECK(manifest["version"] == f.host.api().version);
}

TEST_CASE("settings of a feed that cannot be are refused, and say where") {
  const std::vector<std::pair<json, std::string>> rows{
      {{{"listen", "0.0.0.0:1"}}, "/listen"},
      {{{"listen", "127.0.0.1"}}, "/listen"},
      {{{"listen", "127.0.0.1:70000"}}, "/listen"},
      {{{"base_url", "ftp://x"}}, "/base_url"},
      {{{"authority", "Not A Name"}}, "/authority"},
      {{{"keep", 0}}, "/keep"},
      {{{"keep", 2001}}, "/keep"},
  };
  for (const auto &[change, at] : rows) {
    Feed f;
    json settings{{"listen", "127.0.0.1:0"}};
    settings.update(change);
    CHECK(f.host.open(PLUGIN, settings) == CIV_UNREADY);
    REQUIRE(f.host.notes.size() == 1);
    CHECK(f.host.notes[0].at == at);
  }
}

TEST_CASE("what a feed cannot post, check and publish refuse alike, with a sentence and a place") {
  Feed f;
  f.open();
  struct Row {
    const char *code, *at;
    std::function<void(Handed &)> change;
  };
  const Row rows[] = {
      {"id.size", "/id", [](Handed &h) { h.id.clear(); }},
      {"time.start", "/start", [](Handed &h) { h.start_ns = 0; }},
      {"title.empty", "/title", [](Handed &h) { h.body.erase("title"); }},
      {"text.too_long", "/title/zh",
       [](Handed &h) { h.body["title"]["zh"] = std::string(501, 'x'); }},
      {"text.too_long", "/text/en",
       [](Handed &h) { h.body["text"]["en"] = std::string(65537, 'x'); }},
      {"text.control", "/text/zh", [](Handed &h) { h.body["text"]["zh"] = "\x01"; }},
      {"media.count", "/media/1", [](Handed &h) { h.media.push_back(h.media[0]); }},
      {"media.type", "/media/0", [](Handed &h) { h.media[0].mime = "image/png"; }},
      {"media.missing", "/media/0", [](Handed &h) { h.media[0].path = "/nowhere.jpg"; }},
      {"media.sha256", "/media/0", [](Handed &h) { h.media[0].sha256 = "x"; }},
  };
  for (const Row &row : rows) {
    INFO(row.code);
    Handed post = f.post("p1", 10);
    row.change(post);
    for (const bool is_check : {true, true, false}) {
      CHECK((is_check ? f.host.check(post) : f.host.publish(post)) == CIV_REFUSED);
      REQUIRE(f.host.notes.size() == 1);
      CHECK(f.host.notes[0].code == row.code);
      CHECK(f.host.notes[0].at == row.at);
      CHECK(f.host.notes[0].message.find(" · ") != std::string::npos);
    }
  }
  CHECK(f.host.facts().empty());
  Handed other = f.post("p1", 10);
  std::ofstream(other.media[0].path) << "other bytes";
  CHECK(f.host.publish(other) == CIV_REFUSED);
  CHECK(f.host.notes[0].code == "media.changed");
}

TEST_CASE("a post comes out at its time and not before, once, with the proof of it") {
  Feed f;
  f.open();
  const Handed post = f.post("p1", 10);
  REQUIRE(f.host.publish(post) == CIV_DONE);
  REQUIRE(f.host.publish(f.post("p2", 20)) == CIV_DONE);
  REQUIRE(f.host.publish(post) == CIV_DONE);
  CHECK(f.json_ids().empty());
  f.settle(noon_ns + 11 * ns_per_s, CIV_AIRED, 1);
  CHECK(f.json_ids() == std::vector<std::string>{"tag:example.org,2027-01-15:p1"});
  const Said aired = the(stand_in::distinct(f.host.facts()), CIV_AIRED, "p1");
  CHECK(aired.start_ns == noon_ns + 11 * ns_per_s);
  CHECK(aired.end_ns == aired.start_ns);
  CHECK(aired.evidence == CIV_MEASURED);
  CHECK(aired.status == CIV_AIRED_WITHOUT_DISCREPANCY);
  CHECK(aired.remote == "https://notices.example.org/feed/posts/p1.html");
  CHECK(aired.proof["entries"] == 1);
  CHECK(aired.proof["id"] == "tag:example.org,2027-01-15:p1");
  // The digest is of the entry as it stands in the feed.
  const std::string atom = f.file("feed.atom");
  const std::size_t from = atom.find(" <entry>"), to = atom.find("</entry>") + 9;
  std::string entry;
  std::istringstream lines(atom.substr(from, to - from));
  for (std::string line; std::getline(lines, line);) entry += line.substr(1) + "\n";
  CHECK(aired.proof["sha256"] == civicast::feed::sha256_hex(entry));
  f.settle(noon_ns + 20 * ns_per_s, CIV_AIRED, 2);
  CHECK(f.json_ids().size() == 2);
  CHECK(f.json_ids()[0] == "tag:example.org,2027-01-15:p2");
}

TEST_CASE("a post whose moment is more than a minute past is missed, not posted late") {
  Feed f;
  f.open();
  f.host.now_ns = noon_ns + 100 * ns_per_s;
  REQUIRE(f.host.publish(f.post("late", 39)) == CIV_DONE);
  REQUIRE(f.host.publish(f.post("just", 40)) == CIV_DONE);
  f.settle(noon_ns + 100 * ns_per_s, CIV_AIRED, 1);
  const Said missed = the(f.host.facts(), CIV_MISSED, "late");
  CHECK(missed.status == CIV_DID_NOT_AIR);
  CHECK(missed.proof["reason"] == "too late");
  CHECK(f.json_ids() == std::vector<std::string>{"tag:example.org,2027-01-15:just"});
}

TEST_CASE("a post is taken back before its time, afterwards that is refused") {
  Feed f;
  f.open();
  REQUIRE(f.host.publish(f.post("p1", 10)) == CIV_DONE);
  REQUIRE(f.host.publish(f.post("p2", 10)) == CIV_DONE);
  CHECK(f.host.withdraw("p1") == CIV_DONE);
  CHECK(f.host.withdraw("p1") == CIV_DONE);
  CHECK(f.host.withdraw("never") == CIV_REFUSED);
  f.settle(noon_ns + 10 * ns_per_s, CIV_AIRED, 1);
  CHECK(count(f.host.facts(), CIV_AIRED, "p1") == 0);
  CHECK(count(f.host.facts(), CIV_WITHDRAWN, "p1") == 1);
  CHECK(f.host.withdraw("p2") == CIV_REFUSED);
  CHECK(f.host.notes[0].code == "withdraw.too_late");
  CHECK(f.host.publish(f.post("p1", 10)) == CIV_REFUSED);
  CHECK(f.host.notes[0].code == "id.closed");
}

TEST_CASE("an edit keeps the entry's id and marks it as updated, and is no second airing") {
  Feed f;
  f.open();
  Handed post = f.post("p1", 10);
  REQUIRE(f.host.publish(post) == CIV_DONE);
  post.body["title"]["en"] = "Edited before";
  REQUIRE(f.host.publish(post) == CIV_DONE);
  f.settle(noon_ns + 10 * ns_per_s, CIV_AIRED, 1);
  CHECK(f.json_feed()["items"][0]["title"] == "讲文明 树新风 · Edited before");
  f.host.now_ns = noon_ns + 500 * ns_per_s;
  post.body["title"]["en"] = "Edited after";
  REQUIRE(f.host.publish(post) == CIV_DONE);
  const json item = f.json_feed()["items"][0];
  CHECK(item["id"] == "tag:example.org,2027-01-15:p1");
  CHECK(item["title"] == "讲文明 树新风 · Edited after");
  CHECK(item["date_published"] == "2027-01-15T08:00:10.000Z");
  CHECK(item["date_modified"] == "2027-01-15T08:08:20.000Z");
  CHECK(f.json_feed()["items"].size() == 1);
  CHECK(count(f.host.facts(), CIV_AIRED) == 1);
  post.start_ns += ns_per_s;
  CHECK(f.host.publish(post) == CIV_REFUSED);
  CHECK(f.host.notes[0].code == "start.changed");
}

TEST_CASE("a retracted post leaves a tombstone, in the feed and on its page, and stays counted") {
  Feed f;
  f.open();
  Handed post = f.post("p1", 10);
  REQUIRE(f.host.publish(post) == CIV_DONE);
  Handed gone = post;
  gone.body["retracted"] = true;
  CHECK(f.host.publish(gone) == CIV_REFUSED);
  CHECK(f.host.notes[0].code == "retract.not_out");
  f.settle(noon_ns + 10 * ns_per_s, CIV_AIRED, 1);
  f.host.now_ns = noon_ns + 70 * ns_per_s;
  CHECK(f.host.publish(gone) == CIV_DONE);
  CHECK(f.host.publish(gone) == CIV_DONE);
  CHECK(f.json_ids().empty());
  CHECK(f.host.status()["entries"] == 0);
  CHECK(f.file("posts/p1.html").find("讲文明") == std::string::npos);
  pugi::xml_document atom;
  parse(atom, f.file("feed.atom"));
  const pugi::xml_node tombstone = atom.document_element().child("at:deleted-entry");
  CHECK(std::string(tombstone.attribute("ref").value()) == "tag:example.org,2027-01-15:p1");
  CHECK(std::string(tombstone.attribute("when").value()) == "2027-01-15T08:01:10.000Z");
  CHECK_FALSE(atom.document_element().child("entry"));
  CHECK(count(f.host.facts(), CIV_AIRED, "p1") == 1);
  CHECK(count(f.host.facts(), CIV_WITHDRAWN) == 0);
}

TEST_CASE("the files hold the latest entries, the archive all, and both outlive a restart") {
  Feed f;
  f.open({{"keep", 3}});
  for (int i = 0; i < 5; ++i)
    REQUIRE(f.host.publish(f.post("p" + std::to_string(i), i)) == CIV_DONE);
  f.settle(noon_ns + 10 * ns_per_s, CIV_AIRED, 5);
  CHECK(f.json_ids().size() == 3);
  CHECK(f.host.status()["entries"] == 5);
  CHECK(f.file("posts/p0.html").find("讲文明") != std::string::npos);
  const auto ids = f.json_ids();
  const std::string atom = f.file("feed.atom");
  f.host.close();
  std::filesystem::remove_all(f.folder / "state/public");
  f.open({{"keep", 3}, {"authority", "elsewhere.example"}});
  CHECK(f.json_ids() == ids);
  CHECK(f.file("feed.atom") == atom);
  CHECK(f.host.recall("p0") == CIV_DONE);
  CHECK(f.host.recall("never") == CIV_REFUSED);
  CHECK(stand_in::distinct(f.host.facts()).size() == 10);
}

TEST_CASE("facts that the host cannot take are said again until it does") {
  Feed f;
  f.open();
  f.host.emit_verdict = CIV_LATER;
  CHECK(f.host.publish(f.post("p1", 10)) == CIV_LATER);
  f.host.emit_verdict = CIV_DONE;
  f.settle(noon_ns + 10 * ns_per_s, CIV_AIRED, 1);
  CHECK(count(f.host.facts(), CIV_ACCEPTED, "p1") == 1);
}

TEST_CASE("a post is out only once its files are: a folder that cannot be written delays it") {
  Feed f;
  f.open();
  REQUIRE(f.host.publish(f.post("p1", 10)) == CIV_DONE);
  const std::string folder = f.folder / "state/public";
  std::filesystem::rename(folder, folder + ".away");
  f.host.now_ns = noon_ns + 10 * ns_per_s;
  REQUIRE(f.host.wait_for([&](const auto &) { return !f.host.logged().empty(); }));
  CHECK(count(f.host.facts(), CIV_AIRED) == 0);
  std::filesystem::rename(folder + ".away", folder);
  f.settle(noon_ns + 30 * ns_per_s, CIV_AIRED, 1);
  CHECK(the(f.host.facts(), CIV_AIRED, "p1").start_ns >= noon_ns + 10 * ns_per_s);
  CHECK(f.json_ids().size() == 1);
}
