// SPDX-License-Identifier: Apache-2.0
// What nobody could tell, and what was done about it.
#include <Poco/Data/RecordSet.h>
#include <Poco/Data/Statement.h>

#include "host/counts/index.hpp"
#include "host/counts/rows.hpp"
#include "host/store/store.hpp"

namespace civicast::counts {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::RecordSet;
using Poco::Data::Statement;

constexpr const char *doubtful =
    "fact=4 AND status=9 AND plugin='civicast.host' AND item IN ('placement', 'bulletin')"
    " AND NOT EXISTS(SELECT 1 FROM counts_airings AS other"
    " WHERE other.placement=doubt.placement AND other.fact=3 AND other.dispute='')"
    " AND NOT EXISTS(SELECT 1 FROM counts_inquiries AS said"
    " WHERE said.placement=doubt.placement AND said.step IN (2, 3))";

std::vector<Step> read_steps(Statement &select) {
  select.execute();
  RecordSet found(select);
  std::vector<Step> out;
  for (std::size_t r = 0; r < found.rowCount(); ++r) {
    const auto text = [&](std::size_t c) { return found.value(c, r).convert<std::string>(); };
    airings::Inquiry inquiry;
    inquiry.placement = text(1);
    inquiry.channel = text(2);
    inquiry.step = static_cast<airings::Inquiry::Step>(found.value(3, r).convert<int>());
    inquiry.by = text(4);
    inquiry.through = text(5);
    inquiry.note = text(6);
    inquiry.verdict = text(7);
    inquiry.known = text(8);
    inquiry.at_ns = found.value(9, r).convert<Poco::Int64>();
    out.push_back({found.value(0, r).convert<Poco::UInt64>(), std::move(inquiry)});
  }
  return out;
}

}  // namespace

std::vector<Entry> in_doubt(store::Store &store, const std::string &channel, std::size_t limit) {
  static_assert(static_cast<int>(airings::Inquiry::Step::leave) == 3);
  std::string wanted = channel;
  auto session = store.session();
  Statement select(session);
  select << std::string("SELECT * FROM counts_airings AS doubt WHERE ") + doubtful +
                " AND (?='' OR channel=?) ORDER BY entry DESC LIMIT " + std::to_string(limit),
      use(wanted), use(wanted);
  select.execute();
  return entries_of(RecordSet(select));
}

bool is_in_doubt(store::Store &store, const std::string &placement) {
  std::string wanted = placement;
  int found = 0;
  auto session = store.session();
  session << std::string("SELECT count(*) FROM counts_airings AS doubt WHERE ") + doubtful +
                 " AND placement=?",
      into(found), use(wanted), now;
  return found > 0;
}

std::vector<Step> inquiries(store::Store &store, const std::string &placement) {
  std::string wanted = placement;
  auto session = store.session();
  Statement select(session);
  select << "SELECT * FROM counts_inquiries WHERE placement=? ORDER BY entry", use(wanted);
  return read_steps(select);
}

std::vector<Step> settled(store::Store &store, const std::string &channel, std::size_t limit) {
  std::string wanted = channel;
  auto session = store.session();
  Statement select(session);
  select << "SELECT * FROM counts_inquiries WHERE step IN (2, 3) AND (?='' OR channel=?)"
            " ORDER BY entry DESC LIMIT " +
                std::to_string(limit),
      use(wanted), use(wanted);
  return read_steps(select);
}

std::vector<Step> unanswered(store::Store &store) {
  auto session = store.session();
  Statement select(session);
  select << "SELECT * FROM counts_inquiries AS asked WHERE step=0 AND NOT EXISTS("
            " SELECT 1 FROM counts_inquiries AS later"
            " WHERE later.placement=asked.placement AND later.entry>asked.entry) ORDER BY entry";
  return read_steps(select);
}

}  // namespace civicast::counts
