// SPDX-License-Identifier: Apache-2.0
// Answers what the HTTP doors ask about reports.
#pragma once

#include "host/api/sources.hpp"
#include "host/flow/flow.hpp"

namespace civicast::flow {

void add_reports(api::Sources &sources, Flow &flow);

}  // namespace civicast::flow
