// SPDX-License-Identifier: Apache-2.0
// What importing and exporting share: which file, which channel, which day.
#pragma once

#include <string>
#include <utility>

#include "host/exchange/exchange.hpp"

namespace civicast::exchange {

struct Opened {
  Reading reading;
  Format format = Format::ccms;
  const channels::Channel *channel = nullptr;
};

/// Reads the upload, if it is what is wanted, and finds its channel. A file without a single usable
/// event is a fault, with the faults of its records.
Result<Opened, Faults> open_upload(const House &house, const Upload &upload, const Wish &wish,
                                   bool wants_as_run);

Result<const channels::Channel *, Faults> channel_named(const House &house, const std::string &id);

}  // namespace civicast::exchange
