// SPDX-License-Identifier: Apache-2.0
// The files against the rules of RFC 4287, RFC 6721 and JSON Feed 1.1.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <regex>
#include <set>

#include "tests/unit/feed/feed.hpp"

using namespace feed_test;

namespace {

const std::regex rfc3339(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))");

void has_one(const pugi::xml_node &node, const char *name) {
  INFO(node.name() << " has exactly one " << name);
  const auto all = node.children(name);
  CHECK(std::distance(all.begin(), all.end()) == 1);
  CHECK(std::string(node.child(name).child_value()) +
            node.child(name).child("name").child_value() !=
        "");
}

void is_atom(const std::string &text) {
  pugi::xml_document document;
  parse(document, text);
  const pugi::xml_node feed = document.document_element();
  CHECK(std::string(feed.name()) == "feed");
  CHECK(std::string(feed.attribute("xmlns").value()) == "http://www.w3.org/2005/Atom");
  std::set<std::string> ids;
  const auto common = [&](const pugi::xml_node &node) {
    for (const char *name : {"id", "title", "updated"}) has_one(node, name);
    CHECK(std::regex_match(node.child_value("updated"), rfc3339));
    CHECK(std::regex_match(node.child_value("id"),
                           std::regex("tag:[a-z0-9.-]+,\\d{4}-\\d\\d-\\d\\d:\\S+")));
    CHECK(ids.insert(node.child_value("id")).second);
    std::set<std::string> links;
    for (const pugi::xml_node &link : node.children("link")) {
      CHECK(*link.attribute("href").value());
      CHECK(links.insert(link.attribute("rel").value()).second);
    }
    CHECK(links.count("alternate") == 1);
  };
  common(feed);
  has_one(feed, "author");
  CHECK(feed.find_child_by_attribute("link", "rel", "self"));
  for (const pugi::xml_node &entry : feed.children("entry")) {
    common(entry);
    has_one(entry, "published");
    has_one(entry, "content");
    CHECK(std::string(entry.child("content").attribute("type").value()) == "html");
    CHECK(std::string(entry.child_value("published")) <= entry.child_value("updated"));
  }
}

void is_json_feed(const json &feed) {
  CHECK(feed["version"] == "https://jsonfeed.org/version/1.1");
  CHECK(feed["title"].is_string());
  CHECK(feed["authors"][0]["name"].is_string());
  std::set<std::string> ids;
  for (const json &item : feed["items"]) {
    CHECK(ids.insert(item["id"].get<std::string>()).second);
    CHECK(item["url"].get<std::string>().find("https://") == 0);
    CHECK(item["content_html"].is_string());
    CHECK(std::regex_match(item["date_published"].get<std::string>(), rfc3339));
    CHECK(std::regex_match(item["date_modified"].get<std::string>(), rfc3339));
    for (const json &attachment : item.value("attachments", json::array())) {
      CHECK(attachment["url"].is_string());
      CHECK(attachment["mime_type"] == "image/jpeg");
    }
  }
}

/// What an independent reader says: xmllint, when it is there (the test set-up installs it).
void is_well_formed(const std::string &path) {
  const std::string command = "xmllint --noout --nonet '" + path + "'";
  CHECK(std::system(command.c_str()) == 0);
}

}  // namespace

TEST_CASE("the feeds keep the rules of their formats, empty and full") {
  Feed f;
  f.open();
  is_atom(f.file("feed.atom"));
  is_json_feed(f.json_feed());
  for (const char *id : {"a", "b/中 c", "c"}) REQUIRE(f.host.publish(f.post(id, 10)) == CIV_DONE);
  Handed bare = f.post("bare", 10);
  bare.media.clear();
  bare.body = {{"title", {{"en", "Only a title & \"more\" <i>"}}}};
  REQUIRE(f.host.publish(bare) == CIV_DONE);
  f.settle(noon_ns + 10 * ns_per_s, CIV_AIRED, 4);
  is_atom(f.file("feed.atom"));
  is_json_feed(f.json_feed());
  CHECK(f.json_feed()["items"].size() == 4);
  is_well_formed(f.folder / "state/public/feed.atom");
}

TEST_CASE("an entry says what was handed over, escaped, with its picture") {
  Feed f;
  f.open();
  const Handed post = f.post("p1", 10);
  REQUIRE(f.host.publish(post) == CIV_DONE);
  f.settle(noon_ns + 10 * ns_per_s, CIV_AIRED, 1);
  const json item = f.json_feed()["items"][0];
  CHECK(item["id"] == "tag:example.org,2027-01-15:p1");
  CHECK(item["url"] == "https://notices.example.org/feed/posts/p1.html");
  CHECK(item["title"] == "讲文明 树新风 · Be civil");
  CHECK(item["date_published"] == "2027-01-15T08:00:10.000Z");
  CHECK(item["tags"] == json{"pact"});
  const std::string image = "images/" + post.media[0].sha256 + ".jpg";
  CHECK(item["image"] == "https://notices.example.org/feed/" + image);
  CHECK(item["attachments"][0]["size_in_bytes"] == f.file(image).size());
  CHECK(f.file(image).find("picture of p1") != std::string::npos);
  const std::string html = item["content_html"];
  CHECK(html.find("<p lang=\"zh-CN\">第一行 &lt;b&gt;&amp;</p><p lang=\"zh-CN\">第二行</p><p "
                  "lang=\"en\">A line</p>") != std::string::npos);
  pugi::xml_document atom;
  parse(atom, f.file("feed.atom"));
  const pugi::xml_node entry = atom.document_element().child("entry");
  CHECK(entry.child_value("id") == item["id"]);
  CHECK(entry.child_value("content") == html);
  CHECK(
      std::string(
          entry.find_child_by_attribute("link", "rel", "enclosure").attribute("length").value()) ==
      std::to_string(f.file(image).size()));
  for (const char *page : {"index.html", "posts/p1.html"}) {
    const std::string text = f.file(page);
    CHECK(text.find("<!DOCTYPE html>") == 0);
    CHECK(text.find("讲文明 树新风") != std::string::npos);
    CHECK(text.find("第一行 &lt;b&gt;&amp;") != std::string::npos);
    CHECK(text.find("feed.atom") != std::string::npos);
  }
}
