// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_air/judge.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

namespace civicast::air {
namespace {

using airings::Airing;
using playlists::Item;
using playlists::ItemKind;
using wire::FactKind;

/// Two of a sender's ticks.
constexpr std::int64_t kSilenceNs = 40'000'000;
/// What is later than 0.2 s is given up by the sender, and its plan moves on. It may have been late
/// before.
constexpr std::int64_t kStallNs = 150'000'000, kBeforeNs = 500'000'000;

/// Whether it may have been kept from its work while it was about this.
bool may_have_stalled(const std::vector<Gap> &silences, std::int64_t from_ns, std::int64_t to_ns) {
  std::int64_t silent_ns = 0;
  for (const Gap &gap : silences)
    if (gap.to_ns >= from_ns - kBeforeNs && gap.from_ns <= to_ns + kFrameNs) silent_ns += gap.ns();
  return silent_ns > kStallNs;
}

const Item *planned(const Shown &spot, const Plan &plan) {
  for (const Item &item : plan.items)
    if (item.kind == ItemKind::placement && item.asset == spot.asset &&
        first_frame(item) == spot.plan_frame)
      return &item;
  return nullptr;
}

/// The facts of one placement.
struct Word {
  std::vector<const Airing *> finals;
  const Airing *started = nullptr;
};
std::map<std::string, Word> words(const std::vector<Airing> &entries) {
  std::map<std::string, Word> out;
  for (const Airing &entry : entries) {
    if (entry.fact == FactKind::started) out[entry.placement].started = &entry;
    if (entry.fact == FactKind::aired || entry.fact == FactKind::missed)
      out[entry.placement].finals.push_back(&entry);
  }
  return out;
}

/// What one placement's facts say against what was seen of it at each destination.
class Comparison {
 public:
  Comparison(const Item &item, const Word &word, std::vector<const Shown *> seen, Agreement &out)
      : item_(item), word_(word), seen_(std::move(seen)), out_(out) {}

  void make(int counted, bool is_silent) {
    if (word_.finals.size() != 1)
      return wrong("has " + std::to_string(word_.finals.size()) + " ends");
    const Airing &end = *word_.finals.front();
    if (end.dispute) wrong("is disputed: " + end.dispute->code);
    const bool is_whole = at_all([&](const Shown *s) { return s && s->frames == frames(); });
    const bool is_unknown = end.status == wire::Status::unknown;
    if (counted > 1 || (counted == 1) != end.counts()) wrong("is counted " + times(counted));
    if (counted > 0 && !is_whole) wrong("is counted, and was not seen whole everywhere");
    if (counted == 0 && is_whole && !is_unknown && !is_silent)
      wrong("was seen whole, and is not counted");
    if (is_unknown && !may_be_in_doubt()) wrong("is called unknown for no reason");
    const bool is_seen = !at_all([](const Shown *s) { return s == nullptr; });
    if (is_seen && !word_.started) wrong("was seen, and nobody said that it started");
    compare_proof(end);
    out_.whole += is_whole;
    out_.counted += counted;
    out_.in_doubt += is_unknown;
    if (!is_whole) ++(is_seen ? out_.cut : out_.never);
  }

 private:
  template <class Is>
  bool at_all(Is &&is) const {
    return std::all_of(seen_.begin(), seen_.end(), is);
  }
  std::int64_t frames() const { return end_frame(item_) - first_frame(item_); }
  static std::string times(int n) { return std::to_string(n) + " times"; }
  void wrong(const std::string &what) {
    out_.wrong.push_back(item_.id + " (" + item_.asset + ") " + what);
  }
  /// Killed between "about to send its last picture" and "sent": what a sender has in hand at once
  /// is no more than two pictures.
  bool may_be_in_doubt() const {
    return std::any_of(seen_.begin(), seen_.end(), [&](const Shown *s) {
      return s && s->frames + 3 >= frames() && s->after <= 3;
    });
  }
  void compare_proof(const Airing &end) {
    const auto proof = nlohmann::json::parse(end.proof);
    if (!proof.contains("frames_sent")) return wrong("was ended by the host: " + end.proof);
    const auto sent = proof.at("frames_sent").get<std::int64_t>();
    const std::int64_t doubt = proof.value("frames_in_doubt", std::int64_t{0});
    if (proof.at("frames_expected") != frames()) wrong("has another length in its proof");
    for (const Shown *s : seen_) {
      const std::int64_t seen = s ? s->frames : 0;
      if (seen < sent || seen > sent + doubt)
        wrong("has " + std::to_string(sent) + "+" + std::to_string(doubt) +
              " frames in its proof, and " + std::to_string(seen) + " were seen");
      if (!s || sent == 0) continue;
      if (proof.at("first_pts") != s->first_pts) wrong("has another first PTS in its proof");
      if (sent == seen && proof.at("last_pts") != s->last_pts)
        wrong("has another last PTS in its proof");
    }
  }

