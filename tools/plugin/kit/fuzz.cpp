// SPDX-License-Identifier: Apache-2.0
// Group "fuzz": what nobody would send on purpose. The seed is printed, and repeats it.
#include <algorithm>

#include "host/workers/schema.hpp"
#include "host/workers/worker.hpp"
#include "sdk/base/clock.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/settings.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

using wire::CallKind;
using wire::Verdict;

constexpr int placements_tried = 80;
constexpr int settings_tried = 16;

/// A text for people of any length and any characters that JSON allows.
std::string odd_text(std::mt19937_64 &random) {
  static const std::size_t lengths[] = {0, 1, 2, 139, 140, 141, 500, 5'000, 70'000};
  static const char *const letters[] = {"x",    "文", "😀",  "<b>", "&amp;",  "\n", "\t",
                                        "\x01", "\"", "\\", "]]>", "\u202e", " ",  "\x7f"};
  const std::size_t length = lengths[random() % std::size(lengths)];
  const bool is_plain = random() % 2 == 0;
  std::string out;
  while (out.size() < length) out += is_plain ? "a" : letters[random() % std::size(letters)];
  return out;
}

void bend_body(wire::Placement &placement, std::mt19937_64 &random) {
  Json body = Json::parse(placement.body);
  static const char *const names[] = {"kind",  "title", "text",  "campaign",
                                      "class", "asset", "places"};
  const std::string name = names[random() % std::size(names)];
  switch (random() % 6) {
    case 0:
      body.erase(name);
      break;
    case 1:
      body[name] = static_cast<std::int64_t>(random());
      break;
    case 2:
      body[name] = Json::array({nullptr, true, Json::object()});
      break;
    case 3:
      body[name] = odd_text(random);
      break;
    default:
      body["text"] = {{"zh", odd_text(random)}, {"en", odd_text(random)}};
      body["title"]["zh"] = odd_text(random);
  }
  placement.body = to_text(body);
}

void bend_media(wire::Placement &placement, std::mt19937_64 &random,
                const std::filesystem::path &folder) {
  if (placement.media.empty()) return;
  wire::Media &media = placement.media.front();
  switch (random() % 5) {
    case 0:
      media.path = folder.string();
      break;
    case 1:
      media.sha256 = std::string(random() % 80, 'f');
      break;
    case 2:
      media.mime = odd_text(random).substr(0, 60);
      break;
    case 3:
      placement.media.push_back(media);
      break;
    default:
      placement.media.clear();
  }
}

/// Its start and length stay sensible: what is held against it then is its content alone.
wire::Placement odd_placement(Trial &trial, std::int64_t now_ns, int number) {
  wire::Placement out = trial.placement(now_ns, trial.random(), 60 + 20.0 * number);
  const std::uint64_t draw = trial.random() % 4;
  if (draw != 1) bend_body(out, trial.random);
  if (draw != 2) bend_media(out, trial.random, trial.folder());
  return out;
}

bool is_of_time(const wire::Answer &answer) {
  return !answer.notes.empty() && (answer.notes.front().at.rfind("/start", 0) == 0 ||
                                   answer.notes.front().at.rfind("/end", 0) == 0);
}

void one_placement(Trial &trial, Channel &channel, const wire::Placement &placement) {
  const wire::Answer checked = channel.ask(CallKind::check, placement);
  const wire::Answer taken = channel.ask(CallKind::publish, placement);
  for (const wire::Answer *answer : {&checked, &taken})
    if (answer->verdict == Verdict::broken)
      trial.fail(faults::broken_by, Fault::Fact("call", answer == &checked ? "check" : "publish"),
                 Fault::Fact("answer", shown(*answer)), Fault::Fact("placement", placement.id),
                 Fault::Fact("body", placement.body.substr(0, 300)));
  const bool is_refused = taken.verdict == Verdict::refused && !is_of_time(taken);
  if (is_refused != (checked.verdict == Verdict::refused) && taken.verdict != Verdict::later)
    trial.fail(faults::check_disagrees, Fault::Fact("checked", shown(checked)),
               Fault::Fact("published", shown(taken)), Fault::Fact("placement", placement.id),
               Fault::Fact("body", placement.body.substr(0, 300)));
  if (taken.verdict == Verdict::done && trial.manifest().withdraw != workers::Withdraw::never)
    channel.ask(CallKind::withdraw, placement);
}

void placements(Trial &trial) {
  Channel channel = trial.open();
  std::vector<wire::Placement> handed;
  for (int i = 0; i < placements_tried; ++i) {
    handed.push_back(odd_placement(trial, channel.now_ns(), i));
    one_placement(trial, channel, handed.back());
  }
  channel.bye();
}

