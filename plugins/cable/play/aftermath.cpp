// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/aftermath.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();

/// Datagrams are numbered from the ring's first packet on.
std::int64_t position_of(std::int64_t number) {
  return number > kFar / kDatagramPackets ? kFar : number * kDatagramPackets;
}

}  // namespace

void Aftermath::on_air(std::int64_t first, const RunPtr &run) {
  if (!spans_.empty() && spans_.back().run == run) return;
  spans_.push_back({first, run});
}

std::int64_t Aftermath::ask(const std::vector<Output *> &outputs, std::vector<RunPtr> &charged) {
  std::int64_t lost = 0, certain = kFar;
  for (Output *output : outputs) {
    const News news = output->news();
    certain = std::min(certain, position_of(news.certain));
    for (const LateLoss &loss : news.losses) {
      lost += loss.count;
      charge(loss, charged);
    }
  }
  certain_ = certain;
  while (spans_.size() > 1 && spans_[1].first <= certain_) spans_.pop_front();
  return lost;
}

/// Where within its stretch a loss lies is not known: it may be anybody's who has part in that.
void Aftermath::charge(const LateLoss &loss, std::vector<RunPtr> &charged) {
  const std::int64_t from = position_of(loss.first), to = position_of(loss.end);
  std::vector<RunPtr> met;
  for (std::size_t i = 0; i < spans_.size() && spans_[i].first < to; ++i) {
    const std::int64_t end = i + 1 < spans_.size() ? spans_[i + 1].first : kFar;
    const RunPtr &run = spans_[i].run;
    if (!run || end <= from || std::find(met.begin(), met.end(), run) != met.end()) continue;
    run->progress.send_errors += loss.count;
    met.push_back(run);
    charged.push_back(run);
  }
}

std::vector<RunPtr> Aftermath::settled(std::int64_t sent, std::int64_t patience) {
  std::vector<RunPtr> out;
  while (!waiting_.empty()) {
    Waiting &first = waiting_.front();
    const bool is_certain = first.position <= certain_;
    if (!is_certain && sent - first.position < patience) break;
    if (!is_certain) ++first.run->progress.send_errors;
    out.push_back(std::move(first.run));
    waiting_.pop_front();
  }
  return out;
}

std::vector<RunPtr> Aftermath::all() {
  std::vector<RunPtr> out;
  for (Waiting &one : waiting_) out.push_back(std::move(one.run));
  waiting_.clear();
  return out;
}

}  // namespace civicast::cable
