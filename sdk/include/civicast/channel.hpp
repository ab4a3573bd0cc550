// SPDX-License-Identifier: Apache-2.0
//
// The contract of channel.h for C++17, header only. A plugin derives from civicast::Channel, takes
// (Host, Doc) in its constructor, and ends its source with CIVICAST_CHANNEL(Type, id, version).
// Everything a plugin throws stops at the border and becomes a verdict and a note.
#pragma once

#include <cstdint>
#include <exception>
#include <initializer_list>
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

/// Throw it to refuse: the verdict, a stable code, a sentence for the operator, and where.
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

/// A borrowed JSON document. What is absent, or of another type, reads as empty, 0 or false.
class Doc {
 public:
  explicit Doc(const civ_doc *doc) : doc_(doc) {}
  std::string text(const char *at) const { return std::string(view(doc_->text(doc_, at))); }
  std::string text(const std::string &at) const { return text(at.c_str()); }
  double number(const char *at) const { return doc_->number(doc_, at); }
  bool flag(const char *at) const { return doc_->flag(doc_, at) != 0; }
  std::size_t count(const char *at) const { return doc_->count(doc_, at); }
  std::string json(const char *at = "") const { return std::string(view(doc_->json(doc_, at))); }

 private:
  const civ_doc *doc_;
};

struct Media {
  std::string path, sha256, mime;
  std::int64_t duration_ns = 0;
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
};

/// One thing that happened. See civ_fact for the meaning of each field.
struct Fact {
  civ_fact_kind fact = CIV_AIRED;
  civ_evidence evidence = CIV_MEASURED;
  civ_status status = CIV_STATUS_NONE;
  std::uint32_t play = 1;
  std::string placement, place;
  std::int64_t start_ns = 0, end_ns = 0;
  std::string remote, proof;
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
  /// [any] On disk when it returns true; on false keep the facts and emit them again later.
  bool emit(const std::vector<Fact> &facts) const {
    std::vector<civ_fact> raw;
    std::vector<const civ_fact *> pointers;
    raw.reserve(facts.size());
    for (const Fact &f : facts) {
      raw.push_back({sizeof(civ_fact), f.fact, f.evidence, f.status, f.play,
                     civicast::text(f.placement), civicast::text(f.place), f.start_ns, f.end_ns,
                     civicast::text(f.remote), civicast::text(f.proof)});
      pointers.push_back(&raw.back());
    }
    return host_->emit(host_, pointers.data(), pointers.size()) == CIV_DONE;
  }
  bool emit(const Fact &fact) const { return emit(std::vector<Fact>{fact}); }
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
  /// Takes `placement` in hand; throws Trouble if not.
  virtual void publish(const Placement &placement) = 0;
  /// Takes it back: emits CIV_WITHDRAWN, or throws Trouble(CIV_REFUSED) when it is too late.
  virtual void withdraw(std::string_view) {
    throw Trouble(CIV_REFUSED, "withdraw.unsupported", "This channel cannot take back.");
  }
  /// Emits again what became of it.
  virtual Recall recall(std::string_view) { return Recall::cannot_tell; }
  /// A JSON object for the console.
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
  const civ_note raw{sizeof(civ_note), level,         retry_after_ms, text(code),
                     text(at),         text(message), text(detail)};
  notes->add(notes, &raw);
}

/// Runs `body`; what it throws becomes a note and a verdict.
template <class Body>
std::int32_t guard(const civ_notes *notes, Body &&body) noexcept {
  try {
    return body();
  } catch (const Trouble &t) {
    note(notes, CIV_ERROR, t.code, t.at, t.what(), t.detail, t.retry_after_ms);
    return t.verdict;
  } catch (const std::exception &e) {
    note(notes, CIV_ERROR, "plugin.exception", "", "The plugin failed.", e.what(), 0);
  } catch (...) {
    note(notes, CIV_ERROR, "plugin.exception", "", "The plugin failed.", "unknown exception", 0);
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
  static const civ_status_ext status_ext{sizeof(civ_status_ext), status};
  static const civ_handover_ext handover_ext{sizeof(civ_handover_ext), hand_over};
  if (std::string_view(id) == CIV_EXT_STATUS) return &status_ext;
  return std::string_view(id) == CIV_EXT_HANDOVER ? &handover_ext : nullptr;
}

}  // namespace border
}  // namespace civicast

/// Exports `Type` as the channel plugin `id`, `version` (string literals, as in plugin.json).
#define CIVICAST_CHANNEL(Type, id, version)                                 \
  extern "C" CIV_EXPORT const civ_channel_api *civ_channel_entry_v1(void) { \
    static const civ_channel_api api{sizeof(civ_channel_api),               \
                                     CIV_ABI_MINOR,                         \
                                     id,                                    \
                                     version,                               \
                                     ::civicast::border::open<Type>,        \
                                     ::civicast::border::close,             \
                                     ::civicast::border::check,             \
                                     ::civicast::border::publish,           \
                                     ::civicast::border::withdraw,          \
                                     ::civicast::border::recall,            \
                                     ::civicast::border::extension};        \
    return &api;                                                            \
  }                                                                         \
  static_assert(std::is_base_of_v<::civicast::Channel, Type>, "derive it from civicast::Channel")
