// SPDX-License-Identifier: Apache-2.0
// Law: any bytes are read as a note, a proof, a policy, a request to cosign, a succession of keys
// or the address of a tile, or refused; what was read is written again as the same bytes, and says
// nothing that nobody signed.
//
// Input: a byte that chooses, and the text.
#include "host/ledger/policy.hpp"
#include "host/ledger/proof.hpp"
#include "host/ledger/succession.hpp"
#include "host/ledger/tile_path.hpp"
#include "host/witness/request.hpp"
#include "tests/fuzz/readings.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

void read_note(std::string_view text) {
  const auto note = ledger::parse_note(text);
  if (!note) return;
  must_hold(airings::is_utf8(text), "a note is UTF-8");
  must_hold(note->text.size() + 1 + note->signatures.size() == text.size(),
            "a note is its text and its signatures");
  const auto begin = ledger::text_of(note->checkpoint);
  must_hold(note->text.substr(0, begin.size()) == begin, "a checkpoint is written as it was read");
  const ledger::VerifierKey stranger{note->checkpoint.origin, {}, ledger::KeyType::log};
  must_hold(!is_signed(*note, stranger), "a key of zeros signed nothing");
}

void read_proof(std::string_view text) {
  const auto proof = ledger::parse_proof(text);
  if (proof) must_hold(to_text(*proof) == text, "a proof is written as it was read");
}

void read_request(std::string_view text) {
  const auto request = witness::parse_request(text);
  if (request) must_hold(witness::to_text(*request) == text, "a request is written as it was read");
  if (const auto size = witness::parse_size(text))
    must_hold(std::to_string(*size) + "\n" == text, "a size has one spelling");
}

void read_policy(std::string_view text) {
  const auto policy = ledger::Policy::parse(text, "p");
  if (!policy) {
    must_hold(!policy.fault().empty() && policy.fault().size() <= 21, "mistakes are few, not none");
    for (const Fault &fault : policy.fault())
      must_hold(fault.where().rfind("p:", 0) == 0 && airings::is_utf8(fault.text()),
                "a mistake has its line");
    return;
  }
  std::set<std::string> all;
  for (const auto &one : policy->witnesses()) all.insert(one.name);
  must_hold(policy->is_met(all), "all of the witnesses are enough");
  must_hold(policy->is_alone() || !policy->is_met({}), "none of them is not");
}

void read_tile(std::string_view text) {
  if (const auto tile = ledger::parse_tile_path(text))
    must_hold(text_of(*tile) == text && tile->width >= 1 && tile->width <= 256,
              "a tile has one address");
}

void read_key(std::string_view text) {
  if (const auto key = ledger::parse_verifier_key(text))
    must_hold(key->line() == text || key->line() + "\n" == text, "a key is written as it was read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char *>(data) + 1, size - 1);
  switch (data[0]) {
    case 'n':
      read_note(text);
      break;
    case 'p':
      read_proof(text);
      break;
    case 'r':
      read_request(text);
      break;
    case 'w':
      read_policy(text);
      break;
    case 't':
      read_tile(text);
      break;
    case 'k':
      read_key(text);
      break;
    case 's':
      if (const auto one = ledger::parse_succession(text))
        must_hold(one->old_key.name == one->new_key.name, "a log keeps its name");
      break;
    default:
      break;
  }
  return 0;
}
