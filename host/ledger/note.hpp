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

/// The signature types of C2SP that this house signs with and checks.
enum class KeyType : std::uint8_t { log = 1, cosigner = 4 };

/// What an auditor is given: "name+hexid+base64" on one line.
struct VerifierKey {
  std::string name;
  Ed25519Bytes bytes{};
  KeyType type = KeyType::log;

  std::string line() const;
  std::array<std::uint8_t, 4> id() const;
};
std::optional<VerifierKey> parse_verifier_key(std::string_view line);

/// Never printed; kept as "PRIVATE+KEY+name+hexid+base64" in a file of mode 0600.
class SignerKey {
 public:
  static SignerKey make(const std::string &name, KeyType type = KeyType::log);
  static std::optional<SignerKey> parse(std::string_view line);
  std::string line() const;
  const VerifierKey &verifier() const { return verifier_; }
  /// The 64 bytes of the signature.
  std::string sign(std::string_view message) const;

 private:
  SignerKey(const std::string &name, const Ed25519Bytes &seed, KeyType type);
  Ed25519Bytes seed_;
  VerifierKey verifier_;
};

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
  bool operator==(const Checkpoint &) const = default;
};

/// The three lines that are signed, each with its end.
std::string text_of(const Checkpoint &checkpoint);
/// Whether these 64 bytes are the signature of `message`.
bool is_signed_by(const VerifierKey &key, std::string_view message, std::string_view signature);
/// The line that a log's key adds to a note, and the one that a witness adds: its cosignature/v1
/// of `text` at `unix_s`.
std::string signature_line(std::string_view text, const SignerKey &key);
std::string cosignature_line(std::string_view text, const SignerKey &key, std::int64_t unix_s);
/// The checkpoint as a signed note.
std::string sign_checkpoint(const Checkpoint &checkpoint, const SignerKey &key);

/// A note taken apart; nothing in it is trusted yet.
struct Note {
  std::string_view text;        ///< with the end of its last line
  std::string_view signatures;  ///< whole lines
  Checkpoint checkpoint;        ///< what `text` says
};
/// Views into `note`; or the reason, for an engineer, why it is no note of a checkpoint.
Result<Note, std::string> parse_note(std::string_view note);
/// Signed by the log's `key`. A line of the key's name and id that does not hold makes it false.
bool is_signed(const Note &note, const VerifierKey &key);
/// When the witness `key` cosigned the note, in seconds since 1970; nothing if it did not.
std::optional<std::int64_t> cosigned_at(const Note &note, const VerifierKey &key);

/// The checkpoint in `note` if it is well-formed, of the key's name as origin, and signed by `key`;
/// otherwise the reason, for an engineer. Signatures of other keys are ignored.
Result<Checkpoint, std::string> open_checkpoint(std::string_view note, const VerifierKey &key);

inline constexpr std::size_t max_note_bytes = 64 * 1024;

/// A name of our own may stand in notes and keys: 1 to 200 printable ASCII characters without
/// spaces and "+". Names that others gave may be any that the signed-note format allows.
bool is_note_name(std::string_view name);

std::string base64(std::string_view bytes);
/// Strict: padded, canonical; nothing on anything else.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace civicast::ledger
