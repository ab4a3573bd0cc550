// SPDX-License-Identifier: Apache-2.0
//
// The contract of channel.h for C++17, header only. A plugin derives from civicast::Channel, takes
// (Host, Doc) in its constructor, and ends its source with CIVICAST_CHANNEL(Type, id, version).
// Everything a plugin throws from a call stops at the border and becomes a verdict and a note; what
// a thread of its own throws ends the process. Who owns what, which thread, and what a verdict does
// stands in channel.h. Grows as that does: a source that compiles with 1.0 compiles with all of 1.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "civicast/channel.h"

namespace civicast {

inline std::string_view view(civ_text text) {
  return text.data ? std::string_view(text.data, text.size) : std::string_view();
}
inline civ_text text(std::string_view view) {
  return {view.data(), view.size()};
}

/// A sentence as the operator reads it: Chinese, then English.
inline std::string both(std::string_view zh, std::string_view en) {
  return std::string(zh) + " · " + std::string(en);
}

/// Throw it to refuse: the verdict, a stable code, a sentence for the operator (Chinese and
/// English: use both(), or the functions below), and where: a JSON pointer.
struct Trouble : std::runtime_error {
  Trouble(civ_verdict why, std::string stable_code, const std::string &message,
          std::string pointer = {}, std::int64_t retry_ms = 0, std::string engineer_detail = {})
      : std::runtime_error(message),
        verdict(why),
        code(std::move(stable_code)),
        at(std::move(pointer)),
        detail(std::move(engineer_detail)),
        retry_after_ms(retry_ms) {}
  civ_verdict verdict;
  std::string code, at, detail;
  std::int64_t retry_after_ms;
};

/// This placement can never go out here.
inline Trouble refused(std::string code, std::string_view zh, std::string_view en,
                       std::string at = {}, std::string detail = {}) {
  return {CIV_REFUSED, std::move(code), both(zh, en), std::move(at), 0, std::move(detail)};
}
/// The channel's settings are wrong.
inline Trouble unready(std::string code, std::string_view zh, std::string_view en,
                       std::string at = {}, std::string detail = {}) {
  return {CIV_UNREADY, std::move(code), both(zh, en), std::move(at), 0, std::move(detail)};
}
/// Not now, and nothing went out. retry_after_ms 0: the host chooses.
inline Trouble later(std::string code, std::string_view zh, std::string_view en,
                     std::int64_t retry_after_ms = 0, std::string detail = {}) {
  return {CIV_LATER, std::move(code), both(zh, en), {}, retry_after_ms, std::move(detail)};
}
/// It may have gone out: the host asks with recall, and does not send again blindly.
inline Trouble unknown(std::string code, std::string_view zh, std::string_view en,
                       std::string detail = {}) {
  return {CIV_UNKNOWN, std::move(code), both(zh, en), {}, 0, std::move(detail)};
}

/// A borrowed JSON document. What is absent, or of another type, reads as empty, 0 or false.
class Doc {
 public:
  explicit Doc(const civ_doc *doc) : doc_(doc) {}
  bool has(const std::string &at) const { return doc_->json(doc_, at.c_str()).data != nullptr; }
  std::string text(const std::string &at) const {
    return std::string(view(doc_->text(doc_, at.c_str())));
  }
  double number(const std::string &at) const { return doc_->number(doc_, at.c_str()); }
  std::int64_t integer(const std::string &at) const { return doc_->integer(doc_, at.c_str()); }
  bool flag(const std::string &at) const { return doc_->flag(doc_, at.c_str()) != 0; }
  std::size_t count(const std::string &at) const { return doc_->count(doc_, at.c_str()); }
  std::string json(const std::string &at = {}) const {
    return std::string(view(doc_->json(doc_, at.c_str())));
  }
  /// The text in the language of `locale`, of an object {"zh","en"}; if it is empty, the other.
  std::string words(const std::string &at, std::string_view locale) const {
    const bool is_zh = locale.substr(0, 2) == "zh";
    const std::string first = text(at + (is_zh ? "/zh" : "/en"));
    return first.empty() ? text(at + (is_zh ? "/en" : "/zh")) : first;
  }
  /// The strings of an array.
  std::vector<std::string> texts(const std::string &at) const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count(at); ++i) out.push_back(text(at + "/" + std::to_string(i)));
    return out;
  }

 private:
  const civ_doc *doc_;
};

