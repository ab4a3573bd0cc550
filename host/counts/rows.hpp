// SPDX-License-Identifier: Apache-2.0
// Rows of the table of airings, as airings.
#pragma once

#include <Poco/Data/RecordSet.h>

#include <vector>

#include "host/counts/index.hpp"

namespace civicast::counts {

/// Of "SELECT * FROM counts_airings …".
std::vector<Entry> entries_of(Poco::Data::RecordSet rows);

}  // namespace civicast::counts
