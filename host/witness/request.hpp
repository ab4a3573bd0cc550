// SPDX-License-Identifier: Apache-2.0
// The body of C2SP tlog-witness add-checkpoint: the size that was cosigned last, a consistency
// proof from there, and the checkpoint.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/ledger/proof.hpp"
#include "sdk/base/result.hpp"

namespace civicast::witness {

struct Request {
  std::uint64_t old_size = 0;
  std::vector<Hash> proof;
  std::string checkpoint;  ///< a whole note
};

std::string to_text(const Request &request);
/// Or the reason, for an engineer.
Result<Request, std::string> parse_request(std::string_view body);

/// What the answer 409 says: a size and the end of the line; nothing for anything else.
std::optional<std::uint64_t> parse_size(std::string_view body);

}  // namespace civicast::witness