  const Item &item_;
  const Word &word_;
  std::vector<const Shown *> seen_;
  Agreement &out_;
};

}  // namespace

Destination destination_of(std::string name, Captured captured, const tests::KnownFrames &known) {
  Destination out{std::move(name), std::move(captured)};
  out.pictures = pictures_of(out.captured, known);
  out.silences = silences_of(out.captured, kSilenceNs);
  return out;
}

std::vector<Shown> spots_of(const std::vector<Seen> &pictures) {
  std::vector<Shown> spots;
  bool is_open = false;
  std::map<std::int64_t, std::int64_t> in_life;  ///< pictures of each so far
  std::vector<std::int64_t> ends;                ///< of each spot, counted in its life
  for (const Seen &seen : pictures) {
    const std::int64_t number = ++in_life[seen.life];
    const bool is_spot = seen.name && seen.name->id.rfind("spot-", 0) == 0;
    if (is_open && is_spot && seen.life == spots.back().life &&
        seen.name->id == spots.back().asset && seen.name->frame == spots.back().frames) {
      ++spots.back().frames;
      spots.back().last_pts = seen.pts;
      spots.back().last_ns = seen.last_ns;
      ends.back() = number;
      continue;
    }
    is_open = is_spot && seen.name->frame == 0;
    if (!is_open) continue;
    spots.push_back({seen.name->id, seen.life, seen.plan_frame, 1, seen.pts, seen.pts,
                     seen.first_ns, seen.last_ns, seen.shown_ns, 0});
    ends.push_back(number);
  }
  for (std::size_t i = 0; i < spots.size(); ++i) spots[i].after = in_life[spots[i].life] - ends[i];
  return spots;
}

std::map<std::string, Shown> by_placement(const std::vector<Shown> &spots, const Plan &plan) {
  std::map<std::string, Shown> out;
  for (const Shown &spot : spots)
    if (const Item *item = planned(spot, plan)) out.emplace(item->id, spot);
  return out;
}

Agreement compare(const Books &books, const Plan &plan, const std::vector<Destination> &all) {
  Agreement out;
  std::vector<std::map<std::string, Shown>> seen;
  for (const Destination &destination : all) {
    const auto spots = spots_of(destination.pictures);
    seen.push_back(by_placement(spots, plan));
    if (seen.back().size() != spots.size())
      out.wrong.push_back(destination.name + " shows a spot that nobody planned, or one twice");
  }
  const auto said = words(books.entries);
  std::map<std::string, std::int64_t> whole_by_asset;
  for (const Item &item : plan.items) {
    if (item.kind != ItemKind::placement) continue;
    ++out.planned;
    std::vector<const Shown *> here;
    bool is_silent = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      here.push_back(seen[i].contains(item.id) ? &seen[i].at(item.id) : nullptr);
      if (here.back())
        is_silent |= may_have_stalled(all[i].silences, here.back()->first_ns, here.back()->last_ns);
    }
    const auto word = said.find(item.id);
    const auto counted = books.counted.find(item.id);
    const std::int64_t before = out.counted;
    Comparison(item, word == said.end() ? Word() : word->second, here, out)
        .make(counted == books.counted.end() ? 0 : counted->second, is_silent);
    if (out.counted > before) ++whole_by_asset[item.asset];
  }
  if (books.counted_by_asset != whole_by_asset)
    out.wrong.push_back("the counts by asset are not those of the placements");
  return out;
}

std::vector<Start> starts_of(const std::map<std::string, Shown> &seen, const Plan &plan,
                             const std::vector<Airing> &entries) {
  std::vector<Start> out;
  const auto said = words(entries);
  for (const auto &[id, spot] : seen) {
    const Item &item = *plan.find(id);
    const auto word = said.find(id);
    const bool is_said = word != said.end() && word->second.started;
    out.push_back({id, spot.plan_frame - first_frame(item), spot.shown_ns - item.start_ns,
                   spot.first_ns - item.start_ns,
                   is_said ? word->second.started->start_ns - item.start_ns : 0});
  }
  return out;
}

std::string spread_ms(std::vector<std::int64_t> ns) {
  if (ns.empty()) return "none";
  std::sort(ns.begin(), ns.end());
  char out[96];
  std::snprintf(out, sizeof out, "min %.1f, median %.1f, max %.1f ms (%zu)",
                static_cast<double>(ns.front()) / 1e6, static_cast<double>(ns[ns.size() / 2]) / 1e6,
                static_cast<double>(ns.back()) / 1e6, ns.size());
  return out;
}

}  // namespace civicast::air
