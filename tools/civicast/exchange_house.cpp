// SPDX-License-Identifier: Apache-2.0
#include "tools/civicast/exchange_house.hpp"

#include <iostream>

#include "sdk/base/disk.hpp"

namespace civicast::cli {

exchange::House house_of(PlannedStation &at) {
  return {at.station,  *at.playlists, *at.store, flow::durations_from(*at.library),
          at.now_ns(), frozen_ns};
}

exchange::Wish ImportOptions::wish() const {
  exchange::Wish wish;
  wish.channel = channel;
  wish.date = parse_date(date);
  wish.is_trial = is_trial;
  wish.is_partial = is_partial;
  wish.is_closed = is_closed;
  return wish;
}

void add_import_options(CLI::App &command, ImportOptions &options) {
  command.add_option("file", options.file, "文件 · The file")
      ->required()
      ->check(CLI::ExistingFile)
      ->type_name("FILE");
  command
      .add_option("--channel", options.channel,
                  "频道编号；默认按文件所写 · The channel's id; as the file says if left out")
      ->type_name("ID");
  command
      .add_option(
          "--date", options.date,
          "日期；默认按文件所写，CCMS 取最近的一年 · The day; as the file says if left out, "
          "CCMS in the nearest year")
      ->check(is_date);
  command.add_flag("--dry-run", options.is_trial,
                   "只看结果，不作更改 · Say what would be done, and change nothing");
  command.add_flag("--partial", options.is_partial,
                   "有问题的记录略过，其余照办；不加则有一处问题就全部不办 · Take what can be "
                   "taken; without it one mistake stops all of it");
}

void add_export_options(CLI::App &command, ExportOptions &options,
                        const std::vector<std::string> &formats) {
  command.add_option("--channel", options.channel, "频道编号 · The channel's id")
      ->required()
      ->type_name("ID");
  command.add_option("--date", options.date, "日期，默认今天 · The day; today if left out")
      ->check(is_date);
  options.format = formats.front();
  command.add_option("--format", options.format, "文件格式 · The format of the file")
      ->check(CLI::IsMember(formats, CLI::ignore_case))
      ->capture_default_str();
  command
      .add_option("--out", options.out,
                  "文件，或目录（按格式的规则命名）；默认打印到屏幕 · The file, or a folder (it is "
                  "named as its format wants); printed if left out")
      ->type_name("FILE");
}

std::optional<exchange::Upload> read_upload(const std::filesystem::path &file, Context &context) {
  auto text = read_file(file, exchange::max_file_bytes);
  if (!text) return report(text.fault(), context), std::nullopt;
  return exchange::Upload{file.filename().string(), *std::move(text)};
}

void put_out(const Result<exchange::File, Faults> &file, const std::filesystem::path &out,
             Context &context) {
  if (!file) return report(file.fault(), context);
  if (out.empty()) {
    std::cout << file->text;
    return;
  }
  const auto path = std::filesystem::is_directory(out) ? out / file->name : out;
  if (auto written = write_file_atomically(path, file->text); !written)
    return report(written.fault(), context);
  std::cerr << path.string() << "\n";
}

void report_outcome(const Faults &faults, const Faults &remarks, bool is_done, bool is_trial,
                    Context &context) {
  const int before = context.exit_code;
  report(remarks, context);
  report(faults, context);
  const bool has_failed = is_trial ? !faults.empty() : !is_done;
  context.exit_code = has_failed ? 1 : before;
}

}  // namespace civicast::cli
