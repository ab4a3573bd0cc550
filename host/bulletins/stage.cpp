// SPDX-License-Identifier: Apache-2.0
#include "host/bulletins/stage.hpp"

#include <algorithm>
#include <array>

#include "host/airings/status_words.hpp"

namespace civicast::bulletins {
namespace {

using channels::State;

struct Named {
  std::string_view word;
  const char *zh, *en;
};
constexpr std::array<Named, 7> stages = {
    Named{"waiting", "等待交出", "waiting"}, Named{"handed", "已交出", "handed over"},
    Named{"on_air", "正在播出", "on air"},   Named{"aired", "已播出", "aired"},
    Named{"failed", "未播成", "failed"},     Named{"recalled", "已撤回", "recalled"},
    Named{"unclear", "待核实", "unclear"}};

const Named &named(Stage stage) {
  return stages.at(static_cast<std::size_t>(stage));
}

/// A note of the channel; it says itself in which languages.
Words said(const channels::Standing &standing) {
  return {standing.why, standing.why};
}

Words said_with_status(const channels::Standing &standing) {
  const Words status = airings::words(standing.status);
  if (standing.why.empty()) return status;
  if (status.zh.empty()) return said(standing);
  return {status.zh + "：" + standing.why, status.en + ": " + standing.why};
}

Progress on_channel(const channels::Standing &standing, bool is_current, std::int64_t now_ns) {
  const bool has_begun = standing.item.start_ns <= now_ns && now_ns < standing.item.end_ns;
  const Words taking_back = {"正在请频道撤回", "the channel is asked to take it back"};
  switch (standing.state) {
    case State::accepted:
      if (!is_current) return {has_begun ? Stage::on_air : Stage::handed, taking_back};
      if (!has_begun) return {Stage::handed, said(standing)};
      return {Stage::on_air,
              {"按时间正在播出，频道尚未回报",
               "by its time it is on air; the channel has not said so yet"}};
    case State::started:
      return {Stage::on_air, is_current || !standing.why.empty() ? said(standing) : taking_back};
    case State::aired:
      return {Stage::aired, {}};
    case State::missed:
    case State::refused:
      return {Stage::failed, said_with_status(standing)};
    case State::withdrawn:
      return {Stage::recalled, {}};
    case State::unknown:
    case State::held:
      return {Stage::unclear, said(standing)};
    default:
      break;
  }
  return {is_current ? Stage::waiting : Stage::recalled, said(standing)};
}

}  // namespace

std::string_view word(Stage stage) {
  return named(stage).word;
}

Words words(Stage stage) {
  return {named(stage).zh, named(stage).en};
}

Stage of_all(const std::vector<Stage> &showings) {
  Stage worst = Stage::aired;
  for (const Stage stage : showings) {
    if (stage == Stage::waiting || stage == Stage::handed || stage == Stage::on_air) return stage;
    worst = std::max(worst, stage);
  }
  return worst;
}

Progress progress_of(bool is_current, const std::optional<channels::Standing> &standing,
                     std::int64_t now_ns) {
  if (standing) return on_channel(*standing, is_current, now_ns);
  return {is_current ? Stage::waiting : Stage::recalled, {}};
}

}  // namespace civicast::bulletins
