// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/plugin_thread.hpp"

#include "sdk/base/json.hpp"
#include "sdk/runner/doc.hpp"
#include "sdk/runner/last_words.hpp"

namespace civicast::runner {
namespace {

constexpr std::size_t max_notes = 64;
constexpr std::size_t max_note_bytes = 4096;
constexpr std::size_t max_status_bytes = 256 * 1024;

std::string cut(civ_text text) {
  return std::string(view(text).substr(0, max_note_bytes));
}

/// A civ_notes that keeps what it is told.
class Notes {
 public:
  Notes() : raw_{this, add} {}
  Notes(const Notes &) = delete;
  Notes &operator=(const Notes &) = delete;
  const civ_notes *raw() const { return &raw_; }
  std::vector<wire::Note> take() { return std::move(notes_); }

 private:
  static void add(const civ_notes *notes, const civ_note *note) {
    auto &kept = static_cast<Notes *>(notes->self)->notes_;
    if (!note || note->size < sizeof(civ_note) || kept.size() >= max_notes) return;
    kept.push_back({note->level, note->retry_after_ms, cut(note->code), cut(note->at),
                    cut(note->message), cut(note->detail)});
  }
  civ_notes raw_;
  std::vector<wire::Note> notes_;
};

/// Runs `body`, which calls the plugin; what should never be thrown here becomes BROKEN.
template <class Body>
wire::Answer answered(Body body) {
  Notes notes;
  wire::Answer answer;
  try {
    const std::int32_t verdict = body(notes.raw());
    answer.notes = notes.take();
    if (verdict >= CIV_DONE && verdict <= CIV_BROKEN) {
      answer.verdict = static_cast<wire::Verdict>(verdict);
      return answer;
    }
    answer.notes.push_back(
        {3, 0, "plugin.verdict", "", "The plugin gave no valid verdict.", std::to_string(verdict)});
  } catch (const std::exception &error) {
    answer.notes.push_back({3, 0, "plugin.exception", "", "The plugin failed.", error.what()});
  } catch (...) {
    answer.notes.push_back({3, 0, "plugin.exception", "", "The plugin failed.", ""});
  }
  answer.verdict = wire::Verdict::broken;
  return answer;
}

civ_text text(const std::string &text) {
  return {text.data(), text.size()};
}

/// A wire::Placement as the C structs that a plugin is handed, valid as long as this.
class RawPlacement {
 public:
  explicit RawPlacement(const wire::Placement &placement) : body_(placement.body), raw_{} {
    media_.reserve(placement.media.size());
    for (const wire::Media &m : placement.media) {
      media_.push_back(
          {sizeof(civ_media), text(m.path), text(m.sha256), text(m.mime), m.duration_ns});
      pointers_.push_back(&media_.back());
    }
    raw_ = {sizeof(civ_placement), placement.attempt, text(placement.id), placement.start_ns,
            placement.end_ns,      body_.raw(),       pointers_.data(),   pointers_.size()};
  }
  const civ_placement *raw() const { return &raw_; }

 private:
  JsonDoc body_;
  std::vector<civ_media> media_;
  std::vector<const civ_media *> pointers_;
  civ_placement raw_;
};

}  // namespace

PluginThread::PluginThread(const Plugin &plugin, Outbox &outbox, Link &link, const Clock &clock)
    : plugin_(plugin), outbox_(outbox), link_(link), clock_(clock) {}

void PluginThread::run() {
  for (;;) {
    const Task task = link_.next();
    if (const auto *welcome = std::get_if<wire::Welcome>(&task)) {
      link_.answer(open(*welcome));
    } else if (const auto *asked = std::get_if<wire::Call>(&task)) {
      set_in_hand(word(asked->kind), asked->placement.id);
      wire::Answer answer = call(*asked);
      set_in_hand("", "");
      answer.re = asked->id;
      link_.answer(std::move(answer));
    } else {
      return close();
    }
  }
}

wire::Answer PluginThread::open(const wire::Welcome &welcome) {
  if (is_open_) return {};
  host_ = std::make_unique<HostSide>(
      welcome, clock_, [this](const std::vector<wire::Fact> &facts) { return outbox_.put(facts); });
  const JsonDoc settings(welcome.settings);
  set_in_hand("open", "");
  wire::Answer answer = answered([&](const civ_notes *notes) {
    return plugin_.api->open(host_->raw(), settings.raw(), notes, &channel_);
  });
  set_in_hand("", "");
  is_open_ = answer.verdict == wire::Verdict::done;
  return answer;
}

wire::Answer PluginThread::call(const wire::Call &asked) {
  if (!is_open_) {
    wire::Answer answer;
    answer.verdict = wire::Verdict::later;
    answer.notes.push_back({3, 0, "plugin.not_open", "", "The plugin is not open.", ""});
    return answer;
  }
  if (asked.kind == wire::CallKind::status) return status();
  if (asked.kind == wire::CallKind::handover) return hand_over();
  if (asked.kind == wire::CallKind::other) {
    wire::Answer answer;
    answer.verdict = wire::Verdict::broken;
    answer.notes.push_back({3, 0, "call.unknown", "", "This runner does not know the call.", ""});
    return answer;
  }
  const RawPlacement placement(asked.placement);
  return answered([&](const civ_notes *notes) {
    switch (asked.kind) {
      case wire::CallKind::check:
        return plugin_.api->check(channel_, placement.raw(), notes);
      case wire::CallKind::publish:
        return plugin_.api->publish(channel_, placement.raw(), notes);
      case wire::CallKind::withdraw:
        return plugin_.api->withdraw(channel_, placement.raw()->id, notes);
      default:
        return plugin_.api->recall(channel_, placement.raw()->id, notes);
    }
  });
}

wire::Answer PluginThread::status() {
  const auto *extension =
      static_cast<const civ_status_ext *>(plugin_.api->extension(CIV_EXT_STATUS));
  std::string written;
  const civ_writer writer{&written, [](const civ_writer *self, civ_text json) {
                            *static_cast<std::string *>(self->self) = view(json);
                          }};
  wire::Answer answer = answered([&](const civ_notes *) -> std::int32_t {
    if (!extension || extension->size < sizeof *extension) return CIV_REFUSED;
    return extension->status(channel_, &writer);
  });
  const Result<Json> read = parse_json(written);
  if (read && read->is_object() && written.size() <= max_status_bytes)
    answer.status = to_text(*read);
  return answer;
}

wire::Answer PluginThread::hand_over() {
  const auto *extension =
      static_cast<const civ_handover_ext *>(plugin_.api->extension(CIV_EXT_HANDOVER));
  return answered([&](const civ_notes *notes) -> std::int32_t {
    if (!extension || extension->size < sizeof *extension) return CIV_REFUSED;
    return extension->hand_over(channel_, notes);
  });
}

void PluginThread::close() {
  if (!is_open_) return;
  set_in_hand("close", "");
  answered([this](const civ_notes *) {
    plugin_.api->close(channel_);
    return CIV_DONE;
  });
}

}  // namespace civicast::runner
