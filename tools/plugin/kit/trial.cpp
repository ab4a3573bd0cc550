// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "sdk/base/clock.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/settings.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

/// A grace may be ten minutes; who runs a check does not wait so long.
constexpr double patience_s = 45;

std::int64_t ns_of(double seconds) {
  return std::llround(seconds * static_cast<double>(ns_per_s));
}

}  // namespace

Trial::Trial(const Subject &about, std::string test, std::filesystem::path folder,
             std::uint64_t seed)
    : subject(about),
      random(seed ^ std::hash<std::string>()(test)),
      test_(std::move(test)),
      folder_(std::move(folder)) {}

FarSide &Trial::far_side() {
  if (!far_side_) far_side_ = std::make_unique<FarSide>();
  return *far_side_;
}

Json Trial::settings() {
  const std::filesystem::path temp = folder_ / ("temp" + std::to_string(channels_));
  std::error_code error;
  std::filesystem::create_directories(temp, error);
  return filled(manifest().settings, subject.settings, {temp, [this] { return far_side().url(); }});
}

Channel Trial::channel(std::int64_t clock_offset_ns) {
  ++channels_;
  return Channel(
      subject,
      {settings(), folder_ / ("state" + std::to_string(channels_)), clock_offset_ns, {}, {}});
}

Channel Trial::open(std::int64_t clock_offset_ns) {
  Channel out = channel(clock_offset_ns);
  out.open();
  return out;
}

wire::Placement Trial::placement(std::int64_t now_ns, std::size_t sample, double in_s) {
  const Sample &is = subject.samples[sample % subject.samples.size()];
  wire::Placement out;
  out.id = "kit-" + test_ + "-" + std::to_string(++placements_);
  out.start_ns = now_ns + ns_of(in_s >= 0 ? in_s : is.in_s);
  out.start_ns -= out.start_ns % ns_per_ms;
  out.end_ns = out.start_ns + ns_of(is.for_s);
  out.body = to_text({{"kind", "placement"},
                      {"title", {{"zh", is.title.zh}, {"en", is.title.en}}},
                      {"text", {{"zh", is.text.zh}, {"en", is.text.en}}},
                      {"campaign", "kit"},
                      {"class", "psa"},
                      {"asset", "kit"},
                      {"places", {"kit-place"}}});
  for (const std::string &name : is.media) {
    const auto found = std::find(subject.media_names.begin(), subject.media_names.end(), name);
    if (found != subject.media_names.end())
      out.media.push_back(
          subject.media[static_cast<std::size_t>(found - subject.media_names.begin())]);
  }
  return out;
}

std::vector<wire::Placement> Trial::placements(std::int64_t now_ns) {
  std::vector<wire::Placement> out;
  for (std::size_t i = 0; i < subject.samples.size(); ++i) out.push_back(placement(now_ns, i));
  return out;
}

void Trial::publish(Channel &channel, const wire::Placement &placement) {
  const wire::Answer answer = channel.publish(placement);
  if (answer.verdict != wire::Verdict::done)
    fail(faults::not_taken, Fault::Fact("placement", placement.id),
         Fault::Fact("answer", shown(answer)));
}

void Trial::must_end(Channel &channel, const wire::Placement &placement) {
  const double left_s =
      static_cast<double>(placement.end_ns - channel.now_ns()) / static_cast<double>(ns_per_s);
  const double grace_s = manifest().limits.grace_s;
  const auto within_ms =
      static_cast<std::int64_t>((std::max(left_s, 0.0) + std::min(grace_s, patience_s)) * 1000);
  if (channel.listen(within_ms, [&] { return channel.said().has_ended(placement.id); })) return;
  if (grace_s > patience_s)
    warn(faults::not_ended_yet, Fault::Fact("placement", placement.id),
         Fault::Fact("waited", std::to_string(static_cast<int>(patience_s))),
         Fault::Fact("grace", std::to_string(static_cast<int>(grace_s))));
  fail(faults::not_ended, Fault::Fact("placement", placement.id),
       Fault::Fact("grace", std::to_string(static_cast<int>(grace_s))));
}

void Trial::must_be_legal(const Channel &channel, const std::vector<wire::Placement> &handed) {
  if (const auto wrong = objection(channel.said().all(), handed, subject.id(), subject.version()))
    fail(faults::illegal_fact, Fault::Fact("fact", std::string(word(wrong->heard.fact.fact))),
         Fault::Fact("placement", wrong->heard.fact.placement),
         Fault::Fact("zh", wrong->sentence.zh), Fault::Fact("en", wrong->sentence.en));
}

const std::vector<Test> &all_tests() {
  static const std::vector<Test> tests = [] {
    std::vector<Test> out;
    add_manifest_tests(out);
    add_load_tests(out);
    add_life_tests(out);
    add_check_tests(out);
    add_publish_tests(out);
    add_withdraw_tests(out);
    add_recall_tests(out);
    add_facts_tests(out);
    add_trouble_tests(out);
    add_growth_tests(out);
    add_fuzz_tests(out);
    return out;
  }();
  return tests;
}

}  // namespace civicast::kit
