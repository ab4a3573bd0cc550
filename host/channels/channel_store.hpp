// SPDX-License-Identifier: Apache-2.0
// Where every item stands, on disk.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/playlists/playlist.hpp"
#include "host/store/store.hpp"
#include "sdk/wire/words.hpp"

namespace civicast::channels {

enum class State {
  planned,   ///< not sent yet
  sent,      ///< written before its frame goes out; no verdict yet
  accepted,  ///< the plugin has it
  started,
  aired,      ///< final
  missed,     ///< final
  withdrawn,  ///< final
  refused,    ///< final; a missed fact says why
  unready,    ///< the channel's settings are wrong; tried again
  later,      ///< tried again
  unknown,    ///< it may have gone out; to be recalled
  held,       ///< recall could not tell: a person must look
};
std::string_view word(State state);  ///< "planned", …
bool is_final(State state);

struct Standing {
  std::string channel;
  playlists::Item item;
  State state = State::planned;
  std::uint32_t attempt = 0;     ///< how often it was sent
  std::uint64_t epoch = 0;       ///< of the worker it was last sent to
  int deaths = 0;                ///< workers that ended with it in hand
  std::int64_t next_try_ns = 0;  ///< not before
  std::string why;               ///< the newest note, for people
  /// How its final fact said that it went; none until then.
  wire::Status status = wire::Status::none;
  std::int64_t handed_ns = 0;  ///< when it was handed over last; 0: never
  std::string house_sha256;    ///< of the first file that was handed out with it, hex
  std::int64_t changed_ns = 0;
};

/// [any] Each call takes a session of its own.
class ChannelStore {
 public:
  explicit ChannelStore(store::Store &store);

  /// All in one transaction. One that is there already is replaced.
  void put(const std::vector<Standing> &standings);
  std::optional<Standing> find(const std::string &id) const;
  /// Those that have not ended, and those that end after `from_ns`.
  std::vector<Standing> open_or_after(std::int64_t from_ns) const;
  /// Those that a person must look at, by start. An empty channel is all channels.
  std::vector<Standing> held(const std::string &channel) const;
  /// Those that start at from ≤ t < to, by start. An empty channel is all channels.
  std::vector<Standing> list(const std::string &channel, std::int64_t from_ns,
                             std::int64_t to_ns) const;
  /// How many stand in which state, over the same span.
  std::map<State, std::int64_t> counts(const std::string &channel, std::int64_t from_ns,
                                       std::int64_t to_ns) const;

 private:
  store::Store &store_;
};

}  // namespace civicast::channels
