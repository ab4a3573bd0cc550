// SPDX-License-Identifier: Apache-2.0
// The heart of the kit: kill -9 at random moments, with the kit as a host that keeps the book.
#pragma once

#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {

void after_kill(Trial &trial);

}  // namespace civicast::kit
