// SPDX-License-Identifier: Apache-2.0
// Law: whatever a host says, a worker answers what it was asked, once each and in order, the facts
// of a call before its answer, and nothing else; a word that is no message ends it; and after a
// bye, or once the host is gone, it ends by itself.
//
// Input: what the host says, a message a line. A line that begins with "!" is bytes as they are;
// else it becomes a frame. Pointers at which the plugin looks stand in the body, in "pointers".
#include <algorithm>
#include <atomic>
#include <vector>

#include "sdk/runner/host_side.hpp"
#include "tests/fuzz/worker.hpp"

using namespace civicast;
using fuzz::must_hold;
using runner::view;

namespace {

// ---- a plugin that does as a placement's body says

const civ_host *host_ = nullptr;
std::atomic<std::uint64_t> emitted_ = 0;

std::size_t read_all(civ_text text) {
  return static_cast<std::size_t>(std::count(view(text).begin(), view(text).end(), 'x'));
}

/// Looks at every pointer that the document itself names.
void look_at(const civ_doc *doc) {
  const std::size_t count = std::min<std::size_t>(doc->count(doc, "/pointers"), 64);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "/pointers/" + std::to_string(i);
    const std::string at(view(doc->text(doc, name.c_str())));
    read_all(doc->text(doc, at.c_str()));
    read_all(doc->json(doc, at.c_str()));
    doc->number(doc, at.c_str());
    doc->flag(doc, at.c_str());
    doc->integer(doc, at.c_str());
    read_all(doc->name(doc, at.c_str(), doc->count(doc, at.c_str()) / 2));
  }
}

void emit(civ_text placement, civ_text place, civ_text remote, civ_text proof) {
  civ_fact fact{};
  fact.size = sizeof fact;
  fact.fact = CIV_AIRED;
  fact.evidence = CIV_MEASURED;
  fact.status = CIV_AIRED_WITHOUT_DISCREPANCY;
  fact.play = 1;
  fact.placement = placement;
  fact.place = place;
  fact.remote = remote;
  fact.proof = proof;
  const civ_fact *facts[] = {&fact, &fact};
  if (host_->emit(host_, facts, 2) == CIV_DONE) emitted_ += 2;
}

std::int32_t open(const civ_host *host, const civ_doc *settings, const civ_notes *,
                  civ_channel **channel) {
  host_ = host;
  look_at(settings);
  *channel = reinterpret_cast<civ_channel *>(&emitted_);
  return settings->flag(settings, "/refuse") ? CIV_UNREADY : CIV_DONE;
}

std::int32_t check(civ_channel *, const civ_placement *placement, const civ_notes *notes) {
  const civ_doc *body = placement->body;
  look_at(body);
  for (std::size_t i = 0; i < placement->media_count; ++i) {
    read_all(placement->media[i]->path);
    read_all(placement->media[i]->sha256);
    read_all(placement->media[i]->mime);
  }
  const civ_note note{sizeof note,
                      CIV_ERROR,
                      placement->start_ns,
                      body->text(body, "/note/code"),
                      body->text(body, "/note/at"),
                      body->json(body, "/note"),
                      placement->id};
  notes->add(notes, &note);
  return static_cast<std::int32_t>(body->count(body, "/verdict"));
}

std::int32_t publish(civ_channel *channel, const civ_placement *placement, const civ_notes *notes) {
  const civ_doc *body = placement->body;
  for (std::size_t i = 0; i < std::min<std::size_t>(body->count(body, "/facts"), 20); ++i)
    emit(placement->id, body->text(body, "/place"), body->text(body, "/remote"),
         body->json(body, "/proof"));
  return check(channel, placement, notes);
}

std::int32_t by_id(civ_channel *, civ_text placement, const civ_notes *) {
  emit(placement, {}, placement, placement);
  return CIV_DONE;
}

std::int32_t status(civ_channel *, const civ_writer *writer) {
  constexpr std::string_view text = R"({"on_air":true})";
  writer->write(writer, {text.data(), text.size()});
  return CIV_DONE;
}

