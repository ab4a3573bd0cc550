// SPDX-License-Identifier: Apache-2.0
// The handover on its way from a sender to the next one: a file in the channel's folder.
#pragma once

#include <optional>
#include <string>

#include "plugins/cable/ts/handover.hpp"

namespace civicast::cable {

/// Replaces the file whole. Throws std::runtime_error.
void leave_handover(const std::string &path, const Handover &handover);

/// Reads the file and removes it, so that it is taken up once. Nothing if there is none, or if it
/// is older than some seconds or this machine was started since: then nothing can be continued.
std::optional<Handover> take_handover(const std::string &path, std::int64_t mono_ns);

}  // namespace civicast::cable
