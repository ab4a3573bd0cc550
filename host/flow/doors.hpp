// SPDX-License-Identifier: Apache-2.0
// Answers the questions of the HTTP doors from the rooms of a running station.
#pragma once

#include <filesystem>

#include "host/api/sources.hpp"
#include "host/flow/flow.hpp"

namespace civicast::flow {

/// `flow` must outlive the server that is given the sources.
api::Sources sources_of(Flow &flow, const std::filesystem::path &console_folder);

}  // namespace civicast::flow
