// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/planner/instance.hpp"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace civicast::bench {
namespace {

using Json = nlohmann::json;
using namespace planner;

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr std::int64_t day_s = 86'400;

Break break_of(const Json &json) {
  Break one;
  one.channel = json.at("ch");
  one.day = json.at("day");
  one.second_of_day = json.at("start");
  one.start_ns = (one.day * day_s + one.second_of_day) * ns_per_s;
  one.length_ns = json.at("cap").get<std::int64_t>() * ns_per_s;
  one.audience = json.at("aud");
  return one;
}

Campaign campaign_of(const Json &json, std::size_t channels) {
  Campaign one;
  one.id = std::to_string(json.at("id").get<int>());
  one.topic = json.at("topic");
  one.weight = json.at("w");
  one.first_day = json.at("day_from");
  one.last_day = json.at("day_to");
  one.windows.clear();
  for (const Json &window : json.at("windows"))
    one.windows.push_back({window.at(0).get<int>() * 3'600, window.at(1).get<int>() * 3'600});
  one.separation_ns = json.at("sep").get<std::int64_t>() * 60 * ns_per_s;
  const std::int64_t length_ns = json.at("len").get<std::int64_t>() * ns_per_s;
  one.assets = {{one.id, 1, std::vector<std::int64_t>(channels, length_ns), {}}};
  Target target;
  target.channels = json.at("channels").get<std::vector<int>>();
  target.quota = json.at("pace").get<std::vector<int>>();
  target.wanted = target.most = json.at("target");
  one.targets = {target};
  return one;
}

}  // namespace

Instance instance(const std::string &path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error(path + ": 打不开 · cannot be opened");
  const Json json = Json::parse(in);
  Instance out;
  Problem &problem = out.problem;
  problem.measures_breaks = true;
  problem.days = json.at("days");
  for (const Json &channel : json.at("channels"))
    problem.channels.push_back(std::to_string(channel.at("id").get<int>()));
  for (const Json &one : json.at("breaks")) {
    problem.breaks.push_back(break_of(one));
    problem.break_ids.push_back(std::to_string(one.at("id").get<int>()));
  }
  for (const Json &one : json.at("campaigns"))
    problem.campaigns.push_back(campaign_of(one, problem.channels.size()));
  const Json &prime = json.at("prime");
  for (std::size_t channel = 0; channel < problem.channels.size(); ++channel)
    for (int day = 0; day < problem.days; ++day)
      problem.minima.push_back(
          {static_cast<int>(channel), day, prime.at("from"), prime.at("to"), prime.at("min")});
  const Json &weights = json.at("weights");
  const auto thousandths = [&](const char *name) {
    return std::llround(weights.at(name).get<double>() * 1'000);
  };
  out.costs.missing = thousandths("short");
  out.costs.pace = thousandths("pace");
  out.costs.minimum = thousandths("prime");
  out.costs.audience = thousandths("aud");
  out.costs.fairness = out.costs.pace_growth = out.costs.spacing = out.costs.change = 0;
  return out;
}

}  // namespace civicast::bench
