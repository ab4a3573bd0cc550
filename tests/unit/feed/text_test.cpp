// SPDX-License-Identifier: Apache-2.0
#include "plugins/feed/text.hpp"

#include <catch2/catch.hpp>

#include "plugins/feed/door.hpp"
#include "plugins/feed/post.hpp"

using namespace civicast::feed;

TEST_CASE("instants, digests and names are written as the formats want them") {
  CHECK(time_text(1'800'000'000'120'000'000) == "2027-01-15T08:00:00.120Z");
  CHECK(date_text(1'800'000'000'120'000'000) == "2027-01-15");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(uri_part("a/b 中") == "a%2fb%20%e4%b8%ad");
  CHECK(slug("p-1") == "p-1");
  CHECK(slug("../x") != slug("..%2fx"));
  CHECK(slug("../x").find('/') == std::string::npos);
  CHECK(both("富强", "Prosperity") == "富强 · Prosperity");
  CHECK(both("富强", "") == "富强");
  CHECK(both("", "Prosperity") == "Prosperity");
}

TEST_CASE("only what XML can hold passes as text") {
  CHECK(is_xml_text("富强\n\tok"));
  for (const char *bad : {"\x01", "a\x1f", "\x0b", "\xef\xbf\xbf"}) CHECK_FALSE(is_xml_text(bad));
}

TEST_CASE("a request's path means a file that the press writes, or nothing") {
  CHECK(file_for("/") == "index.html");
  CHECK(file_for("/feed.atom") == "feed.atom");
  CHECK(file_for("/posts/p-1.html") == "posts/p-1.html");
  CHECK(file_for("/images/" + std::string(64, 'a') + ".jpg") ==
        "images/" + std::string(64, 'a') + ".jpg");
  for (const char *bad :
       {"", "//", "/posts/../posts.jsonl", "/posts/.html", "/posts.jsonl", "/../posts.jsonl",
        "/images/x.jpg", "/feed.json.new", "/posts/a/b.html", "/%2e%2e/posts.jsonl"})
    CHECK(file_for(bad).empty());
}
