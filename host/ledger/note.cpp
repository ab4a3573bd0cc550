// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/note.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <vector>

#include "host/airings/text.hpp"

namespace civicast::ledger {
namespace {

constexpr std::string_view private_prefix = "PRIVATE+KEY+";
constexpr std::string_view dash = "\xE2\x80\x94 ";

struct FreeKey {
  void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};
using Pkey = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

[[noreturn]] void openssl_failed() {
  throw std::runtime_error("OpenSSL failed at Ed25519");
}

std::string_view view_of(const std::uint8_t *bytes, std::size_t size) {
  return {reinterpret_cast<const char *>(bytes), size};
}

Ed25519Bytes public_of(const Ed25519Bytes &seed) {
  const Pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  Ed25519Bytes out{};
  std::size_t size = out.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) != 1) openssl_failed();
  return out;
}

bool is_good(const VerifierKey &verifier, std::string_view message, std::string_view signature) {
  const Pkey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, verifier.bytes.data(),
                                             verifier.bytes.size()));
  const Context context(EVP_MD_CTX_new());
  if (!key || !context ||
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1)
    openssl_failed();
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char *>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char *>(message.data()),
                          message.size()) == 1;
}

/// No control characters, no spaces of any script, no "+".
bool is_key_name(std::string_view name) {
  if (name.empty() || name.size() > 255 || !airings::is_utf8(name)) return false;
  for (const char c : name)
    if ((c >= 0 && c <= ' ') || c == 127 || c == '+') return false;
  for (const std::string_view space :
       {"\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF",
        "\xE2\x81\x9F", "\xE3\x80\x80"})
    if (name.find(space) != name.npos) return false;
  for (char last = '\x80'; last <= '\x8A'; ++last)
    if (name.find(std::string("\xE2\x80") + last) != name.npos) return false;
  return true;
}

/// "name+hexid+base64(type‖32 bytes)" taken apart; the id is checked by the caller.
struct KeyLine {
  std::string name, id;
  Ed25519Bytes bytes{};
  KeyType type = KeyType::log;
};
std::optional<KeyLine> parse_key_line(std::string_view line) {
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  const auto first = line.find('+');
  const auto second = first == line.npos ? first : line.find('+', first + 1);
  if (second == line.npos) return {};
  KeyLine key{std::string(line.substr(0, first)),
              std::string(line.substr(first + 1, second - first - 1)),
              {}};
  const auto bytes = from_base64(line.substr(second + 1));
  if (!is_key_name(key.name) || !bytes || bytes->size() != 33) return {};
  key.type = static_cast<KeyType>(bytes->front());
  if (key.type != KeyType::log && key.type != KeyType::cosigner) return {};
  std::copy(bytes->begin() + 1, bytes->end(), key.bytes.begin());
  return key;
}

std::string typed(KeyType type, const Ed25519Bytes &bytes) {
  return std::string(1, static_cast<char>(type)) + std::string(view_of(bytes.data(), bytes.size()));
}

std::string key_line(const std::string &name, const VerifierKey &verifier,
                     const Ed25519Bytes &bytes) {
  const auto id = verifier.id();
  return name + "+" + hex(view_of(id.data(), id.size())) + "+" +
         base64(typed(verifier.type, bytes));
}

std::string line_of(const VerifierKey &key, std::string_view signature) {
  const auto id = key.id();
  return std::string(dash) + key.name + " " +
         base64(std::string(view_of(id.data(), id.size())) + std::string(signature)) + "\n";
}

std::string cosigned_message(std::string_view text, std::int64_t unix_s) {
  return "cosignature/v1\ntime " + std::to_string(unix_s) + "\n" + std::string(text);
}

/// Takes one line, without its end, off the front; nothing where no line ends.
std::optional<std::string_view> take_line(std::string_view &text) {
  const auto end = text.find('\n');
  if (end == text.npos) return {};
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

/// The bytes of the line that `key` signed, without the key's id; nothing if there is none.
std::optional<std::string> signature_of(const Note &note, const VerifierKey &key) {
  const auto id = key.id();
  auto lines = note.signatures;
  while (const auto line = take_line(lines)) {
    const auto rest = line->substr(dash.size());
    const auto space = rest.find(' ');
    if (rest.substr(0, space) != key.name) continue;
    const auto bytes = from_base64(rest.substr(space + 1));
    if (bytes && bytes->substr(0, 4) == view_of(id.data(), id.size())) return bytes->substr(4);
  }
  return {};
}

bool are_signatures(std::string_view lines) {
  if (lines.empty()) return false;
  while (const auto line = take_line(lines)) {
    if (line->substr(0, dash.size()) != dash) return false;
    const auto rest = line->substr(dash.size());
    const auto space = rest.find(' ');
    if (space == rest.npos || space == 0) return false;
    const auto bytes = from_base64(rest.substr(space + 1));
    if (!bytes || bytes->size() < 5) return false;
  }
  return lines.empty();
}

bool is_plain(std::string_view note) {
  return airings::is_utf8(note) && std::none_of(note.begin(), note.end(), [](char c) {
           return c >= 0 && c < ' ' && c != '\n';
         });
}

Result<Checkpoint, std::string> parse_text(std::string_view text) {
  Checkpoint checkpoint;
  const auto origin = take_line(text);
  const auto size = take_line(text);
  const auto root = take_line(text);
  if (!origin || origin->empty() || !size || !root) return std::string("fewer than three lines");
  const auto [end, error] =
      std::from_chars(size->data(), size->data() + size->size(), checkpoint.size);
  if (error != std::errc{} || std::to_string(checkpoint.size) != *size)
    return std::string("the size is not a number");
  const auto bytes = from_base64(*root);
  if (!bytes || bytes->size() != checkpoint.root.size())
    return std::string("the root is not 32 bytes in base64");
  std::copy(bytes->begin(), bytes->end(), checkpoint.root.begin());
  checkpoint.origin = *origin;
  return checkpoint;
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char *>(out.data()),
                                   reinterpret_cast<const unsigned char *>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > (1 << 20)) return {};
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char *>(out.data()),
                                   reinterpret_cast<const unsigned char *>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return {};
  const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
  out.resize(out.size() - padding);
  // OpenSSL skips blanks and ignores loose bits; only what we would write ourselves is accepted.
  if (base64(out) != text) return {};
  return out;
}

