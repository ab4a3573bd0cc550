// SPDX-License-Identifier: Apache-2.0
// Law: any bytes are refused with a short reason, or are a message that reads, written again, as
// the same message, and stays one however often.
//
// Input: a frame's text. It is read as both sides would.
#include "sdk/wire/message.hpp"

#include "tests/fuzz/law.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

template <class Message>
void holds(std::string_view text, Result<Message> (*read)(std::string_view)) {
  const Result<Message> message = read(text);
  if (!message) {
    must_hold(message.fault().text().size() < 2000, "a reason is short");
    return;
  }
  const std::string written = wire::write(*message);
  const Result<Message> again = read(written);
  must_hold(again.ok(), "what was read can be written and read", written);
  must_hold(*again == *message, "it is the same message", written);
  must_hold(wire::write(*again) == written, "writing is stable", written);
}

/// The outbox writes a batch in two steps.
void holds_in_two_steps(const wire::FactBatch &batch) {
  std::string facts;
  for (const wire::Fact &fact : batch.facts)
    facts += (facts.empty() ? "" : ",") + wire::write_fact(fact);
  const auto read = wire::read_to_host(wire::write_batch(batch.seq, facts));
  must_hold(read && *read == wire::ToHost(batch), "a batch in two steps is the batch");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char *>(data), size);
  holds(text, wire::read_to_worker);
  holds(text, wire::read_to_host);
  if (const auto message = wire::read_to_host(text))
    if (const auto *batch = std::get_if<wire::FactBatch>(&*message)) holds_in_two_steps(*batch);
  return 0;
}
