// SPDX-License-Identifier: Apache-2.0
#include <concepts>
#include <limits>

#include "sdk/base/json.hpp"
#include "sdk/wire/faults.hpp"
#include "sdk/wire/message.hpp"
#include "sdk/wire/words.hpp"

namespace civicast::wire {
namespace {

// {"facts":[{"proof":…}]} and {"status":…}
static_assert(max_proof_depth == max_json_depth - 3 && max_status_depth == max_json_depth - 1);

/// Thrown and caught in this file only: a message is left at the first thing that is wrong in it.
struct Wrong {
  std::string reason;
};

const Json &need(const Json &in, const char *name) {
  const auto found = in.find(name);
  if (found == in.end()) throw Wrong{std::string("\"") + name + "\" is missing"};
  return *found;
}

template <std::integral T>
T integer(const Json &value, const char *name) {
  // A number beyond the type would be cut to a wrong one by nlohmann.
  const bool fits =
      value.is_number_unsigned()
          ? std::cmp_less_equal(value.get<std::uint64_t>(), std::numeric_limits<T>::max())
          : value.is_number_integer() &&
                std::cmp_greater_equal(value.get<std::int64_t>(), std::numeric_limits<T>::min());
  if (!fits) throw Wrong{std::string("\"") + name + "\" is not an integer of its range"};
  return value.get<T>();
}

template <std::integral T>
T integer_of(const Json &in, const char *name) {
  return integer<T>(need(in, name), name);
}

template <std::integral T>
T integer_or(const Json &in, const char *name, T otherwise) {
  const auto found = in.find(name);
  return found == in.end() ? otherwise : integer<T>(*found, name);
}

std::string text_of(const Json &in, const char *name) {
  const Json &value = need(in, name);
  if (!value.is_string()) throw Wrong{std::string("\"") + name + "\" is not a string"};
  return value.get<std::string>();
}

std::string text_or_none(const Json &in, const char *name) {
  return in.contains(name) ? text_of(in, name) : std::string();
}

std::string object_of(const Json &in, const char *name) {
  const Json &value = need(in, name);
  if (!value.is_object()) throw Wrong{std::string("\"") + name + "\" is not an object"};
  return to_text(value);
}

const Json &array_of(const Json &in, const char *name) {
  const Json &value = need(in, name);
  if (!value.is_array()) throw Wrong{std::string("\"") + name + "\" is not an array"};
  return value;
}

const Json &as_object(const Json &value, const char *name) {
  if (!value.is_object()) throw Wrong{std::string("\"") + name + "\" holds no object"};
  return value;
}

template <class Enum>
Enum word_of(const Json &in, const char *name, std::optional<Enum> (*find)(std::string_view)) {
  const std::optional<Enum> found = find(text_of(in, name));
  if (!found) throw Wrong{std::string("\"") + name + "\" is a word that the protocol lacks"};
  return *found;
}

std::vector<Note> notes_of(const Json &in) {
  std::vector<Note> out;
  if (!in.contains("notes")) return out;
  for (const Json &item : array_of(in, "notes")) {
    const Json &note = as_object(item, "notes");
    out.push_back({integer_or(note, "level", 3),
                   integer_or<std::int64_t>(note, "retry_after_ms", 0), text_or_none(note, "code"),
                   text_or_none(note, "at"), text_or_none(note, "message"),
                   text_or_none(note, "detail")});
  }
  return out;
}

Placement placement_of(const Json &in, CallKind kind) {
  const Json &value = as_object(need(in, "placement"), "placement");
  Placement out;
  out.id = text_of(value, "id");
  if (out.id.empty()) throw Wrong{"a placement without an id"};
  if (kind != CallKind::check && kind != CallKind::publish) return out;
  out.attempt = integer_of<std::uint32_t>(value, "attempt");
  out.start_ns = integer_of<std::int64_t>(value, "start");
  out.end_ns = integer_of<std::int64_t>(value, "end");
  out.body = object_of(value, "body");
  for (const Json &item : array_of(value, "media")) {
    const Json &media = as_object(item, "media");
    out.media.push_back({text_of(media, "path"), text_of(media, "sha256"), text_of(media, "mime"),
                         integer_of<std::int64_t>(media, "duration")});
  }
  return out;
}

Fact fact_of(const Json &in) {
  Fact out;
  out.fact = word_of(in, "fact", fact_kind);
  out.evidence = word_of(in, "evidence", evidence);
  out.status = word_of(in, "status", status);
  out.play = integer_of<std::uint32_t>(in, "play");
  out.placement = text_of(in, "placement");
  out.place = text_or_none(in, "place");
  out.start_ns = integer_of<std::int64_t>(in, "start");
  out.end_ns = integer_of<std::int64_t>(in, "end");
  out.remote = text_or_none(in, "remote");
  if (in.contains("proof")) out.proof = object_of(in, "proof");
  if (out.placement.empty()) throw Wrong{"a fact without a placement"};
  if (out.proof.size() > max_proof_bytes) throw Wrong{"a proof over 8 KiB"};
  return out;
}

Welcome welcome_of(const Json &in) {
  const Json &open = as_object(need(in, "open"), "open");
  return {integer_of<std::uint64_t>(in, "epoch"),
          integer_of<std::uint64_t>(in, "acked"),
          integer_or<std::int64_t>(in, "clock_offset_ns", 0),
          object_of(open, "settings"),
          text_of(open, "state_dir"),
          text_of(open, "locale")};
}

Call call_of(const Json &in) {
  Call out;
  out.id = integer_of<std::uint64_t>(in, "id");
  // A newer host may know more calls than we do: told so, it does without.
  out.kind = call_kind(text_of(in, "call")).value_or(CallKind::other);
  out.within_ms = integer_or<std::int64_t>(in, "within_ms", 0);
  if (out.kind == CallKind::open) throw Wrong{"\"open\" is the welcome's, not a call"};
  if (has_placement(out.kind)) out.placement = placement_of(in, out.kind);
  return out;
}

Hello hello_of(const Json &in) {
  return {text_of(in, "hello"),
          text_of(in, "version"),
          text_of(in, "abi"),
          integer_of<int>(in, "wire"),
          integer_of<std::uint64_t>(in, "epoch"),
          integer_of<std::uint64_t>(in, "outbox")};
}

Answer answer_of(const Json &in) {
  Answer out;
  out.re = integer_of<std::uint64_t>(in, "re");
  const int verdict = integer_of<int>(in, "verdict");
  if (verdict < 0 || verdict > static_cast<int>(Verdict::broken))
    throw Wrong{"a verdict that the protocol lacks"};
  out.verdict = static_cast<Verdict>(verdict);
  out.notes = notes_of(in);
  if (in.contains("status")) out.status = object_of(in, "status");
  return out;
}

FactBatch batch_of(const Json &in) {
  FactBatch out;
  out.seq = integer_of<std::uint64_t>(in, "seq");
  for (const Json &item : array_of(in, "facts"))
    out.facts.push_back(fact_of(as_object(item, "facts")));
  return out;
}

template <class Message, class Pick>
Result<Message> read(std::string_view text, Pick pick) {
  const Result<Json> parsed = parse_json(text);
  if (!parsed) return parsed.fault();
  if (!parsed->is_object()) return Fault(faults::message_unknown);
  try {
    return pick(*parsed);
  } catch (const Wrong &wrong) {
    return Fault(faults::message_malformed, {{"reason", wrong.reason}});
  }
}

}  // namespace

Result<ToWorker> read_to_worker(std::string_view text) {
  return read<ToWorker>(text, [](const Json &in) -> Result<ToWorker> {
    if (in.contains("call")) return ToWorker(call_of(in));
    if (in.contains("welcome")) return ToWorker(welcome_of(in));
    if (in.contains("acked")) return ToWorker(Acked{integer_of<std::uint64_t>(in, "acked")});
    if (in.contains("bye")) return ToWorker(Bye{notes_of(in)});
    return Fault(faults::message_unknown);
  });
}

Result<ToHost> read_to_host(std::string_view text) {
  return read<ToHost>(text, [](const Json &in) -> Result<ToHost> {
    if (in.contains("facts")) return ToHost(batch_of(in));
    if (in.contains("re")) return ToHost(answer_of(in));
    if (in.contains("alive"))
      return ToHost(
          Alive{integer_of<std::uint64_t>(in, "call"), integer_of<std::int64_t>(in, "busy_ms")});
    if (in.contains("hello")) return ToHost(hello_of(in));
    if (in.contains("bye")) return ToHost(Bye{notes_of(in)});
    return Fault(faults::message_unknown);
  });
}

}  // namespace civicast::wire
