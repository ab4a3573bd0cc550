// SPDX-License-Identifier: Apache-2.0
// What the tests of the screens' plugin share: a plugin opened by a stand-in host, with items.
#pragma once

#include <optional>
#include <string>

#include "tests/stand_in/host.hpp"
#include "tests/stand_in/http.hpp"

namespace screens_test {

using nlohmann::json;
using stand_in::Handed;
using stand_in::ns_per_ms;
using stand_in::ns_per_s;
using stand_in::Said;

constexpr std::int64_t noon_ns = 1'800'000'000 * ns_per_s;
constexpr std::int64_t noon_ms = noon_ns / ns_per_ms;

struct Screens {
  Screens();
  void open(const json &more_settings = json::object());
  /// An item of `length_s` on `places`, `after_s` from noon; its file holds the item's id.
  Handed item(const std::string &id, std::int64_t after_s, std::int64_t length_s = 15,
              std::vector<std::string> places = {"screen-hemei"},
              const std::string &kind = "placement");
  stand_in::Http http() { return stand_in::Http(host.status()["links"][0]["href"]); }

  stand_in::Folder folder;
  stand_in::Host host;
};

/// The record of a play of `item` as a page would send it.
json record(const Handed &item, int seq, const std::string &outcome = "complete",
            const std::string &reason = "");
std::string report(const std::vector<json> &records, const std::string &session = "session-1");

/// The one fact of this kind on `placement`; fails the test if there are none or several.
Said the(const std::vector<Said> &facts, int kind, const std::string &placement);
std::size_t count(const std::vector<Said> &facts, int kind, const std::string &placement = "");

inline const std::string plays = "/api/screens/screen-hemei/plays";
inline const std::string json_type = "application/json";

}  // namespace screens_test
