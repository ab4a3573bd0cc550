// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <regex>

#include "host/affidavit/faults.hpp"
#include "house.hpp"

using namespace civicast;
using affidavit::Parts;
using civicast::test::House;

namespace {

unsigned seed() {
  const char *given = std::getenv("CIVICAST_SEED");
  return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

/// Refused, and every fault has both sentences with nothing left unfilled.
bool is_refused(const Parts &parts) {
  const auto verified = affidavit::verify(parts, {});
  if (verified.ok()) return false;
  for (const Fault &fault : verified.fault())
    for (const Lang lang : {Lang::zh, Lang::en})
      if (fault.sentence(lang).empty() || fault.sentence(lang).find('{') == 0) return false;
  return !verified.fault().empty();
}

}  // namespace

TEST_CASE("each single changed byte of entries, proofs, checkpoint, key and policy is refused") {
  House house(13);
  Parts parts = house.parts();
  const auto number = seed();
  INFO("CIVICAST_SEED=" << number);
  std::mt19937 random(number);
  for (const char *name : {"entries.txt", "proofs.txt", "checkpoint", "ledger.pub", "policy"}) {
    std::string &bytes = parts.at(name);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const char was = bytes[i];
      bytes[i] = static_cast<char>(static_cast<unsigned char>(was) ^ (1U << (random() % 8)));
      INFO(name << " byte " << i);
      CHECK(is_refused(parts));
      bytes[i] = was;
    }
  }
  CHECK(affidavit::verify(parts, {}).ok());
}

TEST_CASE("each changed digit of the statement is refused") {
  House house(13);
  Parts parts = house.parts();
  std::string &text = parts.at("affidavit.json");
  const auto labels = text.find("\"made\"");
  const auto labels_end = text.find('\n', labels);
  int changed = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // When it was made is the maker's word, as its file says.
    if (text[i] < '0' || text[i] > '9' || (i >= labels && i < labels_end)) continue;
    const char was = text[i];
    text[i] = was == '9' ? '1' : static_cast<char>(was + 1);
    INFO(text.substr(i > 30 ? i - 30 : 0, 60));
    CHECK(is_refused(parts));
    text[i] = was;
    ++changed;
  }
  CHECK(changed > 40);
}

TEST_CASE(
    "a line taken out, put in twice, exchanged or moved is refused, and so is a strange part") {
  House house(13);
  const Parts good = house.parts();
  const auto all = affidavit::parse_proved(good.at("entries.txt"), good.at("proofs.txt"));
  REQUIRE(all.ok());
  const auto with = [&](const std::vector<affidavit::Proved> &proved) {
    Parts parts = good;
    parts["entries.txt"] = affidavit::entries_text(proved);
    parts["proofs.txt"] = affidavit::proofs_text(proved);
    return parts;
  };
  REQUIRE(affidavit::verify(with(*all), {}).ok());
  auto some = *all;
  some.erase(some.begin() + 2);
  CHECK(is_refused(with(some)));
  some = *all;
  some.push_back(some.front());
  CHECK(is_refused(with(some)));
  some = *all;
  std::swap(some[1].path, some[2].path);
  CHECK(is_refused(with(some)));
  some = *all;
  std::swap(some[1].index, some[2].index);
  CHECK(is_refused(with(some)));
  for (const auto &[name, bytes] : good) {
    Parts parts = good;
    parts.erase(name);
    CHECK(is_refused(parts));
  }
  Parts parts = good;
  parts["more.txt"] = "12,000";
  CHECK(is_refused(parts));
  parts = good;
  parts["affidavit.pdf"].back() ^= 1;
  CHECK(is_refused(parts));
}

TEST_CASE("an airing of another campaign cannot be counted though it is in the ledger") {
  House house(13);
  Parts parts = house.parts();
  std::string &text = parts.at("affidavit.json");
  text = std::regex_replace(text, std::regex("\"campaign\": \"values\""), "\"campaign\": \"pact\"");
  const auto verified = affidavit::verify(parts, {});
  REQUIRE_FALSE(verified.ok());
  CHECK(verified.fault().front().is(affidavit::faults::entry_other));
}
