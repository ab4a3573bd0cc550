// SPDX-License-Identifier: Apache-2.0
#include "host/flow/flow.hpp"

#include <algorithm>

#include "host/exchange/outcome_json.hpp"
#include "host/flow/faults.hpp"
#include "host/flow/live.hpp"
#include "host/flow/media.hpp"
#include "host/flow/planning.hpp"

namespace civicast::flow {
namespace {

constexpr std::int64_t hand_every_ns = ns_per_s;
/// What was handed is handed again after a kill; the desk knows it already.
constexpr std::int64_t remember_every_ns = 30 * ns_per_s;
constexpr std::int64_t show_every_ns = ns_per_s / 2;
constexpr std::int64_t plan_check_every_ns = 60 * ns_per_s;
/// A new plan leaves alone what is about to air: workers have it open already.
constexpr std::int64_t frozen_ns = 8 * ns_per_s;
constexpr int days_ahead = 2;

/// Those that have a worker.
std::vector<channels::Channel> with_workers(const std::vector<channels::Channel> &all) {
  std::vector<channels::Channel> some;
  for (const auto &channel : all)
    if (channel.plugin != channels::by_files) some.push_back(channel);
  return some;
}

}  // namespace

/// A wish of an HTTP thread, carried out by the flow.
struct Flow::Request {
  std::function<Result<Json, Faults>()> work;
  std::optional<Result<Json, Faults>> answer;
};

Flow::Flow(Options options, Rooms rooms, const Clock &clock)
    : options_(std::move(options)),
      rooms_(std::move(rooms)),
      clock_(clock),
      store_(*rooms_.store),
      clerk_(
          *rooms_.intake, *rooms_.index,
          [this](const auto &channel, int level, const auto &line) { log(channel, level, line); }),
      desk_(
          *rooms_.store, clock, with_workers(rooms_.station.channels), media_from(*rooms_.library),
          {[this](const auto &origin, const auto &facts) { return take(origin, facts); },
           [this](const auto &channel, int level, const auto &line) { log(channel, level, line); },
           [this](const auto &item) { return text_of(*rooms_.library, item); },
           [this](const auto &told) { enter(told); }}),
      supervisor_(desk_),
      watch_(std::make_unique<Watch>(rooms_, clock)),
      witnessing_(std::make_unique<Witnessing>(
          rooms_, clock, [this](int level, const std::string &line) { log("", level, line); })),
      live_(std::make_shared<const Json>(Json::object())) {
  desk_.work(supervisor_);
}

Flow::~Flow() = default;

Result<std::unique_ptr<Flow>, Faults> Flow::open(Options options, const Clock &clock,
                                                 Progress &progress) {
  auto rooms = open_rooms(options.station, clock, progress);
  if (!rooms) return rooms.fault();
  std::unique_ptr<Flow> flow(new Flow(std::move(options), *std::move(rooms), clock));
  if (auto started = flow->start_workers(); !started) return started.fault();
  flow->renderer_ = std::make_unique<Renderer>(
      *flow->rooms_.library, [log = flow->options_.log](int level, const std::string &line) {
        if (log) log("", level, line);
      });
  flow->rooms_.held->resume(flow->desk_);
  flow->plan_when_due();
  flow->show();
  return flow;
}

void Flow::turn(int timeout_ms) {
  supervisor_.poll(timeout_ms);
  // An emergency message does not wait until something has been planned.
  hand_out();
  desk_.tick();
  do_what_is_asked();
  plan_when_due();
  if (auto signed_ok = rooms_.ledger->checkpoint(clock_.now_ns()); !signed_ok)
    log("", 3, signed_ok.fault().sentence(Lang::en));
  show();
}

Result<void, Faults> Flow::start_workers() {
  for (const auto &channel : with_workers(rooms_.station.channels)) {
    const auto plugin_dir = options_.plugins / channel.plugin;
    workers::WorkerSpec spec;
    spec.channel = channel.id;
    spec.plugin_dir = plugin_dir;
    spec.state_dir = rooms_.station.folder / "channels" / channel.id;
    spec.settings = channel.settings;
    spec.house_format = std::string(library::name_of(channel.format));
    spec.lock = rooms_.station.folder / "plugins.lock";
    spec.runner = options_.runner;
    if (auto added = supervisor_.add(std::move(spec)); !added) return added.fault();
    counter_names_[channel.id] = supervisor_.manifest(channel.id).counters;
    handed_ns_[channel.id] = store_.handed_ns(channel.id).value_or(clock_.now_ns());
  }
  return {};
}

channels::Heard Flow::take(const workers::Origin &origin, const std::vector<wire::Fact> &facts) {
  const auto *channel = rooms_.station.channel(origin.channel);
  const auto planned = [&](const std::string &id) -> std::optional<airings::Planned> {
    auto found = rooms_.playlists->find(id);
    if (!channel || !found || found->channel != origin.channel) return {};
    // The host itself (epoch 0) speaks of what was never handed out too.
    const auto standing = origin.epoch == 0 ? std::nullopt : desk_.standing(id);
    return airings::Planned{found->item, house_sha256(*rooms_.library, found->item, *channel),
                            origin.epoch == 0 || (standing && standing->attempt > 0)};
  };
  const bool has_place = channel && !channel->places.empty();
  return clerk_.take(origin, has_place ? channel->places.front() : "", facts, planned);
}

void Flow::plan_when_due() {
  const auto now = clock_.now_ns();
  if (now < next_plan_ns_) return;
  next_plan_ns_ = now + plan_check_every_ns;
  const auto planned_from = store_.planned_from();
  const bool is_new = planned_from != rooms_.configuration;
  if (!is_new && is_planned(rooms_.station, *rooms_.playlists, now, days_ahead)) return;
  // A first plan may begin at once; a later one must not pull away what is being aired.
  const auto from = planned_from.empty() ? now + 2 * ns_per_s : now + frozen_ns;
  // A day that has a playlist keeps it: a person may have brought it in.
  const auto kept = is_new ? Kept::nothing : Kept::planned_days;
  if (auto planned = plan(days_ahead, from, kept); !planned) {
    for (const Fault &fault : planned.fault()) log("", 3, fault.sentence(Lang::en));
    return;
  }
  if (is_new) store_.set_planned_from(rooms_.configuration);
}

void Flow::do_what_is_asked() {
  std::vector<std::shared_ptr<Request>> requests;
  {
    const std::lock_guard lock(mutex_);
    requests.swap(requests_);
  }
  for (auto &request : requests) {
    auto answer = request->work();
    const std::lock_guard lock(mutex_);
    request->answer = std::move(answer);
    answered_.notify_all();
  }
}

Result<Json, Faults> Flow::plan(int days, std::int64_t from_ns, Kept kept) {
  auto summary = plan_days(rooms_.station, durations_from(*rooms_.library), *rooms_.playlists,
                           clock_.now_ns(), from_ns, days, kept,
                           failed_placements(rooms_.station, *rooms_.store, clock_.now_ns()));
  if (!summary) return summary.fault();
  for (const Fault &warning : summary->warnings) log("", 2, warning.sentence(Lang::en));
  return Json{{"placements", summary->placements}, {"days", days}};
}

void Flow::hand_out() {
  const auto now = clock_.now_ns();
  const auto revision = rooms_.playlists->revision();
  if (now < next_hand_ns_ && revision == revision_) return;
  if (revision != revision_) withdraw_what_fell_out(now);
  for (auto &[channel, handed_ns] : handed_ns_) {
    const auto horizon_s = supervisor_.manifest(channel).limits.horizon_s;
    const auto until = now + static_cast<std::int64_t>(horizon_s * 1e9);
    desk_.hand(channel, rooms_.playlists->between(channel, std::min(handed_ns, now), until));
    if (now / remember_every_ns != handed_ns / remember_every_ns)
      store_.set_handed_ns(channel, now);
    handed_ns = now;
  }
  revision_ = revision;
  next_hand_ns_ = now + hand_every_ns;
}

void Flow::withdraw_what_fell_out(std::int64_t now_ns) {
  const channels::ChannelStore states(*rooms_.store);
  for (const auto &standing : states.open_or_after(now_ns)) {
    if (channels::is_final(standing.state)) continue;
    // What has begun stays, but for a bulletin: a channel that can cuts it.
    const bool has_begun = standing.item.start_ns < now_ns;
    if (has_begun && standing.item.kind != playlists::ItemKind::bulletin) continue;
    const auto found = rooms_.playlists->find(standing.item.id);
    if (found && found->is_current) continue;
    if (auto taken_back = desk_.withdraw(standing.item.id); !taken_back)
      log(standing.channel, 2, taken_back.fault().sentence(Lang::en));
  }
}

void Flow::show() {
  const auto now = clock_.now_ns();
  if (now < next_show_ns_) return;
  next_show_ns_ = now + show_every_ns;
  auto picture = std::make_shared<const Json>(
      live_picture(rooms_, supervisor_.snapshot(), watch_->now(), witnessing_->quorum(), now,
                   [this](const std::string &channel) { return desk_.can_ask(channel, "").ok(); }));
  const std::lock_guard lock(mutex_);
  live_ = std::move(picture);
}

Json Flow::live() const {
  const std::lock_guard lock(mutex_);
  return *live_;
}

Result<Json, Faults> Flow::run(std::function<Result<Json, Faults>()> work) {
  auto request = std::make_shared<Request>();
  request->work = std::move(work);
  std::unique_lock lock(mutex_);
  requests_.push_back(request);
  answered_.wait(lock, [&] { return request->answer || is_stopping_; });
  if (!request->answer) return Faults{Fault(faults::flow_stopping)};
  return *std::move(request->answer);
}

Result<Json, Faults> Flow::replan(int days) {
  return run([this, days] { return plan(days, clock_.now_ns() + frozen_ns, Kept::nothing); });
}

Result<Json, Faults> Flow::import_schedule(const exchange::Upload &upload,
                                           const exchange::Wish &wish) {
  return run([this, upload, wish]() -> Result<Json, Faults> {
    auto imported = exchange::import_schedule(house(), upload, wish);
    if (!imported) return imported.fault();
    return to_json(*imported);
  });
}

Result<Json, Faults> Flow::import_as_run(const exchange::Upload &upload,
                                         const exchange::Wish &wish) {
  return run([this, upload, wish]() -> Result<Json, Faults> {
    auto reported = exchange::import_as_run(house(), upload, wish, rooms_.intake.get());
    if (!reported) return reported.fault();
    // The facts are in the ledger, whatever the index says: it catches up.
    NoProgress nobody;
    if (auto counted = rooms_.index->catch_up(nobody); !counted)
      log(reported->channel, 3, counted.fault().text());
    return to_json(*reported);
  });
}

Result<Json, Faults> Flow::decide(const Decision &decision) {
  return run([this, decision] { return rooms_.held->decide(decision, &desk_); });
}

void Flow::enter(const channels::Told &told) {
  if (auto entered = rooms_.held->enter(told); !entered)
    log(told.channel, 3, entered.fault().text());
}

Json Flow::counter_names(const std::string &channel) const {
  const auto found = counter_names_.find(channel);
  return found == counter_names_.end() ? Json::object() : found->second;
}

exchange::House Flow::house() {
  return {rooms_.station,  *rooms_.playlists, *rooms_.store, durations_from(*rooms_.library),
          clock_.now_ns(), frozen_ns};
}

void Flow::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    answered_.notify_all();
  }
  renderer_.reset();
  supervisor_.stop();
  for (const auto &[channel, handed_ns] : handed_ns_) store_.set_handed_ns(channel, handed_ns);
  if (auto signed_ok = rooms_.ledger->checkpoint(clock_.now_ns(), true); !signed_ok)
    log("", 3, signed_ok.fault().sentence(Lang::en));
}

void Flow::log(const std::string &channel, int level, const std::string &line) const {
  if (options_.log) options_.log(channel, level, line);
}

}  // namespace civicast::flow
