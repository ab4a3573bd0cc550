// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/feed/feed.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

namespace feed_test {
namespace {

std::string sha256(const std::string &bytes) {
  unsigned char digest[32];
  EVP_Digest(bytes.data(), bytes.size(), digest, nullptr, EVP_sha256(), nullptr);
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

}  // namespace

Feed::Feed() : host(folder / "state") {}

void Feed::open(const json &more_settings) {
  json settings{{"listen", "127.0.0.1:0"},
                {"base_url", "https://notices.example.org/feed"},
                {"authority", "example.org"}};
  settings.update(more_settings);
  REQUIRE(host.open(PLUGIN, settings) == CIV_DONE);
}

Handed Feed::post(const std::string &id, std::int64_t after_s) {
  Handed handed;
  handed.id = id;
  handed.start_ns = handed.end_ns = noon_ns + after_s * ns_per_s;
  handed.body = {{"kind", "placement"},
                 {"title", {{"zh", "讲文明 树新风"}, {"en", "Be civil"}}},
                 {"text", {{"zh", "第一行 <b>&\n第二行"}, {"en", "A line"}}},
                 {"campaign", "pact"}};
  const std::string bytes = "\xff\xd8\xff picture of " + id + "\xff\xd9";
  const std::string own = folder / std::to_string(std::hash<std::string>()(id)) + ".jpg";
  std::ofstream(own) << bytes;
  handed.media = {{own, sha256(bytes), "image/jpeg", 0}};
  return handed;
}

std::string Feed::link(const std::string &relation) {
  const json status = host.status();
  for (const json &link : status["links"])
    if (link["rel"] == relation) return link["href"];
  return {};
}

std::string Feed::file(const std::string &name) const {
  std::ifstream in(folder / "state/public/" + name);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> Feed::json_ids() const {
  std::vector<std::string> ids;
  const json feed = json_feed();
  for (const json &item : feed["items"]) ids.push_back(item["id"]);
  return ids;
}

void Feed::settle(std::int64_t to_ns, int kind, std::size_t many) {
  host.now_ns = to_ns;
  REQUIRE(host.wait_for([&](const auto &facts) { return count(facts, kind) >= many; }));
}

std::size_t count(const std::vector<Said> &facts, int kind, const std::string &placement) {
  return static_cast<std::size_t>(std::count_if(facts.begin(), facts.end(), [&](const Said &s) {
    return s.fact == kind && (placement.empty() || s.placement == placement);
  }));
}

Said the(const std::vector<Said> &facts, int kind, const std::string &placement) {
  REQUIRE(count(facts, kind, placement) == 1);
  return *std::find_if(facts.begin(), facts.end(),
                       [&](const Said &s) { return s.fact == kind && s.placement == placement; });
}

void parse(pugi::xml_document &document, const std::string &text) {
  const auto result = document.load_buffer(text.data(), text.size(), pugi::parse_full);
  INFO(result.description() << " at " << result.offset << " of " << text);
  REQUIRE(result);
}

}  // namespace feed_test
