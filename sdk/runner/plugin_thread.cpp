// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/plugin_thread.hpp"

#include <algorithm>
#include <mutex>

#include "sdk/base/json.hpp"
#include "sdk/base/text.hpp"
#include "sdk/runner/doc.hpp"
#include "sdk/runner/last_words.hpp"

namespace civicast::runner {
namespace {

/// A civ_notes that keeps what it is told, within the contract's limits. [any]
class Notes {
 public:
  Notes() : raw_{} {
    raw_.size = sizeof raw_;
    raw_.self = this;
    raw_.add = add;
  }
  Notes(const Notes &) = delete;
  Notes &operator=(const Notes &) = delete;
  const civ_notes *raw() const { return &raw_; }
  std::vector<wire::Note> take() {
    const std::lock_guard lock(mutex_);
    return std::move(notes_);
  }

 private:
  static void add(const civ_notes *notes, const civ_note *note) {
    if (!note || !CIV_HAS(civ_note, note, detail))  // the last member of 1.0
      return write_log(CIV_ERROR, "the plugin adds a note that is malformed");
    auto &self = *static_cast<Notes *>(notes->self);
    const std::lock_guard lock(self.mutex_);
    if (self.notes_.size() >= CIV_MAX_NOTES) return;
    wire::Note kept;
    kept.level = std::clamp<int>(note->level, CIV_DEBUG, CIV_ERROR);
    kept.retry_after_ms = note->retry_after_ms;
    kept.code = self.cut(note->code);
    kept.at = self.cut(note->at);
    kept.message = self.cut(note->message);
    kept.detail = self.cut(note->detail);
    self.notes_.push_back(std::move(kept));
  }
  std::string cut(civ_text text) {
    std::string out = shortened(view(text), std::min<std::size_t>(CIV_MAX_NOTE_BYTES, bytes_left_));
    bytes_left_ -= out.size();
    return out;
  }

  std::mutex mutex_;
  std::vector<wire::Note> notes_;
  std::size_t bytes_left_ = CIV_MAX_NOTES_BYTES;
  civ_notes raw_;  // last, here and below, so that AddressSanitizer sees who looks beyond it
};

wire::Note own_note(const char *code, const char *message, const std::string &detail) {
  return {CIV_ERROR, 0, code, "", message, detail};
}

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
    answer.notes.push_back(own_note("plugin.verdict",
                                    "插件没有给出有效的结论。 · The plugin gave no valid verdict.",
                                    std::to_string(verdict)));
  } catch (const std::exception &error) {
    answer.notes.push_back(own_note("plugin.exception", "插件出错。 · The plugin failed.",
                                    shortened(error.what(), CIV_MAX_NOTE_BYTES)));
  } catch (...) {
    answer.notes.push_back(own_note("plugin.exception", "插件出错。 · The plugin failed.", ""));
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
      civ_media &out = media_.emplace_back();
      out.size = sizeof out;
      out.path = text(m.path);
      out.sha256 = text(m.sha256);
      out.mime = text(m.mime);
      out.duration_ns = m.duration_ns;
      pointers_.push_back(&out);
    }
    raw_.size = sizeof raw_;
    raw_.attempt = placement.attempt;
    raw_.id = text(placement.id);
    raw_.start_ns = placement.start_ns;
    raw_.end_ns = placement.end_ns;
    raw_.body = body_.raw();
    raw_.media = pointers_.data();
    raw_.media_count = pointers_.size();
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
      link_.answer(answer);
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
  if (answer.verdict == wire::Verdict::done && !channel_) {
    answer.verdict = wire::Verdict::broken;
    answer.notes.push_back(own_note(
        "plugin.no_channel", "插件没有给出频道。 · The plugin says DONE but made no channel.", ""));
  }
  set_in_hand("", "");
  is_open_ = answer.verdict == wire::Verdict::done;
  return answer;
}

wire::Answer PluginThread::call(const wire::Call &asked) {
  if (!is_open_) {
    wire::Answer answer;
    answer.verdict = wire::Verdict::later;
    answer.notes.push_back(
        own_note("plugin.not_open", "插件尚未启动。 · The plugin is not open.", ""));
    return answer;
  }
  if (asked.kind == wire::CallKind::status) return status();
  if (asked.kind == wire::CallKind::handover) return hand_over();
  if (asked.kind == wire::CallKind::other) {
    wire::Answer answer;
    answer.verdict = wire::Verdict::broken;
    answer.notes.push_back(
        own_note("call.unknown",
                 "civicast-runner 不认识这个调用。 · This runner does not know the call.", ""));
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
  civ_writer writer{};
  writer.size = sizeof writer;
  writer.self = &written;
  writer.write = [](const civ_writer *self, civ_text json) {
    *static_cast<std::string *>(self->self) = view(json).substr(0, CIV_MAX_STATUS_BYTES + 1);
  };
  wire::Answer answer = answered([&](const civ_notes *) -> std::int32_t {
    if (!extension || !CIV_HAS(civ_status_ext, extension, status)) return CIV_REFUSED;
    return extension->status(channel_, &writer);
  });
  if (written.size() > CIV_MAX_STATUS_BYTES) return answer;
  const Result<Json> read = parse_json(written, wire::max_status_depth);
  if (!read || !read->is_object()) return answer;
  // Numbers may be longer when written again.
  if (std::string text = to_text(*read); text.size() <= CIV_MAX_STATUS_BYTES)
    answer.status = std::move(text);
  return answer;
}

wire::Answer PluginThread::hand_over() {
  const auto *extension =
      static_cast<const civ_handover_ext *>(plugin_.api->extension(CIV_EXT_HANDOVER));
  return answered([&](const civ_notes *notes) -> std::int32_t {
    if (!extension || !CIV_HAS(civ_handover_ext, extension, hand_over)) return CIV_REFUSED;
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
