// SPDX-License-Identifier: Apache-2.0
// Last words as people read them: C++ names in a backtrace written out.
#pragma once

#include <string>
#include <string_view>

namespace civicast::workers {

/// "a.so(_ZN4Echo7publishEv+0x1f)[0x7f…]" becomes "a.so(Echo::publish()+0x1f)[0x7f…]". What is no
/// mangled name stays as it is.
std::string demangled(std::string_view lines);

}  // namespace civicast::workers
