// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/note.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <vector>

namespace civicast::ledger {
namespace {

constexpr char ed25519_type = 1;
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

std::string_view text_of(const std::uint8_t *bytes, std::size_t size) {
  return {reinterpret_cast<const char *>(bytes), size};
}

Ed25519Bytes public_of(const Ed25519Bytes &seed) {
  const Pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  Ed25519Bytes out{};
  std::size_t size = out.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) != 1) openssl_failed();
  return out;
}

bool is_signed_by(const VerifierKey &verifier, std::string_view message,
                  std::string_view signature) {
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

/// "name+hexid+base64(type‖32 bytes)" taken apart; the id is checked by the caller.
struct KeyLine {
  std::string name, id;
  Ed25519Bytes bytes{};
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
  if (!is_note_name(key.name) || !bytes || bytes->size() != 33 || bytes->front() != ed25519_type)
    return {};
  std::copy(bytes->begin() + 1, bytes->end(), key.bytes.begin());
  return key;
}

std::string key_line(const std::string &name, const VerifierKey &verifier,
                     const Ed25519Bytes &bytes) {
  const auto id = verifier.id();
  return name + "+" + hex(text_of(id.data(), id.size())) + "+" +
         base64(std::string(1, ed25519_type) + std::string(text_of(bytes.data(), bytes.size())));
}

/// Takes one line, without its end, off the front; nothing where no line ends.
std::optional<std::string_view> take_line(std::string_view &text) {
  const auto end = text.find('\n');
  if (end == text.npos) return {};
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool has_signature(std::string_view signatures, std::string_view text, const VerifierKey &key) {
  const auto id = key.id();
  while (const auto line = take_line(signatures)) {
    if (line->substr(0, dash.size()) != dash) return false;
    const auto rest = line->substr(dash.size());
    const auto space = rest.find(' ');
    if (space == rest.npos || rest.substr(0, space) != key.name) continue;
    const auto bytes = from_base64(rest.substr(space + 1));
    if (!bytes || bytes->size() != 4 + 64 ||
        !std::equal(id.begin(), id.end(), bytes->begin(),
                    [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }))
      continue;
    return is_signed_by(key, text, std::string_view(*bytes).substr(4));
  }
  return false;
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
  const Hash hash =
      sha256(name + "\n" + ed25519_type + std::string(text_of(bytes.data(), bytes.size())));
  return {hash[0], hash[1], hash[2], hash[3]};
}

std::string VerifierKey::line() const {
  return key_line(name, *this, bytes);
}

std::optional<VerifierKey> parse_verifier_key(std::string_view line) {
  const auto parts = parse_key_line(line);
  if (!parts) return {};
  VerifierKey key{parts->name, parts->bytes};
  const auto id = key.id();
  if (hex(text_of(id.data(), id.size())) != parts->id) return {};
  return key;
}

SignerKey::SignerKey(const std::string &name, const Ed25519Bytes &seed)
    : seed_(seed), verifier_{name, public_of(seed)} {}

SignerKey SignerKey::make(const std::string &name) {
  Ed25519Bytes seed{};
  if (RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) != 1) openssl_failed();
  return SignerKey(name, seed);
}

std::optional<SignerKey> SignerKey::parse(std::string_view line) {
  if (line.substr(0, private_prefix.size()) != private_prefix) return {};
  const auto parts = parse_key_line(line.substr(private_prefix.size()));
  if (!parts) return {};
  SignerKey key(parts->name, parts->bytes);
  const auto id = key.verifier_.id();
  if (hex(text_of(id.data(), id.size())) != parts->id) return {};
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

std::string sign_checkpoint(const Checkpoint &checkpoint, const SignerKey &key) {
  const std::string text = checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
                           base64(text_of(checkpoint.root.data(), checkpoint.root.size())) + "\n";
  const auto id = key.verifier().id();
  return text + "\n" + std::string(dash) + key.verifier().name + " " +
         base64(std::string(text_of(id.data(), id.size())) + key.sign(text)) + "\n";
}

Result<Checkpoint, std::string> open_checkpoint(std::string_view note, const VerifierKey &key) {
  const auto blank = note.find("\n\n");
  if (blank == note.npos || note.back() != '\n' || note.size() > 64 * 1024)
    return std::string("not a signed note");
  const auto text = note.substr(0, blank + 1);
  auto rest = text;
  Checkpoint checkpoint;
  const auto origin = take_line(rest);
  const auto size = take_line(rest);
  const auto root = take_line(rest);
  if (!origin || !size || !root) return std::string("fewer than three lines");
  const auto [end, error] =
      std::from_chars(size->data(), size->data() + size->size(), checkpoint.size);
  if (error != std::errc{} || std::to_string(checkpoint.size) != *size)
    return std::string("the size is not a number");
  const auto bytes = from_base64(*root);
  if (!bytes || bytes->size() != checkpoint.root.size())
    return std::string("the root is not 32 bytes in base64");
  std::copy(bytes->begin(), bytes->end(), checkpoint.root.begin());
  checkpoint.origin = *origin;
  if (*origin != key.name) return "the origin is not " + key.name;
  if (!has_signature(note.substr(blank + 2), text, key)) return "no good signature by " + key.name;
  return checkpoint;
}

}  // namespace civicast::ledger
