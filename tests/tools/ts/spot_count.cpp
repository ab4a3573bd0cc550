// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/ts/spot_count.hpp"

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tests/tools/ts/units.hpp"

namespace civicast::tests {
namespace {

/// Copied pictures differ by nothing; this leaves room for a reference that was encoded again.
constexpr double kNear = 4.0;
/// Frames of one still differ by less: the encoder's refinements.
constexpr double kStill = 1.5;

int mean_of(const Fingerprint &print) {
  return std::accumulate(print.begin(), print.end(), 0) / static_cast<int>(print.size());
}

}  // namespace

Reference load_reference(const std::string &id, const std::string &path) {
  Reference reference{id, {}, {}};
  decode_pictures(
      path, [&](DecodedPicture picture) { reference.prints.push_back(std::move(picture.print)); });
  for (const auto &[at, unit] : video_units(path)) reference.es_bytes.push_back(unit.es_bytes);
  if (reference.es_bytes.size() != reference.prints.size()) reference.es_bytes.clear();
  return reference;
}

SpotCounter::SpotCounter(std::vector<Reference> references) : references_(std::move(references)) {
  for (const Reference &reference : references_) {
    count_.complete[reference.id] = 0;
    std::vector<int> &means = means_.emplace_back();
    for (const Fingerprint &print : reference.prints) means.push_back(mean_of(print));
  }
}

void SpotCounter::consider(Match &best, int reference, std::int64_t frame,
                           const Fingerprint &print) const {
  const Reference &r = references_[static_cast<std::size_t>(reference)];
  const double distance = difference(r.prints[static_cast<std::size_t>(frame)], print);
  if (distance > kNear || (best.reference >= 0 && distance >= best.distance)) return;
  best = {reference, frame, distance};
}

SpotCounter::Match SpotCounter::match(const Fingerprint &print) const {
  Match on, best;
  const auto count = static_cast<int>(references_.size());
  if (current_ >= 0 &&
      next_frame_ < std::ssize(references_[static_cast<std::size_t>(current_)].prints))
    consider(on, current_, next_frame_, print);
  if (on.reference >= 0 && on.distance == 0) return on;
  for (int i = 0; i < count; ++i) consider(best, i, 0, print);
  if (on.reference >= 0) {
    // What is on goes on, unless another is nearer. Of a still, every frame is like its first.
    const double margin = best.reference == current_ ? kStill : 0;
    return best.reference < 0 || on.distance <= best.distance + margin ? on : best;
  }
  if (best.reference >= 0) return best;
  const int mean = mean_of(print);
  for (int i = 0; i < count; ++i) {
    const std::vector<int> &means = means_[static_cast<std::size_t>(i)];
    for (std::size_t frame = 1; frame < means.size(); ++frame)
      if (std::abs(means[frame] - mean) <= kNear + 1)
        consider(best, i, static_cast<std::int64_t>(frame), print);
  }
  return best;
}

void SpotCounter::close() {
  if (current_ < 0) return;
  const auto expected = std::ssize(references_[static_cast<std::size_t>(current_)].prints);
  spot_.is_complete = spot_.frames == expected;
  if (spot_.is_complete) ++count_.complete[spot_.id];
  count_.spots.push_back(spot_);
  current_ = -1;
}

void SpotCounter::picture(const Picture &picture) {
  const std::int64_t index = count_.pictures++;
  if (picture.session != session_) close();
  session_ = picture.session;
  Match match = picture.is_damaged ? Match{} : this->match(picture.print);
  if (match.reference >= 0 && picture.cut_es_bytes) {
    const auto &sizes = references_[static_cast<std::size_t>(match.reference)].es_bytes;
    const auto frame = static_cast<std::size_t>(match.frame);
    // A cut picture may look right: what is missing can be padding. Its length tells.
    if (sizes.empty() || *picture.cut_es_bytes < sizes[frame]) match = {};
  }
  const bool goes_on =
      match.reference >= 0 && match.reference == current_ && match.frame == next_frame_;
  if (!goes_on) {
    close();
    if (match.reference < 0) return;
    spot_ = {references_[static_cast<std::size_t>(match.reference)].id, index, 0, false};
    current_ = match.reference;
  }
  ++spot_.frames;
  next_frame_ = match.frame + 1;
  const auto &prints = references_[static_cast<std::size_t>(current_)].prints;
  if (next_frame_ == std::ssize(prints)) close();
}

SpotCount SpotCounter::finish() {
  close();
  return std::move(count_);
}

std::string SpotCount::json() const {
  nlohmann::ordered_json list = nlohmann::json::array();
  for (const Spot &spot : spots)
    list.push_back({{"id", spot.id},
                    {"start_frame", spot.start_frame},
                    {"frames", spot.frames},
                    {"complete", spot.is_complete}});
  const nlohmann::ordered_json json{{"pictures", pictures}, {"spots", list}, {"counts", complete}};
  return json.dump(2);
}

SpotCount count_spots(const std::string &path,
                      const std::map<std::string, std::string> &references) {
  std::vector<Reference> loaded;
  for (const auto &[id, file] : references) loaded.push_back(load_reference(id, file));
  SpotCounter counter(std::move(loaded));
  const std::map<std::int64_t, VideoUnit> units = video_units(path);
  decode_pictures(path, [&](DecodedPicture decoded) {
    SpotCounter::Picture picture{std::move(decoded.print), 0, decoded.is_damaged, std::nullopt};
    if (const auto unit = units.find(decoded.pos_bytes); unit != units.end()) {
      picture.session = unit->second.session;
      if (unit->second.is_cut) picture.cut_es_bytes = unit->second.es_bytes;
    }
    counter.picture(picture);
  });
  return counter.finish();
}

}  // namespace civicast::tests