/// Times from the edge of what an integer holds; nothing is asked but that it lives.
void times(Trial &trial) {
  Channel channel = trial.open();
  const std::int64_t now_ns = channel.now_ns();
  const std::int64_t odd[] = {0,
                              1,
                              -1,
                              now_ns - 1,
                              now_ns - 400 * 86'400 * ns_per_s,
                              std::numeric_limits<std::int64_t>::max(),
                              std::numeric_limits<std::int64_t>::min(),
                              now_ns + ns_per_s * 3};
  for (const std::int64_t start_ns : odd)
    for (const std::int64_t end_ns : odd) {
      wire::Placement placement = trial.placement(now_ns);
      placement.start_ns = start_ns;
      placement.end_ns = end_ns;
      const wire::Answer answer = channel.ask(CallKind::check, placement);
      if (answer.verdict == Verdict::broken)
        trial.fail(faults::broken_by, Fault::Fact("call", "check"),
                   Fault::Fact("answer", shown(answer)), Fault::Fact("placement", placement.id),
                   Fault::Fact("body", std::to_string(start_ns) + " … " + std::to_string(end_ns)));
    }
  channel.bye();
}

void settings(Trial &trial) {
  const Json &schema = trial.manifest().settings;
  const Json properties = schema.value("properties", Json::object());
  if (properties.empty()) trial.skip(faults::no_settings);
  for (int i = 0; i < settings_tried; ++i) {
    Json given = trial.settings();
    for (const auto &[name, property] : properties.items()) {
      if (trial.random() % 2 == 0) continue;
      const Json value = random_value(property, trial.random);
      if (workers::validate(property, value).empty()) given[name] = value;
    }
    given =
        filled(schema, given, {trial.folder() / "temp0", [&] { return trial.far_side().url(); }});
    if (!workers::validate(schema, given).empty()) continue;
    Channel channel(trial.subject,
                    {given, trial.folder() / ("settings" + std::to_string(i)), 0, {}, {}});
    channel.start();
    const wire::Answer answer = channel.welcome();
    const bool is_refusal = answer.verdict == Verdict::unready || answer.verdict == Verdict::later;
    const bool speaks = !answer.notes.empty() && !answer.notes.front().message.empty();
    if (answer.verdict != Verdict::done && !(is_refusal && speaks))
      trial.fail(faults::bent_settings, Fault::Fact("at", "/"),
                 Fault::Fact("wrong", to_text(given).substr(0, 400)),
                 Fault::Fact("answer", shown(answer)));
    if (answer.verdict == Verdict::done) channel.bye();
  }
}

std::vector<std::string> garbage(std::mt19937_64 &random) {
  std::vector<std::string> out = {std::string("\xff\xff\xff\xff") + "{}", wire::frame("[]"),
                                  wire::frame("{\"call\":7}"), wire::frame("not json"),
                                  wire::frame(std::string(40, '[') + std::string(40, ']'))};
  std::string noise(64, '\0');
  for (char &byte : noise) byte = static_cast<char>(random() % 256);
  out.push_back(wire::frame(noise));
  return out;
}

void frames(Trial &trial) {
  constexpr std::int64_t limit_ms = 6'000;
  for (const std::string &bytes : garbage(trial.random)) {
    Channel channel = trial.open();
    channel.line().send_bytes(bytes);
    const std::int64_t until_ms =
        workers::steady_ms() + static_cast<std::int64_t>(limit_ms * trial.subject.busy);
    while (!channel.line().ending() && workers::steady_ms() < until_ms)
      if (!channel.line().next(until_ms)) break;
    if (!channel.line().ending()) trial.fail(faults::takes_garbage);
    if (channel.line().ending()->how.rfind("signal", 0) == 0)
      throw kit::Verdict{Outcome::crash,
                         about(trial.subject, faults::died, {"how", channel.line().ending()->how},
                               {"call", "garbage"}, {"placement", "—"})};
  }
}

}  // namespace

void add_fuzz_tests(std::vector<Test> &tests) {
  tests.push_back(
      {"fuzz.placements",
       3,
       {"随意生成的排期不会使插件崩溃或故障；check 接受的，publish 不以内容为由拒绝，反之亦然。",
        "No placement made at random crashes or breaks the plugin, and what check accepts, "
        "publish does not refuse for its content, nor the other way round."},
       5,
       1,
       placements});
  tests.push_back({"fuzz.times",
                   3,
                   {"整数边缘的时间不会使 check 崩溃或故障。",
                    "No time, from the edge of what an integer holds, crashes or breaks check."},
                   2,
                   1,
                   times});
  tests.push_back(
      {"fuzz.settings",
       3,
       {"说明所允许的任何设置，插件要么打开，要么用一句话拒绝。",
        "Given any settings that its schema allows, the plugin opens, or refuses with a "
        "sentence."},
       2,
       16,
       settings});
  tests.push_back({"fuzz.frames",
                   3,
                   {"收到不成帧的字节，工作进程很快结束，而不是挂住。",
                    "Sent bytes that are no frame, the worker soon ends instead of hanging."},
                   6,
                   6,
                   frames});
}

}  // namespace civicast::kit
