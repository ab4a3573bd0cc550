// SPDX-License-Identifier: Apache-2.0
#include "host/witness/asker.hpp"

#include <algorithm>
#include <chrono>

#include "host/ledger/faults.hpp"
#include "host/witness/faults.hpp"
#include "host/witness/request.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::witness {
namespace {

constexpr auto look_every = std::chrono::milliseconds(500);
constexpr std::int64_t first_pause_ns = 2 * ns_per_s;
constexpr std::int64_t longest_pause_ns = 60 * ns_per_s;
constexpr std::int64_t between_targets_ns = ns_per_s;
constexpr std::string_view size_type = "text/x.tlog.size";

std::string address_of(const ledger::Witness &who) {
  std::string url = who.url;
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url + "/add-checkpoint";
}

/// The line of `body` by which `key` cosigned `note`, and when.
std::optional<std::pair<std::string, std::int64_t>> cosignature_in(std::string_view body,
                                                                   const std::string &note,
                                                                   const ledger::VerifierKey &key) {
  while (!body.empty()) {
    const auto end = std::min(body.find('\n'), body.size() - 1) + 1;
    const std::string line(body.substr(0, end));
    body.remove_prefix(end);
    const std::string whole = note + line;
    const auto parsed = ledger::parse_note(whole);
    if (!parsed) continue;
    if (const auto at = cosigned_at(*parsed, key)) return std::pair{line, *at};
  }
  return {};
}

}  // namespace

Asker::Asker(ledger::Policy policy, Log log, const Clock &clock, Say say, Post post)
    : policy_(std::move(policy)),
      log_(std::move(log)),
      clock_(clock),
      say_(std::move(say)),
      post_(std::move(post)) {
  if (!post_) post_ = [this](const auto &letters) { return post_all(letters, is_stopping_); };
  for (const ledger::Witness &who : policy_.witnesses()) {
    Peer peer;
    peer.who = &who;
    peers_.push_back(std::move(peer));
    standing_.witnesses.push_back({who.name, 0, 0, {}});
    if (who.url.empty())
      standing_.witnesses.back().fault = Fault(faults::no_address, {{"name", who.name}});
  }
  read_cosigned();
}

