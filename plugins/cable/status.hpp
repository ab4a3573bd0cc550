// SPDX-License-Identifier: Apache-2.0
// What the channel says of itself, for the console: the sections that sdk/wire/PROTOCOL.md
// describes under "Status". One thread.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "plugins/cable/play/engine.hpp"
#include "plugins/cable/send/output.hpp"

namespace civicast::cable {

struct ChannelState {
  Engine::Status engine;
  std::vector<OutputState> outputs;
  std::optional<std::int64_t> preview_drops;  ///< none: there is no preview
  std::int64_t now_ns = 0;                    ///< UTC
};

class StatusPage {
 public:
  /// A JSON object. Called about once a second: an error is dated by the call that first tells it.
  std::string write(const ChannelState &channel);

 private:
  nlohmann::ordered_json outputs(const ChannelState &channel);
  nlohmann::ordered_json checks(const ChannelState &channel);
  /// "2026-11-23T06:36:00.123Z"; empty while `count` is 0.
  std::string last_change(const std::string &name, std::int64_t count, std::int64_t now_ns);

  struct Change {
    std::int64_t count = 0, at_ns = 0;
  };
  std::map<std::string, Change> changes_;
};

}  // namespace civicast::cable
