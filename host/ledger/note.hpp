// SPDX-License-Identifier: Apache-2.0
// Signed notes of C2SP (signed-note, tlog-checkpoint) and the Ed25519 keys that sign them.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/sha256.hpp"
#include "sdk/base/result.hpp"

namespace civicast::ledger {

using Ed25519Bytes = std::array<std::uint8_t, 32>;

/// What an auditor is given: "name+hexid+base64" on one line.
struct VerifierKey {
  std::string name;
  Ed25519Bytes bytes{};

  std::string line() const;
  std::array<std::uint8_t, 4> id() const;
};
std::optional<VerifierKey> parse_verifier_key(std::string_view line);

/// Never printed; kept as "PRIVATE+KEY+name+hexid+base64" in a file of mode 0600.
class SignerKey {
 public:
  static SignerKey make(const std::string &name);
  static std::optional<SignerKey> parse(std::string_view line);
  std::string line() const;
  const VerifierKey &verifier() const { return verifier_; }
  /// The 64 bytes of the signature.
  std::string sign(std::string_view message) const;

 private:
  SignerKey(const std::string &name, const Ed25519Bytes &seed);
  Ed25519Bytes seed_;
  VerifierKey verifier_;
};

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
  bool operator==(const Checkpoint &) const = default;
};

/// The checkpoint as a signed note.
std::string sign_checkpoint(const Checkpoint &checkpoint, const SignerKey &key);

/// The checkpoint in `note` if it is well-formed, of the key's name as origin, and signed by `key`;
/// otherwise the reason, for an engineer. Signatures of other keys are ignored.
Result<Checkpoint, std::string> open_checkpoint(std::string_view note, const VerifierKey &key);

/// A name may stand in notes and keys: 1 to 200 printable characters without spaces and "+".
bool is_note_name(std::string_view name);

std::string base64(std::string_view bytes);
/// Strict: padded, canonical; nothing on anything else.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace civicast::ledger
