// SPDX-License-Identifier: Apache-2.0
// The affidavit on paper: A4, Chinese with English beside it, a table, a QR code, and room for
// signatures and a seal.
#pragma once

#include <string>

#include "host/affidavit/statement.hpp"
#include "sdk/base/result.hpp"

namespace civicast::affidavit {

/// A PDF. The QR code holds the text of `checkpoint`, the signed note itself: whoever scans it can
/// compare it with one kept elsewhere, without a network.
Result<std::string> paper(const Statement &statement, const Zone &zone,
                          const std::string &checkpoint, const std::string &key_line);

}  // namespace civicast::affidavit