struct Media {
  std::string path, sha256, mime;
  std::int64_t duration_ns = 0;
};

/// From when to when; UTC.
struct Span {
  std::int64_t start_ns = 0, end_ns = 0;
};

/// A placement, copied out of the border except for its body, which is borrowed for the call.
struct Placement {
  explicit Placement(const civ_placement &raw)
      : id(view(raw.id)),
        attempt(raw.attempt),
        start_ns(raw.start_ns),
        end_ns(raw.end_ns),
        body(raw.body) {
    for (std::size_t i = 0; i < raw.media_count; ++i) {
      const civ_media &m = *raw.media[i];
      media.push_back({std::string(view(m.path)), std::string(view(m.sha256)),
                       std::string(view(m.mime)), m.duration_ns});
    }
  }
  std::string id;
  std::uint32_t attempt;
  std::int64_t start_ns, end_ns;
  Doc body;
  std::vector<Media> media;

  Span planned() const { return {start_ns, end_ns}; }
  std::string kind() const { return body.text("/kind"); }
  std::string title(std::string_view locale) const { return body.words("/title", locale); }
  std::string text(std::string_view locale) const { return body.words("/text", locale); }
  std::vector<std::string> places() const { return body.texts("/places"); }
};

/// One thing that happened. See civ_fact for the meaning of each field. Begin with one of the
/// functions; set place, play, remote and proof then.
struct Fact {
  civ_fact_kind fact = CIV_AIRED;
  civ_evidence evidence = CIV_INFERRED;
  civ_status status = CIV_STATUS_NONE;
  std::uint32_t play = 1;
  std::string placement, place;
  std::int64_t start_ns = 0, end_ns = 0;
  std::string remote, proof;

  static Fact of(civ_fact_kind kind, std::string_view placement, Span when, civ_evidence evidence,
                 civ_status status) {
    Fact out;
    out.fact = kind;
    out.evidence = evidence;
    out.status = status;
    out.placement = std::string(placement);
    out.start_ns = when.start_ns;
    out.end_ns = when.end_ns;
    return out;
  }
  /// It is in hand, on this plugin's own word.
  static Fact accepted(std::string_view placement, Span planned) {
    return of(CIV_ACCEPTED, placement, planned, CIV_MEASURED, CIV_STATUS_NONE);
  }
  static Fact started(std::string_view placement, std::int64_t at_ns, civ_evidence evidence) {
    return of(CIV_STARTED, placement, {at_ns, at_ns}, evidence, CIV_STATUS_NONE);
  }
  /// One complete airing, from when to when it really was.
  static Fact aired(std::string_view placement, Span really, civ_evidence evidence) {
    return of(CIV_AIRED, placement, really, evidence, CIV_AIRED_WITHOUT_DISCREPANCY);
  }
  /// Not aired, or not completely.
  static Fact missed(std::string_view placement, Span really, civ_evidence evidence,
                     civ_status status = CIV_DID_NOT_AIR) {
    return of(CIV_MISSED, placement, really, evidence, status);
  }
  /// Taken back before it aired, on this plugin's own word.
  static Fact withdrawn(std::string_view placement, std::int64_t at_ns) {
    return of(CIV_WITHDRAWN, placement, {at_ns, at_ns}, CIV_MEASURED, CIV_DID_NOT_AIR);
  }
};

