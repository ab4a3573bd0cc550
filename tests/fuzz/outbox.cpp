// SPDX-License-Identifier: Apache-2.0
// Law: an outbox opens on any bytes whatever; it then tells every whole record from the front of
// the file that was not acked, in order, and nothing else; what is put next gets a higher number
// and is there after another start, and no number ever comes again.
//
// Input: the file, as decisions: a header, records, raw bytes, and what the host acks at the end.
#include "sdk/runner/outbox.hpp"

#include <array>
#include <vector>

#include "sdk/wire/frame.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/law.hpp"
#include "tests/fuzz/scratch.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

struct Told {
  std::uint64_t seq = 0;
  std::string payload;
  bool operator==(const Told &) const = default;
};

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t out = 0;
  for (std::size_t i = size; i-- > 0;) out = out << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return out;
}

/// CRC-32C bit by bit: slower than the outbox's own, and written from its definition.
std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t sum = ~std::uint32_t{0};
  for (const char c : bytes) {
    sum ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (sum & 1 ? 0x82F63B78U : 0U);
  }
  return ~sum;
}

std::string little_end_first(std::uint64_t value, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
  return out;
}

std::string header_of(fuzz::Input &input) {
  const std::uint8_t kind = input.byte();
  if (kind < 16) return std::string(input.bytes(kind));
  const std::string acked = little_end_first(input.byte(), 8);
  const std::uint32_t sum = checksum(acked) ^ (kind < 32 ? 1U : 0U);
  return "CIVOUT01" + acked + little_end_first(sum, 4) + std::string(4, '\0');
}

std::string file_of(fuzz::Input &input) {
  std::string out = header_of(input);
  std::uint64_t seq = 0;
  for (int i = 0; i < 64 && !input.is_empty(); ++i) {
    const std::uint8_t kind = input.byte();
    if (kind < 16) {
      out += input.bytes(kind);
      continue;
    }
    // Mostly the next number, as the outbox itself gives them; now and then any that a worker
    // could reach in a million years.
    seq = kind < 32 ? input.number<std::uint64_t>() >> 16 : seq + kind % 3;
    std::string payload = wire::write_fact({});
    if (kind % 2) payload = input.text();
    std::string record = runner::record_bytes(seq, payload);
    if (kind < 40) record[input.byte() % record.size()] ^= static_cast<char>(kind % 8);
    out += record;
  }
  return out;
}

/// What an outbox is bound to tell of `file`, read by the layout in outbox_file.hpp alone.
struct Expected {
  bool is_outbox = false;
  std::uint64_t acked = 0;
  std::vector<Told> left;
};

Expected expect(std::string_view file) {
  Expected out;
  const bool has_header = file.size() >= 24;
  out.is_outbox = !has_header || file.substr(0, 8) == "CIVOUT01";
  if (!has_header || !out.is_outbox) return out;
  if (checksum(file.substr(8, 8)) == number_at(file, 16, 4)) out.acked = number_at(file, 8, 8);
  std::uint64_t last = 0;
  for (std::string_view rest = file.substr(24); rest.size() >= 16;) {
    const std::uint64_t length = number_at(rest, 0, 4);
    if (length > wire::max_frame_bytes || rest.size() - 16 < length) break;
    if (checksum(rest.substr(8, 8 + length)) != number_at(rest, 4, 4)) break;
    const std::uint64_t seq = number_at(rest, 8, 8);
    if (seq <= last) break;
    last = seq;
    if (seq > out.acked) out.left.push_back({seq, std::string(rest.substr(16, length))});
    rest.remove_prefix(16 + length);
  }
  return out;
}

std::unique_ptr<runner::Outbox> opened(const fuzz::Scratch &scratch) {
  auto outbox = runner::Outbox::open(scratch / "outbox");
  must_hold(outbox.ok(), "what was an outbox stays one");
  return std::move(*outbox);
}

std::vector<std::string> taken_from(runner::Outbox &outbox, bool is_acking) {
  std::vector<std::string> out;
  while (auto batch = outbox.take()) {
    out.push_back(std::move(*batch));
    if (is_acking) outbox.acked(outbox.taken_seq());
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  fuzz::Input input(data, size);
  const bool is_acking = input.byte() % 2;
  const std::string file = file_of(input);
  const Expected expected = expect(file);
  const fuzz::Scratch scratch;
  scratch.write("outbox", file);

  auto outbox = runner::Outbox::open(scratch / "outbox");
  must_hold(outbox.ok() == expected.is_outbox, "only a file that is no outbox is refused");
  if (!outbox) {
    must_hold(scratch.read("outbox") == file, "what is refused is left as it was");
    return 0;
  }
  std::vector<std::string> left;
  for (const Told &told : expected.left) left.push_back(wire::write_batch(told.seq, told.payload));
  const std::uint64_t last = (*outbox)->last_seq();
  must_hold(last >= expected.acked && (left.empty() || last == expected.left.back().seq),
            "the newest number is known");
  must_hold(taken_from(**outbox, is_acking) == left, "every whole record is told, in order");

  wire::Fact fact;
  fact.placement = "next";
  must_hold((*outbox)->put({fact}), "a fact is taken");
  must_hold((*outbox)->last_seq() > last, "no number comes again");
  const auto newest = (*outbox)->take();
  must_hold(newest == wire::write_batch((*outbox)->last_seq(), wire::write_fact(fact)),
            "what was put is told");
  outbox->reset();
  if (is_acking) left.clear();
  left.push_back(*newest);
  must_hold(taken_from(*opened(scratch), true) == left, "all is there after another start");
  must_hold(opened(scratch)->is_all_acked(), "nothing is left once all is acked");
  must_hold(opened(scratch)->last_seq() > last, "nor after another start does a number come again");
  return 0;
}
