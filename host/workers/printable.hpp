// SPDX-License-Identifier: Apache-2.0
// What a plugin said, as text that may go to a terminal, into JSON and into a sentence.
#pragma once

#include <string>
#include <string_view>

namespace civicast::workers {

/// Spaces for control characters (a line must not be able to clear the screen, or to forge
/// another) and U+FFFD for what is not UTF-8.
std::string printable(std::string_view bytes);

}  // namespace civicast::workers
