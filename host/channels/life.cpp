// SPDX-License-Identifier: Apache-2.0
#include "host/channels/life.hpp"

#include <algorithm>

namespace civicast::channels {
namespace {

const std::vector<State> not_out = {State::planned, State::later, State::unready};
/// While publish is in hand; a fact may have come before its answer.
const std::vector<State> in_hand = {State::sent, State::accepted, State::started};
const std::vector<State> out = {State::sent, State::accepted, State::started, State::unknown,
                                State::held};

std::vector<State> all_open() {
  std::vector<State> all = not_out;
  all.insert(all.end(), out.begin(), out.end());
  return all;
}

}  // namespace

const std::vector<Step> &steps() {
  static const std::vector<Step> table = {
      {not_out, State::sent, "it is handed over: written down before the frame goes out"},
      {{State::planned, State::unready}, State::later, "its house file is not there yet"},
      {{State::sent}, State::accepted, "publish: DONE"},
      {in_hand, State::refused, "publish: REFUSED"},
      {in_hand, State::unready, "publish: UNREADY; the channel rests"},
      {in_hand, State::later, "publish: LATER"},
      {in_hand, State::unknown, "publish: UNKNOWN or BROKEN, or its worker ended"},
      {{State::sent, State::unknown, State::held}, State::accepted, "recall: DONE"},
      {out, State::planned,
       "recall: REFUSED (never heard of it), or it cannot tell and the far side knows our id"},
      {{State::sent, State::accepted, State::started, State::unknown},
       State::held,
       "recall: UNKNOWN, or the channel cannot be asked: a person must look"},
      {all_open(), State::missed, "its time has passed without a word, or it was given up"},
      {{State::held},
       State::missed,
       "a person settled that nobody can tell: it counts for nothing"},
      {not_out, State::withdrawn, "it is taken back before it was handed over"},
  };
  return table;
}

bool is_step(State from, State to) {
  const auto has = [&](const Step &step) {
    return step.to == to && std::find(step.from.begin(), step.from.end(), from) != step.from.end();
  };
  return from == to || std::any_of(steps().begin(), steps().end(), has);
}

}  // namespace civicast::channels
