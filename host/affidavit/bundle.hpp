// SPDX-License-Identifier: Apache-2.0
// The bundle of an affidavit: a .zip that proves a count to somebody who does not trust the
// station.
//
//   README.zh.txt README.en.txt   what this is, and how to check it without our programs
//   affidavit.json                the statement (statement.hpp)
//   affidavit.pdf                 the same for people, with room for signatures
//   entries.txt                   one entry of the ledger on each line, byte for byte
//   proofs.txt                    on the same line: index, then the RFC 6962 inclusion path, base64
//   checkpoint                    C2SP tlog-checkpoint, signed
//   ledger.pub                    the key that signed it
//   policy                        C2SP tlog-policy: whose signatures are needed
//   verify.html                   checks any such bundle in a browser, offline
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "host/affidavit/statement.hpp"
#include "host/base/sha256.hpp"
#include "sdk/base/result.hpp"

namespace civicast::affidavit {

/// An affidavit is of at most so many airings.
inline constexpr std::size_t max_airings = 1'000'000;

/// One entry with its proof.
struct Proved {
  std::uint64_t index = 0;
  std::string entry;
  std::vector<Hash> path;
};

/// Files by name.
using Parts = std::map<std::string, std::string>;

std::string entries_text(const std::vector<Proved> &all);
std::string proofs_text(const std::vector<Proved> &all);
std::string policy_text(const std::string &key_line);

/// What the two texts hold, or the first line that is malformed.
Result<std::vector<Proved>> parse_proved(const std::string &entries, const std::string &proofs);

Result<std::string> pack(const Parts &parts);
/// Names at most 100 characters, everything together at most 2 GB.
Result<Parts> unpack(const std::filesystem::path &file);

/// Every name that a bundle has.
const std::vector<std::string> &part_names();
/// Of them, those for which the statement gives a digest: the PDF, the page, the READMEs.
const std::vector<std::string> &unproved_parts();
/// README.zh.txt, README.en.txt and verify.html: the same in every bundle.
const std::map<std::string, std::string_view, std::less<>> &fixed_parts();

}  // namespace civicast::affidavit
