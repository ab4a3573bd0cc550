// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/book.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "tests/unit/screens/screens.hpp"

using namespace screens_test;
using namespace civicast::screens;

namespace {

constexpr std::int64_t day_ns = 86'400 * ns_per_s;

Item numbered(int i) {
  Item item;
  item.id = "p" + std::to_string(i);
  item.kind = "placement";
  item.start_ns = noon_ns + i * 15 * ns_per_s;
  item.end_ns = item.start_ns + 15 * ns_per_s;
  item.media = {"/x.mp4", std::string(64, 'a'), "video/mp4", 15 * ns_per_s};
  item.places = {"screen-hemei"};
  return item;
}

Report play_of(const Item &item, std::uint64_t seq, Outcome outcome) {
  PlayRecord play;
  play.session = "session-1";
  play.seq = seq;
  play.placement = item.id;
  play.outcome = outcome;
  play.start_ms = item.start_ns / ns_per_ms;
  play.end_ms = item.end_ns / ns_per_ms;
  play.visible_ms = 15'000;
  play.frames = 375;
  play.sha256 = item.media.sha256;
  return {"screen-hemei", {play}};
}

}  // namespace

TEST_CASE("a journal that is rewritten shorter still knows every fact, number and withdrawal") {
  Screens s;
  const std::string journal = s.folder / "journal.jsonl";
  const auto open = [&] {
    return std::make_unique<Book>(civicast::Host(s.host.raw()), journal, 60 * ns_per_s, day_ns,
                                  4096);
  };
  auto book = open();
  for (int i = 0; i < 40; ++i) book->accept(numbered(i));
  book->withdraw("p39");
  s.host.now_ns = numbered(38).end_ns;
  for (int i = 0; i < 30; ++i)
    REQUIRE(book->store({play_of(numbered(i), static_cast<std::uint64_t>(i) + 1,
                                 i % 3 ? Outcome::complete : Outcome::partial)}));
  const auto before = std::filesystem::file_size(journal);
  const auto truth = s.host.facts();
  // A day after the twentieth item, it and those before it are forgotten.
  s.host.now_ns = numbered(19).end_ns + day_ns + 1;
  book->tick();
  CHECK(book->counters()["items"] == 20);
  const auto after = std::filesystem::file_size(journal);
  CHECK(after < before);
  const auto said = s.host.facts();
  book = open();
  CHECK(s.host.facts().size() == said.size());
  CHECK(book->counters()["items"] == 20);
  CHECK(book->recall("p19") == civicast::Recall::never_heard_of_it);
  for (int i = 20; i < 40; ++i)
    CHECK(book->recall("p" + std::to_string(i)) == civicast::Recall::emitted);
  const auto all = stand_in::distinct(s.host.facts());
  CHECK(all.size() == stand_in::distinct(said).size());
  CHECK(count(all, CIV_AIRED) == count(truth, CIV_AIRED));
  CHECK(count(all, CIV_WITHDRAWN, "p39") == 1);
  // The session's numbers go on where they were: what is sent again is known.
  const auto receipts = book->store({play_of(numbered(29), 30, Outcome::complete)});
  REQUIRE(receipts);
  CHECK(receipts->front().repeated == 1);
  CHECK(book->screens().front().lost == 0);
  CHECK(s.host.facts().size() > said.size());
}
