// SPDX-License-Identifier: Apache-2.0
// The first look at what somebody wants to import, before a byte of it is believed.
#pragma once

#include <string>

#include "host/library/library.hpp"

namespace civicast::library {

/// The id is a slug, the still's length is possible, the files are plain, readable and not too big.
Result<void> admit(const ImportRequest &request);

/// Text is told by its name (.txt, .md): any bytes could be text.
bool is_text(const std::filesystem::path &file);
/// The whole of it, without a byte order mark.
Result<std::string> read_text(const std::filesystem::path &file);

}  // namespace civicast::library
