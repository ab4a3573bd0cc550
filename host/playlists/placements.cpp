// SPDX-License-Identifier: Apache-2.0
// Reads placements by the hundred thousand, column by column, for reports.
#include <Poco/Data/Statement.h>

#include <optional>
#include <stdexcept>

#include "host/playlists/playlist_store.hpp"

namespace civicast::playlists {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Int64;
using Texts = std::vector<std::string>;

const std::string columns =
    "SELECT id, channel, date, start_ns, end_ns, asset, title_zh, title_en, campaign, class,"
    " makes_good FROM playlist_items WHERE is_current=1 AND kind=0 AND ";

struct Columns {
  Texts id, channel, date, asset, title_zh, title_en, campaign, makes_good;
  std::vector<Int64> start_ns, end_ns;
  std::vector<int> ad_class;

  void bind(Poco::Data::Statement &statement) {
    statement, into(id), into(channel), into(date), into(start_ns), into(end_ns), into(asset),
        into(title_zh), into(title_en), into(campaign), into(ad_class), into(makes_good);
  }

  std::vector<Found> rows() {
    std::vector<Found> all(id.size());
    for (std::size_t i = 0; i < id.size(); ++i) {
      // Days come in runs.
      const bool is_same_day = i > 0 && date[i] == date[i - 1];
      const auto day = is_same_day ? std::optional(all[i - 1].date) : parse_date(date[i]);
      if (!day) throw std::runtime_error("playlist_items holds a date that is none: " + date[i]);
      all[i].date = *day;
      all[i].channel = std::move(channel[i]);
      Item &item = all[i].item;
      item.id = std::move(id[i]);
      item.start_ns = start_ns[i];
      item.end_ns = end_ns[i];
      item.asset = std::move(asset[i]);
      item.title = {std::move(title_zh[i]), std::move(title_en[i])};
      item.campaign = std::move(campaign[i]);
      item.ad_class = static_cast<campaigns::AdClass>(ad_class[i]);
      item.makes_good = std::move(makes_good[i]);
    }
    return all;
  }
};

}  // namespace

std::vector<Found> PlaylistStore::placements(Date first, Date last, const std::string &channel_id,
                                             const std::string &campaign_id) {
  static_assert(static_cast<int>(ItemKind::placement) == 0, "the query says 0");
  std::string from = date_text(first), to = date_text(last), channel = channel_id,
              campaign = campaign_id;
  std::string where = "date>=? AND date<=?";
  if (!channel.empty()) where += " AND channel=?";
  if (!campaign.empty()) where += " AND campaign=?";
  auto session = store_.session();
  Poco::Data::Statement select(session);
  select << columns + where + " ORDER BY date, channel, start_ns", use(from), use(to);
  if (!channel.empty()) select, use(channel);
  if (!campaign.empty()) select, use(campaign);
  Columns found;
  found.bind(select);
  select.execute();
  return found.rows();
}

std::vector<Found> PlaylistStore::make_goods(Date first) {
  std::string from = date_text(first);
  auto session = store_.session();
  Poco::Data::Statement select(session);
  select << columns + "makes_good<>'' AND date>=? ORDER BY date, channel, start_ns", use(from);
  Columns found;
  found.bind(select);
  select.execute();
  return found.rows();
}

}  // namespace civicast::playlists
