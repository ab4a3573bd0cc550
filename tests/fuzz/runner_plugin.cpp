// SPDX-License-Identifier: Apache-2.0
// Law: whatever a plugin answers, notes, throws, writes and emits, what its worker says is within
// the protocol: readable, within a frame, one answer to each call, in order, and every fact that
// was taken stands before the answer of its call, as the plugin gave it; so a plugin's nonsense
// never costs more than its own verdict.
//
// Input: what the plugin does, one decision after the other.
#include <algorithm>
#include <stdexcept>
#include <vector>

#include "sdk/runner/host_side.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/worker.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

const civ_host *host_ = nullptr;
fuzz::Input *input_ = nullptr;
std::size_t taken_ = 0;  ///< facts for which emit said DONE

/// A text, none, or none with a size.
class Text {
 public:
  explicit Text(fuzz::Input &input)
      : bytes_(input.text()), is_none_(bytes_.size() % 5 == 4), size_(bytes_.size()) {}
  civ_text raw() const { return {is_none_ ? nullptr : bytes_.data(), size_}; }

 private:
  std::string bytes_;
  bool is_none_;
  std::size_t size_;
};

void note(const civ_notes *notes) {
  const Text code(*input_), at(*input_), message(*input_), detail(*input_);
  const auto size = input_->byte() < 250 ? std::uint32_t{sizeof(civ_note)} : 4U;
  const civ_note raw{size,
                     input_->number<std::int32_t>(),
                     input_->number<std::int64_t>(),
                     code.raw(),
                     at.raw(),
                     message.raw(),
                     detail.raw()};
  const int times = input_->byte();
  for (int i = 0; i <= times; ++i) notes->add(notes, &raw);
}

std::string proof_text() {
  const std::uint8_t kind = input_->byte();
  if (kind < 128) return input_->text();
  std::string out = R"({"frames":375})";
  for (int i = 128; i < kind; ++i) out = R"({"in":)" + out + "}";
  return out;
}

void emit() {
  const Text placement(*input_), place(*input_), remote(*input_);
  const std::string proof = proof_text();
  civ_fact fact{};
  fact.size = input_->byte() < 250 ? std::uint32_t{sizeof fact} : 8U;
  fact.fact = input_->byte() % 8;
  fact.evidence = input_->byte() % 5;
  fact.status = input_->byte() % 12;
  fact.play = input_->number<std::uint32_t>();
  fact.placement = placement.raw();
  fact.place = place.raw();
  fact.start_ns = input_->number<std::int64_t>();
  fact.end_ns = input_->number<std::int64_t>();
  fact.remote = remote.raw();
  fact.proof = {proof.data(), proof.size()};
  const std::vector<const civ_fact *> facts(1U + input_->byte() % 16U,
                                            input_->byte() < 250 ? &fact : nullptr);
  const std::int32_t verdict = host_->emit(host_, facts.data(), facts.size());
  must_hold(verdict == CIV_DONE || verdict == CIV_BROKEN, "an emit is taken or refused");
  if (verdict == CIV_DONE) taken_ += facts.size();
}

std::int32_t act(const civ_notes *notes) {
  for (int i = 0; i < 16; ++i) {
    const std::uint8_t what = input_->byte();
    if (what < 64) return what < 48 ? what % 6 : input_->number<std::int32_t>();
    if (what < 128) emit();
    if (what >= 128 && what < 192 && notes) note(notes);
    if (what >= 250) throw std::runtime_error(input_->text());
    if (what >= 248) throw int{what};
  }
  return CIV_DONE;
}

std::int32_t open(const civ_host *host, const civ_doc *, const civ_notes *notes,
                  civ_channel **channel) {
  host_ = host;
  *channel = reinterpret_cast<civ_channel *>(&taken_);
  const std::int32_t verdict = act(notes);
  return verdict % 2 ? CIV_DONE : verdict;
}

std::int32_t call(civ_channel *, const civ_placement *, const civ_notes *notes) {
  return act(notes);
}
std::int32_t call_by_id(civ_channel *, civ_text, const civ_notes *notes) {
  return act(notes);
}
std::int32_t hand_over(civ_channel *, const civ_notes *notes) {
  return act(notes);
}

std::int32_t status(civ_channel *, const civ_writer *writer) {
  const std::string text = proof_text();
  writer->write(writer, {text.data(), text.size()});
  return act(nullptr);
}

const void *extension(const char *id) {
  static const civ_status_ext status_ext{sizeof status_ext, status};
  static const civ_handover_ext handover_ext{sizeof handover_ext, hand_over};
  if (std::string_view(id) == CIV_EXT_STATUS) return &status_ext;
  return std::string_view(id) == CIV_EXT_HANDOVER ? &handover_ext : nullptr;
}

const civ_channel_api api{sizeof api, CIV_ABI_MINOR, "org.example.fuzz",
                          "1.0.0",    open,          [](civ_channel *) { act(nullptr); },
                          call,       call,          call_by_id,
                          call_by_id, extension};

/// Reads up to the answer to `re`, and counts the facts on the way.
void hear_answer(fuzz::Worker &worker, std::uint64_t re, std::size_t &facts) {
  for (;;) {
    const auto said = worker.next();
    must_hold(said.has_value(), "a worker lives until it is told to end");
    if (const auto *batch = std::get_if<wire::FactBatch>(&*said)) facts += batch->facts.size();
    const auto *answer = std::get_if<wire::Answer>(&*said);
    if (!answer) continue;
    must_hold(answer->re == re, "what was asked is answered, in order");
    must_hold(answer->notes.size() <= 65, "notes are few");
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  constexpr wire::CallKind kinds[] = {wire::CallKind::check,    wire::CallKind::publish,
                                      wire::CallKind::withdraw, wire::CallKind::recall,
                                      wire::CallKind::status,   wire::CallKind::handover};
  fuzz::Input input(data, size);
  input_ = &input;
  host_ = nullptr;
  taken_ = 0;
  std::size_t facts = 0;
  fuzz::Worker worker(api);
  worker.send(wire::Welcome{1, 0, 0, "{}", ".", "zh-CN"});
  hear_answer(worker, 0, facts);
  // The plugin reads the input while it has a call in hand, and we only while it has none.
  for (std::uint64_t id = 1; id <= 8 && !input.is_empty(); ++id) {
    wire::Call asked;
    asked.id = id;
    asked.kind = kinds[input.byte() % std::size(kinds)];
    asked.placement.id = "p";
    worker.send(asked);
    hear_answer(worker, id, facts);
    must_hold(facts == taken_, "the facts of a call come before its answer");
  }
  worker.send(wire::Bye{});
  while (const auto said = worker.next())
    if (const auto *batch = std::get_if<wire::FactBatch>(&*said)) facts += batch->facts.size();
  must_hold(facts == taken_, "what is emitted while closing comes before the end");
  return 0;
}
