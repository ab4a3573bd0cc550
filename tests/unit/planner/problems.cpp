// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/planner/problems.hpp"

#include "host/planner/quota.hpp"

namespace civicast::planner::test {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int from_to(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool one_in(int n) { return from_to(1, n) == 1; }

 private:
  std::mt19937_64 random_;
};

void add_breaks(Problem &problem, Dice &dice, int channel) {
  const bool is_feed = dice.one_in(4);
  std::int64_t at_s = dice.from_to(0, 3'600);
  while (at_s < problem.days * day_s) {
    Break one;
    one.channel = channel;
    one.day = static_cast<int>(at_s / day_s);
    one.second_of_day = static_cast<int>(at_s % day_s);
    one.start_ns = at_s * second_ns;
    const int length_s = is_feed ? 0 : dice.one_in(10) ? 0 : 3 * dice.from_to(1, 60);
    one.length_ns = length_s * second_ns;
    one.max_items = dice.one_in(3) ? dice.from_to(1, 4) : 0;
    if (dice.one_in(5)) one.classes = static_cast<std::uint32_t>(dice.from_to(1, 7));
    problem.breaks.push_back(one);
    problem.break_ids.push_back(std::to_string(channel) + "@" + std::to_string(at_s));
    at_s += length_s + dice.from_to(1, 2'400);
  }
}

Campaign make_campaign(const Problem &problem, Dice &dice, int index) {
  Campaign campaign;
  campaign.id = "campaign-" + std::to_string(index);
  campaign.ad_class = dice.from_to(0, 2);
  campaign.topic = dice.one_in(3) ? -1 : dice.from_to(0, 3);
  campaign.weight = dice.from_to(1, 5);
  campaign.position = static_cast<Campaign::Position>(dice.from_to(0, 2));
  campaign.first_day = dice.from_to(-5, problem.days);
  campaign.last_day = campaign.first_day + dice.from_to(0, 10);
  campaign.separation_ns = dice.from_to(0, 60) * 60 * second_ns;
  for (int second = 0; second < day_s;) {
    const int from = second + dice.from_to(0, 20'000);
    const int to = std::min(86'400, from + dice.from_to(1, 40'000));
    if (from < to) campaign.windows.push_back({from, to});
    second = to + 1;
  }
  if (dice.one_in(12)) campaign.windows.clear();
  for (int asset = dice.from_to(1, 4); asset > 0; --asset) {
    Asset one{campaign.id + "-" + std::to_string(asset), dice.from_to(1, 3), {}, {}};
    for (std::size_t channel = 0; channel < problem.channels.size(); ++channel) {
      one.duration_ns.push_back(dice.one_in(6) ? -1 : dice.from_to(0, 250) * (second_ns * 3 / 25));
      one.counted.push_back(dice.from_to(0, 5));
    }
    campaign.assets.push_back(one);
  }
  for (int channel = 0; channel < static_cast<int>(problem.channels.size()); ++channel) {
    if (dice.one_in(4)) continue;
    Target target;
    target.channels = {channel};
    if (channel + 1 < static_cast<int>(problem.channels.size()) && dice.one_in(4))
      target.channels.push_back(++channel);
    target.is_daily = dice.one_in(2);
    target.quota = even_quota(dice.from_to(0, 300), campaign.first_day, campaign.last_day,
                              dice.from_to(0, 60), problem.days);
    for (const int each : target.quota) target.most += each;
    if (dice.one_in(3)) target.day_most = dice.from_to(1, 40);
    if (dice.one_in(3)) target.channel_day_most = dice.from_to(1, 20);
    campaign.targets.push_back(target);
  }
  return campaign;
}

}  // namespace

Problem random_problem(std::uint64_t seed) {
  Dice dice(seed);
  Problem problem;
  problem.days = dice.from_to(1, 4);
  for (int channel = dice.from_to(1, 4); channel > 0; --channel)
    problem.channels.push_back("channel-" + std::to_string(channel));
  for (int channel = 0; channel < static_cast<int>(problem.channels.size()); ++channel)
    add_breaks(problem, dice, channel);
  for (int index = dice.from_to(0, 12); index > 0; --index)
    problem.campaigns.push_back(make_campaign(problem, dice, index));
  for (int pair = dice.from_to(0, 6); pair > 0 && problem.campaigns.size() > 1; --pair) {
    const int last = static_cast<int>(problem.campaigns.size()) - 1;
    const int one = dice.from_to(0, last), other = dice.from_to(0, last);
    if (one != other) problem.campaigns[static_cast<std::size_t>(one)].not_with.push_back(other);
  }
  for (std::size_t i = 0; i < problem.campaigns.size(); ++i) {
    const auto channel = dice.from_to(0, static_cast<int>(problem.channels.size()) - 1);
    if (dice.one_in(2))
      problem.fixed.push_back({static_cast<int>(i), 0, channel, dice.from_to(-1, 0),
                               dice.from_to(-3'600, 3'600) * second_ns});
    if (dice.one_in(2) && !problem.breaks.empty())
      problem.published.push_back(
          {static_cast<int>(i), 0, dice.from_to(0, static_cast<int>(problem.breaks.size()) - 1)});
  }
  return problem;
}

}  // namespace civicast::planner::test
