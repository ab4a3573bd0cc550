// SPDX-License-Identifier: Apache-2.0
// What a worker says on its standard error when a plugin crashes: the signal, the call, the
// placement, in whose thread, and where in the code.
#pragma once

#include <string_view>

namespace civicast::runner {

/// Once, at the start, on the thread that plugin code is called on. `who` is "org.example.hello
/// 1.0.0".
void install_last_words(std::string_view who);

/// [plugin] What is being done from now on; empty: nothing.
void set_in_hand(std::string_view call, std::string_view placement);

}  // namespace civicast::runner
