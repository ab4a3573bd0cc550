// SPDX-License-Identifier: Apache-2.0
// `civicast plugin run`: one placement, and every frame that it causes.
#include <fmt/format.h>
#include <signal.h>

#include <cstdlib>
#include <iostream>

#include "host/base/sha256.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/work_folder.hpp"
#include "tools/plugin/kit/house_media.hpp"
#include "tools/plugin/kit/test.hpp"
#include "tools/plugin/kit/trace.hpp"

namespace civicast::cli {
namespace {

namespace fs = std::filesystem;

struct Asked {
  fs::path plugin, settings, placement, media, runner;
  std::string text, starts_in, lasts;
};

volatile sig_atomic_t is_interrupted = 0;

void interrupt(int) {
  is_interrupted = 1;
}

double seconds(const std::string &duration) {
  const double number = std::atof(duration.c_str());
  const std::string unit = duration.substr(duration.find_first_not_of("0123456789."));
  return unit == "ms" ? number / 1000 : unit == "m" ? number * 60 : number;
}

const char *mime_of(const fs::path &file) {
  const std::string end = file.extension().string();
  if (end == ".ts") return "video/mp2t";
  if (end == ".mp4") return "video/mp4";
  return end == ".jpg" || end == ".jpeg" ? "image/jpeg" : "application/octet-stream";
}

/// The file as it is: what the library would have made of it is not this command's business.
Result<wire::Media> media_of(const fs::path &file, double for_s) {
  const auto hash = sha256_of_file(file);
  if (!hash) return hash.fault();
  wire::Media out;
  out.path = fs::absolute(file).string();
  out.sha256 = hex(*hash);
  out.mime = mime_of(file);
  out.duration_ns = static_cast<std::int64_t>(for_s * 1e9);
  return out;
}

/// The sample that the options describe, alone in `subject`; its media made or found.
Result<void, Faults> choose(const Asked &asked, kit::Subject &subject) {
  if (!asked.placement.empty()) {
    auto sample = kit::read_sample(asked.placement);
    if (!sample) return sample.fault();
    subject.samples = {std::move(*sample)};
  }
  subject.samples.resize(1);
  kit::Sample &sample = subject.samples.front();
  if (!asked.text.empty()) sample.text = {asked.text, asked.text};
  if (!asked.starts_in.empty()) sample.in_s = seconds(asked.starts_in);
  if (!asked.lasts.empty()) sample.for_s = seconds(asked.lasts);
  if (!asked.media.empty()) {
    const auto media = media_of(asked.media, sample.for_s);
    if (!media) return Faults{media.fault()};
    sample.media = {asked.media.string()};
    subject.media = {*media};
    subject.media_names = sample.media;
  } else if (const auto made = kit::make_media(subject); !made) {
    return Faults{made.fault()};
  }
  return {};
}

struct End {
  std::string zh, en;
  bool is_good = false;
};

End end_of(const kit::Channel &channel, const std::string &id) {
  for (const kit::Heard &heard : channel.said().distinct()) {
    if (heard.fact.placement != id || !kit::is_final(heard.fact.fact)) continue;
    const std::string fact(word(heard.fact.fact)), evidence(word(heard.fact.evidence)),
        status(word(heard.fact.status));
    const std::string place = heard.fact.place.empty() ? "—" : heard.fact.place;
    return {fmt::format("结局：{}（{}，证据 {}，点位 {}）。", fact, status, evidence, place),
            fmt::format("It ended: {} ({}, evidence {}, place {}).", fact, status, evidence, place),
            heard.fact.fact == wire::FactKind::aired};
  }
  if (is_interrupted)
    return {"按要求停止，尚无结局。", "Stopped as asked, before it ended.", false};
  return {"在 grace_s 之内没有结局。", "It did not end within grace_s.", false};
}

/// Waits for the end, or for a person who has seen enough.
End sent(kit::Channel &channel, const wire::Placement &placement, const kit::Subject &subject) {
  const wire::Answer answer = channel.publish(placement);
  if (answer.verdict != wire::Verdict::done)
    return {"没有被接受：" + kit::shown(answer), "It was not taken: " + kit::shown(answer), false};
  const double left_s = static_cast<double>(placement.end_ns - channel.now_ns()) / 1e9;
  const double wait_s = std::max(left_s, 0.0) + subject.manifest->limits.grace_s;
  channel.listen(static_cast<std::int64_t>(wait_s * 1000),
                 [&] { return is_interrupted != 0 || channel.said().has_ended(placement.id); });
  return end_of(channel, placement.id);
}

void run(const Asked &asked, Context &context) {
  auto subject = kit::read_subject(asked.plugin, asked.runner, asked.settings);
  if (!subject) return report(subject.fault(), context);
  if (!subject->manifest) return report(subject->manifest_faults, context);
  const WorkFolder work("civicast-run");
  subject->work = work.path();
  if (const auto chosen = choose(asked, *subject); !chosen) return report(chosen.fault(), context);
  kit::Trial trial(*subject, "run", work.path(), 0);
  const Json settings = trial.settings();
  kit::Trace trace(std::cout, subject->manifest->settings, settings);
  kit::Channel channel(
      *subject, {settings, work.path() / "state", 0,
                 [&](bool is_to_worker, std::string_view text) { trace.frame(is_to_worker, text); },
                 [&](const std::string &line) { trace.line(line); }});
  ::signal(SIGINT, interrupt);
  ::signal(SIGTERM, interrupt);
  try {
    channel.open();
    const End end = sent(channel, trial.placement(channel.now_ns()), *subject);
    channel.bye();
    std::cout << end.zh << "\n" << end.en << "\n";
    context.exit_code = end.is_good ? 0 : 1;
  } catch (const kit::Verdict &verdict) {
    report(verdict.why, context);
  }
}

}  // namespace

void add_plugin_run(CLI::App &plugins, Context &context) {
  auto *command = plugins.add_subcommand(
      "run", "交给插件一条排期，显示每一帧 · Hands a plugin one placement and shows every frame");
  auto asked = std::make_shared<Asked>();
  asked->runner = fs::read_symlink("/proc/self/exe").parent_path() / "civicast-runner";
  const CLI::Validator duration(
      [](std::string &text) {
        const std::size_t unit = text.find_first_not_of("0123456789.");
        const std::string name = unit == std::string::npos ? "" : text.substr(unit);
        const bool is_good = unit != 0 && (name == "ms" || name == "s" || name == "m");
        return is_good ? std::string() : "须如 500ms、5s、2m · it must be like 500ms, 5s or 2m";
      },
      "DURATION");
  command->add_option("plugin", asked->plugin, "插件目录 · The plugin's folder")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--settings", asked->settings,
                   "打开插件所用的设置，JSON 文件 · The settings that it is opened with, as JSON")
      ->type_name("FILE");
  command
      ->add_option("--placement", asked->placement,
                   "排期，JSON 文件，写法同 check.json 的 placements · The placement, as one of "
                   "check.json's placements")
      ->type_name("FILE");
  command->add_option("--text", asked->text, "排期的文字 · The placement's text");
  command->add_option("--media", asked->media, "排期的成品文件 · The placement's house file")
      ->check(CLI::ExistingFile)
      ->type_name("FILE");
  command->add_option("--in", asked->starts_in, "多久之后开始 · How soon it starts")
      ->check(duration);
  command->add_option("--for", asked->lasts, "播多久 · How long it lasts")->check(duration);
  command->callback([&context, asked] { run(*asked, context); });
}

}  // namespace civicast::cli