const void *extension(const char *id) {
  static const civ_status_ext ext{sizeof ext, status};
  return std::string_view(id) == CIV_EXT_STATUS ? &ext : nullptr;
}

const civ_channel_api api{sizeof api, CIV_ABI_MINOR, "org.example.fuzz",
                          "1.0.0",    open,          [](civ_channel *) {},
                          check,      publish,       by_id,
                          by_id,      extension};

// ---- what the host says, and what it is owed for it

std::string stream_of(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const bool is_raw = !line.empty() && line[0] == '!';
    out += is_raw ? std::string(line.substr(1)) : wire::frame(line);
  }
  return out;
}

struct Owed {
  std::vector<std::uint64_t> answers;  ///< in order
  int welcomes = 0;                    ///< before the first a worker says nothing but hello
  bool is_bye = false;
  bool is_wrong = false;  ///< there is a word that is no message
  bool is_cut = false;    ///< the last frame is not whole

  /// Whether the answers must come whatever happens.
  bool is_certain() const { return welcomes > 0 && !is_wrong && !is_cut; }
  /// Whether the worker has to end without the host's hanging up.
  bool ends_itself() const { return is_wrong || (is_bye && is_certain()); }
};

Owed owed_for(const std::string &stream) {
  Owed out;
  wire::FrameReader frames;
  frames.feed(stream);
  for (;;) {
    const auto text = frames.next();
    if (text && !*text) break;
    const auto message = text ? wire::read_to_worker(**text) : Result<wire::ToWorker>(text.fault());
    if (!message) {
      out.is_wrong = true;
      return out;
    }
    if (out.is_bye) continue;
    if (const auto *call = std::get_if<wire::Call>(&*message)) out.answers.push_back(call->id);
    if (std::holds_alternative<wire::Bye>(*message)) out.is_bye = true;
    if (!std::holds_alternative<wire::Welcome>(*message)) continue;
    ++out.welcomes;
    out.answers.push_back(0);
  }
  out.is_cut = frames.kept_bytes() > 0;
  return out;
}

/// Listens until all that is owed has come, or to the end.
void listen(fuzz::Worker &worker, const Owed &owed) {
  std::size_t answered = 0;
  std::uint64_t facts = 0, last_seq = 0;
  bool is_greeted = false, is_hung_up = false;
  for (;;) {
    const bool has_all = answered == owed.answers.size();
    if (!is_hung_up && !owed.ends_itself() && (has_all || !owed.is_certain())) {
      worker.hang_up();
      is_hung_up = true;
    }
    const auto said = worker.next();
    if (!said) break;
    if (std::holds_alternative<wire::Hello>(*said)) {
      must_hold(!is_greeted && answered == 0 && facts == 0, "hello is said once, first");
      is_greeted = true;
    } else if (const auto *answer = std::get_if<wire::Answer>(&*said)) {
      must_hold(answered < owed.answers.size() && answer->re == owed.answers[answered],
                "what was asked is answered, in order");
      ++answered;
    } else if (const auto *batch = std::get_if<wire::FactBatch>(&*said)) {
      must_hold(batch->seq > last_seq, "the numbers of batches grow");
      last_seq = batch->seq;
      facts += batch->facts.size();
    } else {
      must_hold(false, "a worker says hello, answers and facts");
    }
  }
  must_hold(facts <= emitted_, "no fact is told that was not emitted");
  if (!owed.is_certain()) return;
  must_hold(answered == owed.answers.size(), "everything that was asked is answered");
  // A second welcome may say that the host has what it was never sent.
  if (owed.welcomes == 1) must_hold(facts == emitted_, "the facts come before the last answer");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  host_ = nullptr;
  emitted_ = 0;
  const std::string stream =
      stream_of(std::string_view(reinterpret_cast<const char *>(data), size));
  const Owed owed = owed_for(stream);
  fuzz::Worker worker(api);
  worker.send(stream);
  listen(worker, owed);
  return 0;
}