Asker::~Asker() {
  {
    const std::lock_guard guard(mutex_);
    is_stopping_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Asker::start() {
  thread_ = std::thread([this] { run(); });
}

void Asker::run() {
  while (!is_stopping_) {
    try {
      round();
    } catch (const std::exception &breakdown) {
      say_(3, std::string("witnesses: ") + breakdown.what());
    }
    std::unique_lock lock(mutex_);
    stopping_.wait_for(lock, look_every, [this] { return is_stopping_.load(); });
  }
}

Standing Asker::now() const {
  const std::lock_guard guard(mutex_);
  return standing_;
}

/// What an earlier life had cosigned stands until there is a newer one.
void Asker::read_cosigned() {
  const auto text = read_file(log_.cosigned, ledger::max_note_bytes);
  const auto note = text ? ledger::parse_note(*text) : Result<ledger::Note, std::string>("");
  if (!note || !policy_.is_met(policy_.cosigners(*note))) return;
  standing_.size = note->checkpoint.size;
  standing_.note = *text;
  for (const ledger::Witness &who : policy_.witnesses())
    standing_.at_s = std::max(standing_.at_s, cosigned_at(*note, who.key).value_or(0));
}

std::vector<std::size_t> Asker::due() const {
  const auto now_ns = clock_.now_ns();
  std::vector<std::size_t> whom;
  for (std::size_t at = 0; at < peers_.size(); ++at)
    if (!peers_[at].who->url.empty() && peers_[at].line.empty() && peers_[at].next_ns <= now_ns)
      whom.push_back(at);
  return whom;
}

bool Asker::round() {
  const ledger::Signed newest = log_.newest();
  if (newest.size == 0) return false;
  const auto now_ns = clock_.now_ns();
  if (newest.note != target_.note && now_ns >= next_target_ns_) {
    target_ = newest;
    next_target_ns_ = now_ns + between_targets_ns;
    for (Peer &peer : peers_) peer.line.clear();
  }
  const auto whom = due();
  if (whom.empty()) return false;
  const auto again = ask(whom);
  if (!again.empty() && !is_stopping_) static_cast<void>(ask(again));
  if (!is_stopping_) conclude();
  return true;
}

std::vector<std::size_t> Asker::ask(const std::vector<std::size_t> &whom) {
  std::vector<Letter> letters;
  std::vector<std::size_t> asked;
  std::vector<std::uint64_t> olds;
  for (const std::size_t at : whom) {
    // Who claims to know more is asked for its size again: it may have been mended.
    const std::uint64_t old_size = peers_[at].known > target_.size ? 0 : peers_[at].known;
    auto proof = log_.consistency(old_size, target_.size);
    if (!proof) {
      fail(at, proof.fault(), longest_pause_ns);
      continue;
    }
    if (old_size == 0) proof->clear();
    letters.push_back(
        {address_of(*peers_[at].who), to_text(Request{old_size, *proof, target_.note})});
    asked.push_back(at);
    olds.push_back(old_size);
  }
  const auto delivered = post_(letters);
  std::vector<std::size_t> again;
  for (std::size_t i = 0; i < asked.size() && i < delivered.size(); ++i)
    if (take(asked[i], olds[i], delivered[i])) again.push_back(asked[i]);
  return again;
}

/// True if the witness told a size from which it can be asked again.
bool Asker::take(std::size_t at, std::uint64_t old_size, const Delivered &delivered) {
  const std::string &name = peers_[at].who->name;
  const std::string status = std::to_string(delivered.status);
  if (delivered.status == 0) {
    fail(at, Fault(faults::unreachable, {{"name", name}, {"reason", delivered.error}}),
         first_pause_ns);
    return false;
  }
  if (delivered.status == 200 && take_cosignature(at, delivered)) return false;
  if (delivered.status == 409 && delivered.type.substr(0, size_type.size()) == size_type)
    return take_size(at, old_size, delivered);
  if (delivered.status == 409 || delivered.status == 422)
    fail(at,
         Fault(faults::we_are_refused, {{"name", name}, {"size", std::to_string(target_.size)}}),
         longest_pause_ns);
  else if (delivered.status == 404 || delivered.status == 403)
    fail(at, Fault(faults::not_known_there, {{"name", name}, {"status", status}}),
         longest_pause_ns);
  else if (delivered.status >= 500)
    fail(at, Fault(faults::unreachable, {{"name", name}, {"reason", "HTTP " + status}}),
         first_pause_ns);
  else
    fail(at, Fault(faults::answer_wrong, {{"name", name}, {"status", status}}), longest_pause_ns);
  return false;
}

bool Asker::take_cosignature(std::size_t at, const Delivered &delivered) {
  Peer &peer = peers_[at];
  const auto found = cosignature_in(delivered.body, target_.note, peer.who->key);
  if (!found) return false;
  peer.line = found->first;
  peer.known = peer.done = target_.size;
  peer.pause_ns = 0;
  peer.next_ns = 0;
  const std::lock_guard guard(mutex_);
  standing_.witnesses[at] = {peer.who->name, target_.size, found->second, {}};
  return true;
}

bool Asker::take_size(std::size_t at, std::uint64_t old_size, const Delivered &delivered) {
  Peer &peer = peers_[at];
  const auto size = parse_size(delivered.body);
  if (size && *size > target_.size) {
    peer.known = *size;
    fail(at,
         Fault(faults::we_fell_back, {{"name", peer.who->name},
                                      {"cosigned", std::to_string(*size)},
                                      {"size", std::to_string(target_.size)}}),
         longest_pause_ns);
    return false;
  }
  if (size && *size != old_size) {
    peer.known = *size;
    return true;
  }
  fail(at, Fault(faults::answer_wrong, {{"name", peer.who->name}, {"status", "409"}}),
       longest_pause_ns);
  return false;
}

void Asker::fail(std::size_t at, Fault fault, std::int64_t pause_ns) {
  Peer &peer = peers_[at];
  peer.pause_ns = std::clamp(peer.pause_ns * 2, pause_ns, longest_pause_ns);
  peer.next_ns = clock_.now_ns() + peer.pause_ns;
  const std::lock_guard guard(mutex_);
  auto &said = standing_.witnesses[at].fault;
  // What is said again and again would hide what is new.
  if (!said || !said->is(fault.kind())) say_(2, fault.sentence(Lang::en));
  said = std::move(fault);
}

void Asker::conclude() {
  std::string note = target_.note;
  std::set<std::string> names;
  std::int64_t at_s = 0;
  const std::lock_guard guard(mutex_);
  for (std::size_t at = 0; at < peers_.size(); ++at) {
    if (peers_[at].line.empty()) continue;
    names.insert(peers_[at].who->name);
    note += peers_[at].line;
    at_s = std::max(at_s, standing_.witnesses[at].at_s);
  }
  const bool was_met = standing_.is_met.value_or(true);
  standing_.is_met = policy_.is_met(names);
  standing_.quorum_fault.reset();
  if (!*standing_.is_met) {
    standing_.quorum_fault =
        Fault(ledger::faults::quorum_missing,
              {{"have", std::to_string(names.size())}, {"of", std::to_string(peers_.size())}});
    if (was_met) say_(2, standing_.quorum_fault->sentence(Lang::en));
    return;
  }
  if (!was_met) say_(1, "enough witnesses cosign again");
  if (names.empty() || target_.size < standing_.size) return;
  if (auto kept = write_file_atomically(log_.cosigned, note); !kept) {
    say_(3, kept.fault().sentence(Lang::en));
    return;
  }
  standing_.size = target_.size;
  standing_.at_s = at_s;
  standing_.note = std::move(note);
}

}  // namespace civicast::witness