/// The host, as a plugin sees it; cheap to copy, valid as long as the channel is open.
class Host {
 public:
  explicit Host(const civ_host *host) : host_(host) {}
  /// [any]
  std::int64_t now_ns() const { return host_->now_ns(host_); }
  /// [any]
  void log(civ_level level, std::string_view line) const {
    host_->log(host_, level, civicast::text(line));
  }
  std::string state_dir() const { return std::string(view(host_->state_dir)); }
  std::string locale() const { return std::string(view(host_->locale)); }
  /// [any] On disk when it returns true; on false keep the facts and emit them again later. Throws
  /// Trouble(CIV_BROKEN) for a fact that is malformed, and then none is taken.
  [[nodiscard]] bool emit(const std::vector<Fact> &facts) const {
    std::vector<civ_fact> raw(facts.size());
    std::vector<const civ_fact *> pointers(facts.size());
    for (std::size_t i = 0; i < facts.size(); ++i) {
      const Fact &f = facts[i];
      civ_fact &out = raw[i];  // zeroed, so that what a later header appends is none
      out.size = sizeof out;
      out.fact = f.fact;
      out.evidence = f.evidence;
      out.status = f.status;
      out.play = f.play;
      out.placement = civicast::text(f.placement);
      out.place = civicast::text(f.place);
      out.start_ns = f.start_ns;
      out.end_ns = f.end_ns;
      out.remote = civicast::text(f.remote);
      out.proof = civicast::text(f.proof);
      pointers[i] = &out;
    }
    const std::int32_t verdict = host_->emit(host_, pointers.data(), pointers.size());
    if (verdict == CIV_BROKEN)
      throw Trouble(CIV_BROKEN, "fact.malformed",
                    both("插件上报的记录不合规范。", "The plugin emits a malformed fact."));
    return verdict == CIV_DONE;
  }
  [[nodiscard]] bool emit(const Fact &fact) const { return emit(std::vector<Fact>{fact}); }
  const void *extension(const char *id) const { return host_->extension(host_, id); }

 private:
  const civ_host *host_;
};

enum class Recall { emitted, never_heard_of_it, cannot_tell };

/// A plugin's channel. All of it is called on the [plugin] thread.
class Channel {
 public:
  virtual ~Channel() = default;
  /// Throws Trouble if `placement` could not be published. No side effects.
  virtual void check(const Placement &placement) = 0;
  /// Takes `placement` in hand; throws Trouble if not. If it went out and emit() was false:
  /// CIV_UNKNOWN, and recall() emits it again.
  virtual void publish(const Placement &placement) = 0;
  /// Takes it back: emits CIV_WITHDRAWN, or throws Trouble(CIV_REFUSED) when it is too late.
  virtual void withdraw(std::string_view) {
    throw refused("withdraw.unsupported", "该频道不能撤回。", "This channel cannot take back.");
  }
  /// Emits again what became of it.
  virtual Recall recall(std::string_view) { return Recall::cannot_tell; }
  /// A JSON object for the console; called about once a second. See CIV_EXT_STATUS.
  virtual std::string status() { return "{}"; }
  /// A successor takes over once this is closed: leaves in state_dir all that it needs to go on
  /// without a gap. False: this channel has no such ability.
  virtual bool hand_over() { return false; }
};

