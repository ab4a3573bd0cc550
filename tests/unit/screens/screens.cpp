// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/screens/screens.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

namespace screens_test {

Screens::Screens() : host(folder / "state") {}

void Screens::open(const json &more_settings) {
  json settings{{"listen", "127.0.0.1:0"}};
  settings.update(more_settings);
  REQUIRE(host.open(PLUGIN, settings) == CIV_DONE);
}

Handed Screens::item(const std::string &id, std::int64_t after_s, std::int64_t length_s,
                     std::vector<std::string> places, const std::string &kind) {
  Handed handed;
  handed.id = id;
  handed.start_ns = noon_ns + after_s * ns_per_s;
  handed.end_ns = handed.start_ns + length_s * ns_per_s;
  handed.body = {{"kind", kind},
                 {"title", {{"zh", "富强"}, {"en", "Prosperity"}}},
                 {"asset", "values-fuqiang"},
                 {"places", std::move(places)}};
  const std::string path = folder / id + ".mp4";
  std::ofstream(path) << "the file of " << id;
  std::string sha256(64, '0');
  std::uint64_t hash = std::hash<std::string>()(id);
  for (int i = 0; i < 16; ++i, hash >>= 4)
    sha256[static_cast<std::size_t>(i)] = "0123456789abcdef"[hash & 15];
  handed.media = {{path, sha256, "video/mp4", length_s * ns_per_s}};
  return handed;
}

json record(const Handed &item, int seq, const std::string &outcome, const std::string &reason) {
  const std::int64_t start_ms = item.start_ns / ns_per_ms, end_ms = item.end_ns / ns_per_ms;
  return {{"seq", seq},
          {"placement", item.id},
          {"start", start_ms + 40},
          {"end", end_ms + 20},
          {"outcome", outcome},
          {"reason", reason},
          {"visible_ms", end_ms - start_ms - 40},
          {"frames", (end_ms - start_ms) / 40},
          {"sha256", item.media[0].sha256}};
}

std::string report(const std::vector<json> &records, const std::string &session) {
  return json{{"session", session}, {"records", records}}.dump();
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

}  // namespace screens_test
