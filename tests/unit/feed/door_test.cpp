// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/feed/feed.hpp"

using namespace feed_test;

TEST_CASE("what is in the folder is served, under its type, and nothing else is") {
  Feed f;
  f.open();
  const Handed post = f.post("p1", 10);
  REQUIRE(f.host.publish(post) == CIV_DONE);
  f.settle(noon_ns + 10 * ns_per_s, CIV_AIRED, 1);
  const std::vector<std::pair<std::string, std::string>> files{
      {"feed.atom", "application/atom+xml"},
      {"feed.json", "application/feed+json"},
      {"index.html", "text/html"},
      {"style.css", "text/css"},
      {"posts/p1.html", "text/html"},
      {"images/" + post.media[0].sha256 + ".jpg", "image/jpeg"}};
  for (const auto &[name, type] : files) {
    INFO(name);
    const auto answer = f.http().get("/" + name);
    CHECK(answer.status == 200);
    CHECK(answer.headers.at("content-type").find(type) == 0);
    CHECK(answer.headers.at("x-content-type-options") == "nosniff");
    CHECK(answer.body == f.file(name));
  }
  CHECK(f.http().get("/").body == f.file("index.html"));
  CHECK(f.http().get("/?x=1").status == 200);
  CHECK(stand_in::Http(f.link("atom").substr(0, f.link("atom").rfind('/')))
            .get("/feed.atom")
            .status == 200);
  for (const char *other : {"/posts.jsonl", "/../posts.jsonl", "/posts/../../posts.jsonl",
                            "/%2e%2e/posts.jsonl", "/posts/none.html", "/images/", "/x"})
    CHECK(f.http().get(other).json()["code"] == "path.unknown");
}

TEST_CASE("the feed's door answers its own names only, and only to readers") {
  Feed f;
  f.open();
  for (const char *host : {"localhost", "127.0.0.1:5", "[::1]:80", "notices.example.org"})
    CHECK(f.http().get("/", {{"Host", host}}).status == 200);
  for (const char *host : {"evil.example", "notices.example.org.evil.example", "10.1.1.1"}) {
    const auto answer = f.http().get("/", {{"Host", host}});
    CHECK(answer.status == 421);
    CHECK(answer.json()["code"] == "host.foreign");
    CHECK_FALSE(answer.json()["zh"].get<std::string>().empty());
  }
  CHECK(f.http().post("/", "{}", "application/json").json()["code"] == "method.wrong");
  CHECK(f.http().ask("DELETE", "/feed.json", "", {}).status == 405);
  CHECK(f.http().ask("HEAD", "/feed.json", "", {}).status == 200);
}
