// SPDX-License-Identifier: Apache-2.0
// Reads the targets of a campaign: where, how much, and how much at most on one day.
#pragma once

#include <string>
#include <vector>

#include "host/base/xml.hpp"
#include "host/campaigns/campaign.hpp"

namespace civicast::campaigns {

/// Mistakes are told to the document; `id` is the campaign's, for sentences.
std::vector<Target> read_targets(xml::Element campaign, const std::string &id);

}  // namespace civicast::campaigns
