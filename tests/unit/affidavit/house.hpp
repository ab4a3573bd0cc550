// SPDX-License-Identifier: Apache-2.0
// A ledger with a campaign's airings among others, and an affidavit of it.
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "host/affidavit/make.hpp"
#include "host/affidavit/verify.hpp"
#include "host/ledger/ledger.hpp"
#include "host/ledger/reader.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::test {

inline airings::Airing airing(int n, const std::string &campaign) {
  airings::Airing a;
  a.channel = n % 3 == 0 ? "screens" : "cable";
  a.placement = "p" + std::to_string(n);
  a.place = "centre";
  a.fact = airings::FactKind::aired;
  a.status = airings::Status::aired_without_discrepancy;
  a.evidence = n % 3 == 0 ? airings::Evidence::reported : airings::Evidence::measured;
  a.start_ns = *parse_rfc3339("2026-11-23T00:00:00Z") + n * 3600 * ns_per_s;
  a.end_ns = a.start_ns + 15 * ns_per_s + 40 * ns_per_ms;
  a.planned_start_ns = a.start_ns;
  a.planned_end_ns = a.end_ns;
  a.item = "placement";
  a.campaign = campaign;
  a.asset = campaign + "-1";
  a.ad_class = "psa";
  a.title = {"图说我们的价值观", "Our values"};
  a.plugin = "cable";
  a.recorded_ns = a.end_ns;
  return a;
}

struct House {
  std::filesystem::path path;
  std::vector<std::uint64_t> entries;  ///< complete airings of "values" in the days
  NoProgress progress;
  Zone zone = *Zone::find("Asia/Shanghai");

  /// Every fourth airing is of another campaign, and there is one miss.
  explicit House(int airings_count) {
    std::string name = (std::filesystem::temp_directory_path() / "civicast-proof-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
    REQUIRE(ledger::create(path / "ledger", path / "keys", "test.civicast.local/airings"));
    auto opened = ledger::Ledger::open(path / "ledger", path / "keys");
    REQUIRE(opened.ok());
    std::vector<std::string> texts;
    for (int n = 0; n < airings_count; ++n) {
      const bool is_ours = n % 4 != 1;
      if (is_ours) entries.push_back(texts.size());
      texts.push_back(airings::encode(airing(n, is_ours ? "values" : "pact")));
    }
    auto missed = airing(airings_count, "values");
    missed.fact = airings::FactKind::missed;
    missed.status = airings::Status::preempted;
    texts.push_back(airings::encode(missed));
    REQUIRE((*opened)->append(texts).ok());
    REQUIRE((*opened)->checkpoint(1, true).ok());
  }
  ~House() { std::filesystem::remove_all(path); }

  affidavit::Statement wanted() const {
    affidavit::Statement s;
    s.station = "chenghua";
    s.station_name = {"成华区融媒体中心", "Chenghua Media Centre"};
    s.zone = zone.name();
    s.campaign = "values";
    s.campaign_title = {"图说我们的价值观", "Our values in pictures"};
    s.first = *parse_date("2026-11-23");
    s.last = *parse_date("2026-12-31");
    s.from_ns = zone.instant(s.first, 0);
    s.to_ns = zone.instant(next_day(s.last), 0);
    s.made_ns = *parse_rfc3339("2027-01-05T01:00:00Z");
    s.channels = {{"cable", {"有线电视", "Cable"}}, {"screens", {"大屏", "Screens"}}};
    return s;
  }
  Result<affidavit::Made, Faults> make(const std::vector<std::uint64_t> &which) {
    const auto reader = ledger::Reader::open(path / "ledger");
    REQUIRE(reader.ok());
    return affidavit::make({path / "ledger", path / "keys" / "ledger.pub", **reader, which},
                           wanted(), zone, progress);
  }
  affidavit::Parts parts() {
    const auto made = make(entries);
    REQUIRE(made.ok());
    return unpacked(made->zip);
  }
  affidavit::Parts unpacked(const std::string &zip) const {
    REQUIRE(write_file_atomically(path / "b.zip", zip).ok());
    auto parts = affidavit::unpack(path / "b.zip");
    REQUIRE(parts.ok());
    return *std::move(parts);
  }
};

}  // namespace civicast::test
