// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "host/base/sha256.hpp"
#include "host/exchange/house.hpp"
#include "host/exchange/report.hpp"

namespace civicast::exchange {
namespace {

/// An airing inside the window of its break is where it belongs, however far from its second.
constexpr std::int64_t window_tolerance_ns = 24 * 3600 * ns_per_s;
/// So many facts share one sync of the ledger.
constexpr std::size_t batch = 500;

class Telling {
 public:
  Telling(const House &house, const channels::Channel &channel, airings::Intake &intake,
          Reported &done)
      : house_(house), channel_(channel), intake_(intake), done_(done) {
    source_.channel = channel.id;
    source_.place = channel.places.empty() ? "" : channel.places.front();
    source_.plugin = channels::by_files;
    source_.plugin_version = word(done.format);
    source_.best = airings::Evidence::reported;
  }

  Result<void, Faults> tell(const std::vector<wire::Fact> &facts, std::int64_t tolerance_ns) {
    source_.tolerance_ns = tolerance_ns;
    for (std::size_t from = 0; from < facts.size(); from += batch) {
      const std::size_t to = std::min(facts.size(), from + batch);
      auto taken = intake_.take(source_,
                                {facts.begin() + static_cast<std::ptrdiff_t>(from),
                                 facts.begin() + static_cast<std::ptrdiff_t>(to)},
                                [this](const std::string &id) { return planned(id); });
      if (!taken) return Faults{taken.fault()};
      done_.entered += taken->entered.size();
      done_.known += taken->repeated;
      for (auto &airing : taken->entered)
        if (airing.dispute) done_.disputes.push_back(*std::move(airing.dispute));
      for (auto &restated : taken->restated) done_.disputes.push_back(std::move(restated));
    }
    return {};
  }

 private:
  /// Which file was aired there is not known here: no hash is claimed.
  std::optional<airings::Planned> planned(const std::string &id) const {
    auto found = house_.playlists.find(id);
    if (!found || found->channel != channel_.id) return {};
    return airings::Planned{std::move(found->item), "", true};
  }

  const House &house_;
  const channels::Channel &channel_;
  airings::Intake &intake_;
  Reported &done_;
  airings::Source source_;
};

std::size_t count_of(const Report &report, airings::FactKind kind) {
  std::size_t count = 0;
  for (const auto *facts : {&report.in_window, &report.off_window})
    count += static_cast<std::size_t>(std::count_if(
        facts->begin(), facts->end(), [&](const auto &fact) { return fact.fact == kind; }));
  return count;
}

}  // namespace

Result<Reported, Faults> import_as_run(const House &house, const Upload &upload, const Wish &wish,
                                       airings::Intake *intake) {
  auto opened = open_upload(house, upload, wish, true);
  if (!opened) return opened.fault();
  Reading &reading = opened->reading;
  const channels::Channel &channel = *opened->channel;
  const Spots spots(house.station.assets);
  ReportRules rules{
      channel,        spots, house.station.zone, house.now_ns, hex(sha256(upload.text)),
      wish.is_closed, {}};
  rules.day = [&](Date date) { return house.playlists.day(channel.id, date); };
  Report report = report_of(reading.events, rules);

  Reported done;
  done.channel = channel.id;
  done.format = opened->format;
  done.events = reading.events.size();
  done.aired = count_of(report, airings::FactKind::aired);
  done.missed = count_of(report, airings::FactKind::missed);
  done.open = report.open;
  done.others = report.others;
  done.faults = std::move(reading.faults);
  done.remarks = std::move(reading.remarks);
  done.faults.insert(done.faults.end(), report.faults.begin(), report.faults.end());
  done.remarks.insert(done.remarks.end(), report.remarks.begin(), report.remarks.end());
  if (wish.is_trial || intake == nullptr || (!done.faults.empty() && !wish.is_partial)) return done;

  Telling telling(house, channel, *intake, done);
  if (auto told = telling.tell(report.in_window, window_tolerance_ns); !told) return told.fault();
  if (auto told = telling.tell(report.off_window, airings::usual_tolerance_ns); !told)
    return told.fault();
  done.is_done = true;
  return done;
}

}  // namespace civicast::exchange
