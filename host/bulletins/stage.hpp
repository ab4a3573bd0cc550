// SPDX-License-Identifier: Apache-2.0
// How far a bulletin has come on one channel, in words for the person who issued it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "host/bulletins/bulletin.hpp"
#include "host/channels/channel_store.hpp"

namespace civicast::bulletins {

enum class Stage {
  waiting,   ///< not handed to its channel yet
  handed,    ///< the channel has it
  on_air,    ///< it began; or, by the plan, it should have
  aired,     ///< complete
  failed,    ///< missed or refused
  recalled,  ///< taken back before it aired
  unclear,   ///< it may have gone out: nobody knows yet
};
std::string_view word(Stage stage);  ///< "waiting", …
Words words(Stage stage);            ///< "等待交出", "waiting"

struct Progress {
  Stage stage = Stage::waiting;
  Words sentence;  ///< what more is known; may be empty
};

/// Of a channel: the first of its showings that has not ended; else the worst of their ends.
Stage of_all(const std::vector<Stage> &showings);

/// `standing` is none until it was handed out; a recalled one is not current.
Progress progress_of(bool is_current, const std::optional<channels::Standing> &standing,
                     std::int64_t now_ns);

}  // namespace civicast::bulletins