bool is_note_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < 127 && c != '+';
  });
}

std::array<std::uint8_t, 4> VerifierKey::id() const {
  const Hash hash = sha256(name + "\n" + typed(type, bytes));
  return {hash[0], hash[1], hash[2], hash[3]};
}

std::string VerifierKey::line() const {
  return key_line(name, *this, bytes);
}

std::optional<VerifierKey> parse_verifier_key(std::string_view line) {
  const auto parts = parse_key_line(line);
  if (!parts) return {};
  VerifierKey key{parts->name, parts->bytes, parts->type};
  const auto id = key.id();
  if (hex(view_of(id.data(), id.size())) != parts->id) return {};
  return key;
}

SignerKey::SignerKey(const std::string &name, const Ed25519Bytes &seed, KeyType type)
    : seed_(seed), verifier_{name, public_of(seed), type} {}

SignerKey SignerKey::make(const std::string &name, KeyType type) {
  Ed25519Bytes seed{};
  if (RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) != 1) openssl_failed();
  return SignerKey(name, seed, type);
}

std::optional<SignerKey> SignerKey::parse(std::string_view line) {
  if (line.substr(0, private_prefix.size()) != private_prefix) return {};
  const auto parts = parse_key_line(line.substr(private_prefix.size()));
  if (!parts) return {};
  SignerKey key(parts->name, parts->bytes, parts->type);
  const auto id = key.verifier_.id();
  if (hex(view_of(id.data(), id.size())) != parts->id) return {};
  return key;
}

std::string SignerKey::line() const {
  return std::string(private_prefix) + key_line(verifier_.name, verifier_, seed_);
}

std::string SignerKey::sign(std::string_view message) const {
  const Pkey key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed_.data(), seed_.size()));
  const Context context(EVP_MD_CTX_new());
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  if (!key || !context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size,
                     reinterpret_cast<const unsigned char *>(message.data()), message.size()) != 1)
    openssl_failed();
  return signature;
}

bool is_signed_by(const VerifierKey &key, std::string_view message, std::string_view signature) {
  return signature.size() == 64 && is_good(key, message, signature);
}

std::string text_of(const Checkpoint &checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         base64(view_of(checkpoint.root.data(), checkpoint.root.size())) + "\n";
}

std::string signature_line(std::string_view text, const SignerKey &key) {
  return line_of(key.verifier(), key.sign(text));
}

std::string cosignature_line(std::string_view text, const SignerKey &key, std::int64_t unix_s) {
  std::string stamped;
  for (int shift = 56; shift >= 0; shift -= 8) stamped += static_cast<char>(unix_s >> shift & 0xFF);
  return line_of(key.verifier(), stamped + key.sign(cosigned_message(text, unix_s)));
}

std::string sign_checkpoint(const Checkpoint &checkpoint, const SignerKey &key) {
  const std::string text = text_of(checkpoint);
  return text + "\n" + signature_line(text, key);
}

Result<Note, std::string> parse_note(std::string_view note) {
  const auto blank = note.find("\n\n");
  if (blank == note.npos || note.size() > max_note_bytes || !is_plain(note))
    return std::string("not a signed note");
  Note parts{note.substr(0, blank + 1), note.substr(blank + 2), {}};
  if (!are_signatures(parts.signatures)) return std::string("not lines of signatures");
  auto checkpoint = parse_text(parts.text);
  if (!checkpoint) return checkpoint.fault();
  parts.checkpoint = std::move(*checkpoint);
  return parts;
}

bool is_signed(const Note &note, const VerifierKey &key) {
  if (key.type != KeyType::log) return false;
  const auto signature = signature_of(note, key);
  return signature && signature->size() == 64 && is_signed_by(key, note.text, *signature);
}

std::optional<std::int64_t> cosigned_at(const Note &note, const VerifierKey &key) {
  if (key.type != KeyType::cosigner) return {};
  const auto signature = signature_of(note, key);
  if (!signature || signature->size() != 8 + 64) return {};
  std::uint64_t unix_s = 0;
  for (std::size_t i = 0; i < 8; ++i)
    unix_s = unix_s << 8 | static_cast<std::uint8_t>((*signature)[i]);
  const auto time = static_cast<std::int64_t>(unix_s);
  if (time < 0 || !is_signed_by(key, cosigned_message(note.text, time), signature->substr(8)))
    return {};
  return time;
}

Result<Checkpoint, std::string> open_checkpoint(std::string_view note, const VerifierKey &key) {
  const auto parts = parse_note(note);
  if (!parts) return parts.fault();
  if (parts->checkpoint.origin != key.name) return "the origin is not " + key.name;
  if (!is_signed(*parts, key)) return "no good signature by " + key.name;
  return parts->checkpoint;
}

}  // namespace civicast::ledger
