// SPDX-License-Identifier: Apache-2.0
#include "host/counts/index.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/counts/counts_store.hpp"
#include "host/counts/faults.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::counts {
namespace {

constexpr std::size_t entries_per_transaction = 10'000;
/// Every zone's offset from UTC is a whole multiple of it.
constexpr std::int64_t quarter_ns = 15 * 60 * ns_per_s;

std::string week_text(Date date) {
  using namespace std::chrono;
  const sys_days thursday = sys_days{date} + days{4 - iso_weekday(date)};
  const year_month_day of{thursday};
  const auto since = thursday - sys_days{of.year() / January / 1};
  return fmt::format("{:04}-W{:02}", static_cast<int>(of.year()), since.count() / 7 + 1);
}

/// Local days and hours; neighbours are mostly of the same quarter of an hour.
class Calendar {
 public:
  explicit Calendar(const Zone &zone) : zone_(zone) {}

  void place(Placed &placed) {
    const std::int64_t start_ns = placed.airing.start_ns;
    if (start_ns == 0) return;
    const std::int64_t quarter = start_ns / quarter_ns - (start_ns % quarter_ns < 0 ? 1 : 0);
    if (quarter != quarter_ || day_.empty()) {
      const Date date = zone_.date_at(start_ns);
      quarter_ = quarter;
      day_ = date_text(date);
      week_ = week_text(date);
      hour_ = zone_.second_of_day(start_ns) / 3600;
    }
    placed.day = day_;
    placed.week = week_;
    placed.hour = hour_;
  }

 private:
  const Zone &zone_;
  std::int64_t quarter_ = 0;
  std::string day_, week_;
  int hour_ = 0;
};

Fault unreadable(std::uint64_t index, const Fault &why) {
  return Fault(faults::entry_unreadable, {{"entry", std::to_string(index)}})
      .with_detail(why.sentence(Lang::en));
}

}  // namespace

Index::Index(store::Store &store, airings::Book &book, Zone zone)
    : store_(std::make_unique<CountsStore>(store)), book_(book), zone_(std::move(zone)) {}

Index::~Index() = default;

Result<void> Index::catch_up(Progress &progress) {
  std::uint64_t covered = store_->covered();
  const std::uint64_t size = book_.size();
  // Days of another zone, or entries that the ledger does not have, are of no use.
  if (covered > size || store_->zone() != zone_.name()) {
    store_->clear(zone_.name());
    covered = 0;
  }
  Calendar calendar(zone_);
  while (covered < size) {
    const auto entries =
        book_.read(covered, std::min<std::uint64_t>(entries_per_transaction, size - covered));
    if (!entries) return entries.fault();
    Batch batch;
    batch.placed.reserve(entries->size());
    for (const std::string &entry : *entries) {
      const std::uint64_t index = covered + static_cast<std::uint64_t>(&entry - entries->data());
      auto airing = airings::decode(entry);
      if (!airing && airings::is_inquiry(entry)) {
        auto inquiry = airings::decode_inquiry(entry);
        if (!inquiry) return unreadable(index, inquiry.fault());
        batch.inquiries.push_back({index, std::move(*inquiry)});
        continue;
      }
      if (!airing && !airings::is_airing(entry)) {
        if (auto note = airings::decode_note(entry))
          batch.notes.push_back({index, *std::move(note)});
        continue;
      }
      if (!airing) return unreadable(index, airing.fault());
      batch.placed.push_back({index, std::move(*airing), {}, {}, 0});
      calendar.place(batch.placed.back());
    }
    store_->add(batch, covered, covered + entries->size());
    covered = store_->covered();
    progress.step("重建计数 · counting the airings", static_cast<double>(covered),
                  static_cast<double>(size));
  }
  return {};
}

Result<void> Index::rebuild(Progress &progress) {
  store_->clear(zone_.name());
  return catch_up(progress);
}

void prepare(store::Store &store) {
  CountsStore made(store);
}

std::uint64_t covered(store::Store &store) {
  return CountsStore(store).covered();
}

}  // namespace civicast::counts