namespace border {

inline void note(const civ_notes *notes, civ_level level, std::string_view code,
                 std::string_view at, std::string_view message, std::string_view detail,
                 std::int64_t retry_after_ms) {
  if (!notes) return;
  civ_note raw{};
  raw.size = sizeof raw;
  raw.level = level;
  raw.retry_after_ms = retry_after_ms;
  raw.code = text(code);
  raw.at = text(at);
  raw.message = text(message);
  raw.detail = text(detail);
  notes->add(notes, &raw);
}

inline constexpr const char *failed = "插件出错。 · The plugin failed.";

/// Runs `body`; what it throws becomes a note and a verdict.
template <class Body>
std::int32_t guard(const civ_notes *notes, Body &&body) noexcept {
  try {
    return body();
  } catch (const Trouble &t) {
    note(notes, CIV_ERROR, t.code, t.at, t.what(), t.detail, t.retry_after_ms);
    return t.verdict == CIV_DONE ? CIV_BROKEN : t.verdict;
  } catch (const std::exception &e) {
    note(notes, CIV_ERROR, "plugin.exception", "", failed, e.what(), 0);
  } catch (...) {
    note(notes, CIV_ERROR, "plugin.exception", "", failed, "unknown exception", 0);
  }
  return CIV_BROKEN;
}

inline Channel &channel(civ_channel *raw) {
  return *reinterpret_cast<Channel *>(raw);
}

template <class Type>
std::int32_t open(const civ_host *host, const civ_doc *settings, const civ_notes *notes,
                  civ_channel **out) {
  return guard(notes, [&] {
    std::unique_ptr<Channel> made = std::make_unique<Type>(Host(host), Doc(settings));
    *out = reinterpret_cast<civ_channel *>(made.release());
    return CIV_DONE;
  });
}

inline void close(civ_channel *raw) {
  guard(nullptr, [&] { return delete &channel(raw), CIV_DONE; });
}

inline std::int32_t check(civ_channel *raw, const civ_placement *placement,
                          const civ_notes *notes) {
  return guard(notes, [&] { return channel(raw).check(Placement(*placement)), CIV_DONE; });
}

inline std::int32_t publish(civ_channel *raw, const civ_placement *placement,
                            const civ_notes *notes) {
  return guard(notes, [&] { return channel(raw).publish(Placement(*placement)), CIV_DONE; });
}

inline std::int32_t withdraw(civ_channel *raw, civ_text placement, const civ_notes *notes) {
  return guard(notes, [&] { return channel(raw).withdraw(view(placement)), CIV_DONE; });
}

inline std::int32_t recall(civ_channel *raw, civ_text placement, const civ_notes *notes) {
  return guard(notes, [&] {
    switch (channel(raw).recall(view(placement))) {
      case Recall::emitted:
        return CIV_DONE;
      case Recall::never_heard_of_it:
        return CIV_REFUSED;
      case Recall::cannot_tell:
        break;
    }
    return CIV_UNKNOWN;
  });
}

inline std::int32_t status(civ_channel *raw, const civ_writer *writer) {
  return guard(nullptr, [&] {
    const std::string json = channel(raw).status();
    writer->write(writer, text(json));
    return CIV_DONE;
  });
}

inline std::int32_t hand_over(civ_channel *raw, const civ_notes *notes) {
  return guard(notes, [&] { return channel(raw).hand_over() ? CIV_DONE : CIV_REFUSED; });
}

inline const void *extension(const char *id) {
  static const civ_status_ext status_ext = [] {
    civ_status_ext out{};
    out.size = sizeof out;
    out.status = status;
    return out;
  }();
  static const civ_handover_ext handover_ext = [] {
    civ_handover_ext out{};
    out.size = sizeof out;
    out.hand_over = hand_over;
    return out;
  }();
  if (std::string_view(id) == CIV_EXT_STATUS) return &status_ext;
  return std::string_view(id) == CIV_EXT_HANDOVER ? &handover_ext : nullptr;
}

template <class Type>
const civ_channel_api *api(const char *id, const char *version) {
  static_assert(std::is_base_of_v<Channel, Type>, "derive it from civicast::Channel");
  static const civ_channel_api table = [=] {
    civ_channel_api out{};
    out.size = sizeof out;
    out.abi_minor = CIV_ABI_MINOR;
    out.id = id;
    out.version = version;
    out.open = open<Type>;
    out.close = close;
    out.check = check;
    out.publish = publish;
    out.withdraw = withdraw;
    out.recall = recall;
    out.extension = extension;
    return out;
  }();
  return &table;
}

}  // namespace border
}  // namespace civicast

/// Exports `Type` as the channel plugin `id`, `version` (string literals, as in plugin.json).
#define CIVICAST_CHANNEL(Type, id, version)                                 \
  extern "C" CIV_EXPORT const civ_channel_api *civ_channel_entry_v1(void) { \
    return ::civicast::border::api<Type>(id, version);                      \
  }                                                                         \
  static_assert(true, "a semicolon follows")
