// SPDX-License-Identifier: Apache-2.0
#include "host/witness/request.hpp"

namespace civicast::witness {
namespace {

constexpr std::string_view old_word = "old ";
constexpr std::size_t max_body_bytes = 128 * 1024;

}  // namespace

std::string to_text(const Request &request) {
  return std::string(old_word) + std::to_string(request.old_size) + "\n" +
         ledger::hash_lines(request.proof) + "\n" + request.checkpoint;
}

Result<Request, std::string> parse_request(std::string_view body) {
  const auto end = body.find('\n');
  if (body.size() > max_body_bytes || end == body.npos ||
      body.substr(0, old_word.size()) != old_word)
    return std::string("the first line is not \"old\" and a size");
  const auto size = ledger::number_of(body.substr(old_word.size(), end - old_word.size()));
  if (!size) return std::string("the old size is not a number");
  body.remove_prefix(end + 1);
  auto proof = ledger::take_hashes(body);
  if (!proof) return std::string("the proof has more than 63 lines");
  if (body.empty() || body.front() != '\n')
    return std::string("a line of the proof is no hash in base64");
  Request request{*size, std::move(*proof), std::string(body.substr(1))};
  if (const auto note = ledger::parse_note(request.checkpoint); !note) return note.fault();
  return request;
}

std::optional<std::uint64_t> parse_size(std::string_view body) {
  if (body.empty() || body.back() != '\n') return {};
  return ledger::number_of(body.substr(0, body.size() - 1));
}

}  // namespace civicast::witness
