// SPDX-License-Identifier: Apache-2.0
// A channel that posts over HTTP (tests/far/platform), written as a good plugin is: what it sends
// bears a key and a time after which the far side refuses it, and both stand in its journal before
// the request goes out. So a post that is not there after that time will never be.
//
// For tests that kill it, the file `phase` says what it is doing: a letter and the placement's id
// (o opening, i idle, p posting, e telling what it posted, r asking, R telling what it was
// answered).
#include <sys/prctl.h>

#include <civicast/channel.hpp>
#include <civicast/journal.hpp>
#include <map>
#include <optional>
#include <sstream>
#include <thread>

#include "tests/plugins/poster/http.hpp"

namespace {

using civicast::Trouble;

constexpr std::int64_t ns_per_ms = 1'000'000;

class Phase {
 public:
  explicit Phase(const std::string &file) : file_(file, O_RDWR | O_CREAT) { set('o'); }
  void set(char letter, const std::string &placement = {}) const {
    std::string line = letter + (' ' + placement);
    line.resize(64, ' ');  // one length, so that a line replaces the one before it
    if (::pwrite(file_.fd(), line.data(), line.size(), 0) != 64) civicast::file::fail("phase");
  }

 private:
  civicast::file::Handle file_;
};

class Poster final : public civicast::Channel {
 public:
  Poster(civicast::Host host, civicast::Doc settings)
      : host_(host),
        phase_(host_.state_dir() + "/phase"),
        http_(settings.text("/endpoint")),
        valid_ns_(static_cast<std::int64_t>(settings.number("/valid_ms")) * ns_per_ms),
        sent_(host_.state_dir() + "/sent", [this](std::string_view line) { return read(line); }) {
    // A worker that is not killed together with its host notices its end, and finishes.
    if (settings.flag("/outlives_host")) ::prctl(PR_SET_PDEATHSIG, 0);
    phase_.set('i');
  }

  void check(const civicast::Placement &placement) override {
    if (placement.body.text("/text/en").empty())
      throw Trouble(CIV_REFUSED, "poster.empty", "There is nothing to post.", "/text/en");
  }

  void publish(const civicast::Placement &placement) override {
    check(placement);
    phase_.set('p', placement.id);
    const std::int64_t until_ns = host_.now_ns() + valid_ns_;
    sent_.append(placement.id + ' ' + std::to_string(until_ns) + '\n');
    valid_until_ns_[placement.id] = until_ns;
    const poster::Reply reply = http_.post(placement.id, placement.body.text("/text/en"), until_ns);
    phase_.set('e', placement.id);
    conclude(placement.id, reply);
    phase_.set('i');
  }

  civicast::Recall recall(std::string_view placement) override {
    const std::string id(placement);
    phase_.set('r', id);
    const auto sent = valid_until_ns_.find(id);
    const civicast::Recall known =
        sent == valid_until_ns_.end() ? civicast::Recall::never_heard_of_it : ask(id, sent->second);
    phase_.set('i');
    return known;
  }

 private:
  bool read(std::string_view line) {
    std::istringstream in{std::string(line)};
    std::string id;
    std::int64_t until_ns = 0;
    if (!(in >> id >> until_ns)) return false;
    valid_until_ns_[id] = until_ns;
    return true;
  }

  void conclude(const std::string &id, const poster::Reply &reply) {
    switch (reply.status) {
      case 200:
      case 201:
        return say_aired(id, reply.post);
      case 412:
        throw Trouble(CIV_LATER, "poster.expired", "The platform got it too late to post it.", "",
                      50);
      case poster::unreachable:
        throw Trouble(CIV_LATER, "poster.unreachable", "The platform cannot be reached.", "", 50,
                      reply.detail);
      case poster::no_reply:
        throw Trouble(CIV_UNKNOWN, "poster.no_reply", "The platform's answer was lost.", "", 0,
                      reply.detail);
    }
    throw Trouble(CIV_BROKEN, "poster.status", "The platform gave an answer that nobody expects.",
                  "", 0, std::to_string(reply.status));
  }

  civicast::Recall ask(const std::string &id, std::int64_t until_ns) {
    // Asked for the instant before the answer: what is not there then may still come until then.
    const std::int64_t asked_ns = host_.now_ns();
    const poster::Reply reply = http_.look(id);
    if (reply.status == 200) {
      phase_.set('R', id);
      say_aired(id, reply.post);
      return civicast::Recall::emitted;
    }
    if (reply.status == 501) return civicast::Recall::cannot_tell;
    if (reply.status == 404 && asked_ns > until_ns) return civicast::Recall::never_heard_of_it;
    const std::int64_t wait_ms = (until_ns - asked_ns) / ns_per_ms + 1;
    throw Trouble(CIV_LATER, "poster.not_settled", "The platform may still carry it out.", "",
                  wait_ms > 20 ? wait_ms : 20, reply.detail);
  }

  void say_aired(const std::string &id, const poster::Post &post) {
    civicast::Fact fact;
    fact.fact = CIV_AIRED;
    fact.evidence = CIV_REPORTED;
    fact.status = CIV_AIRED_WITHOUT_DISCREPANCY;
    fact.placement = id;
    fact.start_ns = fact.end_ns = post.created_ns;
    fact.remote = post.address;
    while (!host_.emit(fact)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }

  civicast::Host host_;
  Phase phase_;
  poster::Http http_;
  std::int64_t valid_ns_;
  std::map<std::string, std::int64_t> valid_until_ns_;  ///< of all that was ever sent
  civicast::Journal sent_;
};

}  // namespace

CIVICAST_CHANNEL(Poster, POSTER_ID, "1.0.0");
