// SPDX-License-Identifier: Apache-2.0
// The doors to bulletins: issued, recalled and shown from HTTP threads. The flow takes them up from
// the playlists.
#pragma once

#include "host/api/sources.hpp"
#include "host/flow/flow.hpp"

namespace civicast::flow {

/// `flow` must outlive the server that is given the sources.
void add_bulletins(api::Sources &sources, Flow &flow);

}  // namespace civicast::flow
