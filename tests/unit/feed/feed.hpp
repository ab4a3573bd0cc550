// SPDX-License-Identifier: Apache-2.0
// What the tests of the feed's plugin share: a plugin opened by a stand-in host, with posts.
#pragma once

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "tests/stand_in/host.hpp"
#include "tests/stand_in/http.hpp"

namespace feed_test {

using nlohmann::json;
using stand_in::Handed;
using stand_in::ns_per_s;
using stand_in::Said;

constexpr std::int64_t noon_ns = 1'800'000'000 * ns_per_s;  // 2027-01-15T08:00:00Z

struct Feed {
  Feed();
  void open(const json &more_settings = json::object());
  /// A post `after_s` from noon, with a picture whose bytes hold its id.
  Handed post(const std::string &id, std::int64_t after_s);
  stand_in::Http http() { return stand_in::Http(link("page").substr(0, link("page").size() - 1)); }
  std::string link(const std::string &relation);

  std::string file(const std::string &name) const;  ///< of the public folder
  json json_feed() const { return json::parse(file("feed.json")); }
  std::vector<std::string> json_ids() const;

  /// Lets the time be `to_ns` and waits until there are so many facts of this kind.
  void settle(std::int64_t to_ns, int kind, std::size_t many);

  stand_in::Folder folder;
  stand_in::Host host;
};

std::size_t count(const std::vector<Said> &facts, int kind, const std::string &placement = "");
Said the(const std::vector<Said> &facts, int kind, const std::string &placement);
/// Parses well-formed XML, or fails the test.
void parse(pugi::xml_document &document, const std::string &text);

}  // namespace feed_test
