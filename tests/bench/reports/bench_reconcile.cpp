// SPDX-License-Identifier: Apache-2.0
// Reconciles a plan with its airings, from the database as the command does, and the join alone.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <random>

#include "host/base/id.hpp"
#include "host/counts/index.hpp"
#include "host/reports/gather.hpp"
#include "host/store/store.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/json.hpp"
#include "tests/unit/airings/memory_book.hpp"

namespace {

using namespace civicast;
namespace fs = std::filesystem;

constexpr int per_channel_day = 2'500;

using airings::test::MemoryBook;

/// On a busy machine the two differ, and the processor's is what the work costs.
struct Took {
  double wall_s = 0, cpu_s = 0;
};
Took took(const std::function<void()> &work) {
  const auto cpu_begin = std::clock();
  const auto begin = std::chrono::steady_clock::now();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
          static_cast<double>(std::clock() - cpu_begin) / CLOCKS_PER_SEC};
}

playlists::Item item_of(std::int64_t start_ns, int n) {
  playlists::Item item;
  item.id = new_id(start_ns);
  item.start_ns = start_ns;
  item.end_ns = start_ns + 15 * ns_per_s;
  item.campaign = "campaign-" + std::to_string(n % 20);
  item.asset = item.campaign + "-1";
  item.title = {"图说我们的价值观", "Our values in pictures"};
  return item;
}

/// Of a hundred 96 aired, two failed, and of two nobody said anything.
void enter(MemoryBook &book, const playlists::Item &item, const std::string &channel,
           std::mt19937 &random) {
  const auto luck = random() % 100;
  if (luck >= 98) return;
  airings::Airing a;
  a.channel = channel;
  a.placement = item.id;
  a.place = "centre";
  const bool is_aired = luck < 96;
  a.fact = is_aired ? airings::FactKind::aired : airings::FactKind::missed;
  a.status =
      is_aired ? airings::Status::aired_without_discrepancy : airings::Status::technical_difficulty;
  if (is_aired) a.start_ns = item.start_ns, a.end_ns = item.end_ns;
  a.planned_start_ns = item.start_ns;
  a.planned_end_ns = item.end_ns;
  a.item = "placement";
  a.campaign = item.campaign;
  a.asset = item.asset;
  a.ad_class = "psa";
  a.title = item.title;
  a.plugin = "cable";
  a.recorded_ns = item.end_ns;
  book.entries.push_back(airings::encode(a));
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app{"Reconciles a plan with its airings"};
  int placements = 100'000;
  app.add_option("--placements", placements, "how many are planned")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  std::string name = (fs::temp_directory_path() / "civicast-bench-XXXXXX").string();
  if (!::mkdtemp(name.data())) return 1;
  const fs::path folder = name;
  const auto store = store::Store::open(folder / "s.db");
  if (!store) return 1;
  playlists::PlaylistStore playlists(**store);
  const Zone zone = *Zone::find("Asia/Shanghai");
  MemoryBook book;
  std::mt19937 random(1);
  const Date first = *parse_date("2026-11-01");
  Date date = first, last = first;
  int made = 0;
  for (int channel = 0; made < placements; ++channel) {
    if (channel == 8) channel = 0, date = next_day(date);
    last = date;
    const std::string id = "channel-" + std::to_string(channel);
    std::vector<playlists::Item> items;
    for (int i = 0; i < per_channel_day && made < placements; ++i, ++made)
      items.push_back(item_of(zone.instant(date, 0) + i * 30 * ns_per_s, made));
    playlists.replace_from(id, date, items, 0);
    for (const auto &item : items) enter(book, item, id, random);
  }
  counts::Index index(**store, book, zone);
  NoProgress progress;
  if (!index.catch_up(progress)) return 1;

  reports::Books books;
  reports::Reconciliation all;
  const std::int64_t now_ns = zone.instant(next_day(last), 0) + 3600 * ns_per_s;
  const Took gather = took([&] {
    books = reports::gather(**store, playlists, zone, {first, last, {}, {}});
  });
  const Took join = took([&] { all = reports::reconcile(std::move(books), now_ns); });
  fs::remove_all(folder);
  std::cout << to_text({{"placements", all.rows.size()},
                        {"airings", book.entries.size()},
                        {"aired", all.count(reports::Outcome::aired)},
                        {"no_word", all.count(reports::Outcome::no_word)},
                        {"unplanned", all.unplanned.size()},
                        {"read_s", gather.wall_s},
                        {"join_s", join.wall_s},
                        {"total_s", gather.wall_s + join.wall_s},
                        {"cpu_s", gather.cpu_s + join.cpu_s}})
            << "\n";
  return 0;
}
