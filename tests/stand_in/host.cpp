// SPDX-License-Identifier: Apache-2.0
#include "tests/stand_in/host.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <thread>

#include "tests/stand_in/doc.hpp"

namespace stand_in {
namespace {

using nlohmann::json;

std::string str(civ_text text) {
  return text.data ? std::string(text.data, text.size) : "";
}
civ_text borrow(const std::string &text) {
  return {text.data(), text.size()};
}

Said said(const civ_fact &fact) {
  return {fact.fact,           fact.evidence,
          fact.status,         fact.play,
          str(fact.placement), str(fact.place),
          str(fact.remote),    fact.start_ns,
          fact.end_ns,         fact.proof.size ? json::parse(str(fact.proof)) : json()};
}

std::string line(const Said &s) {
  return json{s.fact,  s.evidence, s.status,   s.play,   s.placement,
              s.place, s.remote,   s.start_ns, s.end_ns, s.proof}
             .dump() +
         "\n";
}

Said said(const std::string &text) {
  const json j = json::parse(text);
  return {j[0], j[1], j[2], j[3], j[4], j[5], j[6], j[7], j[8], j[9]};
}

/// What a process was writing when it was killed: its emit never returned, so nobody was told.
void cut_torn_line(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return;
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const std::size_t end = text.rfind('\n');
  const std::size_t whole = end == text.npos ? 0 : end + 1;
  if (whole != text.size()) std::filesystem::resize_file(path, whole);
}

}  // namespace

std::string Said::key() const {
  return placement + "/" + place + "/" + std::to_string(play) + "/" + std::to_string(fact);
}

Folder::Folder() {
  std::string pattern = std::filesystem::temp_directory_path() / "civicast-test-XXXXXX";
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Host::Host(std::string state_dir)
    : state_dir_(std::move(state_dir)), outbox_(state_dir_ + "/../outbox.jsonl") {
  raw_.size = sizeof raw_;
  raw_.abi_minor = CIV_ABI_MINOR;
  raw_.self = this;
  raw_.locale = {"zh-CN", 5};
  raw_.state_dir = borrow(state_dir_);
  std::filesystem::create_directories(state_dir_);
  raw_.now_ns = [](const civ_host *h) {
    const auto *self = static_cast<Host *>(h->self);
    return self->clock ? self->clock() : self->now_ns.load();
  };
  raw_.log = [](const civ_host *h, int32_t, civ_text text) {
    auto *self = static_cast<Host *>(h->self);
    const std::lock_guard lock(self->mutex_);
    self->log_.push_back(str(text));
  };
  raw_.emit = [](const civ_host *h, const civ_fact *const *facts, size_t count) {
    return static_cast<Host *>(h->self)->emit(facts, count);
  };
  raw_.extension = [](const civ_host *, const char *) -> const void * { return nullptr; };
}

Host::~Host() {
  close();
}

int Host::open(const std::string &plugin, const json &settings) {
  cut_torn_line(outbox_);
  if (!library_) library_ = ::dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library_) throw std::runtime_error(::dlerror());
  using Entry = const civ_channel_api *(*)();
  api_ = reinterpret_cast<Entry>(::dlsym(library_, "civ_channel_entry_v1"))();
  const Doc doc(settings);
  const civ_notes sink = take_notes();
  return api_->open(&raw_, doc.raw(), &sink, &channel_);
}

void Host::close() {
  if (channel_) api_->close(channel_);
  channel_ = nullptr;
}

civ_notes Host::take_notes() {
  notes.clear();
  return {sizeof(civ_notes), this, [](const civ_notes *n, const civ_note *note) {
            static_cast<Host *>(n->self)->notes.push_back(
                {str(note->code), str(note->at), str(note->message)});
          }};
}

int Host::hand(Call call, const Handed &placement) {
  const Doc body(placement.body);
  std::vector<civ_media> media;
  std::vector<const civ_media *> pointers;
  media.reserve(placement.media.size());
  for (const Handed::File &file : placement.media) {
    media.push_back({sizeof(civ_media), borrow(file.path), borrow(file.sha256), borrow(file.mime),
                     file.duration_ns});
    pointers.push_back(&media.back());
  }
  const civ_placement raw{
      sizeof(civ_placement), 1,          borrow(placement.id), placement.start_ns,
      placement.end_ns,      body.raw(), pointers.data(),      pointers.size()};
  const civ_notes sink = take_notes();
  return (api_->*call)(channel_, &raw, &sink);
}

int Host::withdraw(const std::string &id) {
  const civ_notes sink = take_notes();
  return api_->withdraw(channel_, borrow(id), &sink);
}

int Host::recall(const std::string &id) {
  const civ_notes sink = take_notes();
  return api_->recall(channel_, borrow(id), &sink);
}

json Host::status() {
  const auto *extension = static_cast<const civ_status_ext *>(api_->extension(CIV_EXT_STATUS));
  std::string text;
  const civ_writer writer{sizeof(civ_writer), &text, [](const civ_writer *w, civ_text t) {
                            *static_cast<std::string *>(w->self) = str(t);
                          }};
  if (extension->status(channel_, &writer) != CIV_DONE) throw std::runtime_error("status");
  return json::parse(text);
}

int32_t Host::emit(const civ_fact *const *facts, size_t count) {
  if (before_emit) before_emit();
  if (emit_verdict != CIV_DONE) return emit_verdict;
  std::string lines;
  std::vector<Said> all;
  for (size_t i = 0; i < count; ++i) {
    all.push_back(said(*facts[i]));
    lines += line(all.back());
  }
  {
    const std::lock_guard lock(mutex_);
    std::ofstream(outbox_, std::ios::app) << lines << std::flush;
  }
  if (on_fact)
    for (const Said &s : all) on_fact(s);
  if (after_emit) after_emit();
  return CIV_DONE;
}

std::vector<Said> Host::facts() const {
  std::ifstream file(outbox_);
  std::vector<Said> all;
  for (std::string text; std::getline(file, text) && !file.eof();) all.push_back(said(text));
  return all;
}

std::vector<std::string> Host::logged() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

bool Host::wait_for(const std::function<bool(const std::vector<Said> &)> &is_so) const {
  for (int round = 0; round < 1000; ++round) {
    if (is_so(facts())) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::vector<Said> distinct(const std::vector<Said> &facts) {
  std::map<std::string, Said> by_key;
  std::vector<Said> all;
  for (const Said &s : facts) {
    const auto [found, is_new] = by_key.emplace(s.key(), s);
    if (is_new)
      all.push_back(s);
    else if (!(found->second == s))
      throw std::logic_error("two words on " + s.key());
  }
  return all;
}

}  // namespace stand_in
