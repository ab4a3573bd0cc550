// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/proof.hpp"

#include <algorithm>
#include <charconv>

namespace civicast::ledger {
namespace {

constexpr std::string_view head = "c2sp.org/tlog-proof@v1\n";
constexpr std::string_view extra_word = "extra ";
constexpr std::string_view index_word = "index ";
constexpr std::size_t max_proof_bytes = 256 * 1024;

/// The rest of the line behind `word`; nothing, and nothing taken, if the text begins otherwise.
std::optional<std::string_view> take_after(std::string_view &text, std::string_view word) {
  const auto end = text.find('\n');
  if (end == text.npos || text.substr(0, word.size()) != word) return {};
  const auto rest = text.substr(word.size(), end - word.size());
  text.remove_prefix(end + 1);
  return rest;
}

std::optional<Hash> hash_of(std::string_view line) {
  const auto bytes = line.size() == 44 ? from_base64(line) : std::nullopt;
  Hash hash{};
  if (!bytes || bytes->size() != hash.size()) return {};
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

}  // namespace

std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || std::to_string(number) != digits) return {};
  return number;
}

std::optional<std::vector<Hash>> take_hashes(std::string_view &text) {
  std::vector<Hash> hashes;
  for (;;) {
    const auto end = text.find('\n');
    const auto hash = end == text.npos ? std::nullopt : hash_of(text.substr(0, end));
    if (!hash) return hashes;
    if (hashes.size() == max_path) return {};
    hashes.push_back(*hash);
    text.remove_prefix(end + 1);
  }
}

std::string hash_lines(const std::vector<Hash> &hashes) {
  std::string out;
  for (const Hash &hash : hashes)
    out += base64({reinterpret_cast<const char *>(hash.data()), hash.size()}) + "\n";
  return out;
}

std::string to_text(const TlogProof &proof) {
  std::string out(head);
  if (proof.extra) out += std::string(extra_word) + base64(*proof.extra) + "\n";
  out += std::string(index_word) + std::to_string(proof.index) + "\n" + hash_lines(proof.path);
  return out + "\n" + proof.checkpoint;
}

Result<TlogProof, std::string> parse_proof(std::string_view text) {
  if (text.size() > max_proof_bytes) return std::string("larger than any proof");
  if (text.substr(0, head.size()) != head) return std::string("it does not begin as a tlog-proof");
  text.remove_prefix(head.size());
  TlogProof proof;
  if (const auto extra = take_after(text, extra_word)) {
    proof.extra = from_base64(*extra);
    if (!proof.extra) return std::string("the extra data is not base64");
  }
  const auto index = take_after(text, index_word);
  const auto number = index ? number_of(*index) : std::nullopt;
  if (!number) return std::string("it names no index");
  proof.index = *number;
  auto path = take_hashes(text);
  if (!path) return std::string("its path is too long");
  proof.path = std::move(*path);
  if (text.empty() || text.front() != '\n') return std::string("a line is no hash in base64");
  proof.checkpoint = text.substr(1);
  if (const auto note = parse_note(proof.checkpoint); !note) return note.fault();
  return proof;
}

bool proves(const TlogProof &proof, const Checkpoint &checkpoint, std::string_view entry) {
  return root_by_inclusion(leaf_hash(entry), proof.index, checkpoint.size, proof.path) ==
         checkpoint.root;
}

}  // namespace civicast::ledger
