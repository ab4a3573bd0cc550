// SPDX-License-Identifier: Apache-2.0
// `civicast asset`: media in, and what the library holds.
#include <cmath>

#include "host/channels/channel.hpp"
#include "host/library/faults.hpp"
#include "host/library/library.hpp"
#include "tools/civicast/commands.hpp"

namespace civicast::cli {
namespace {

namespace fs = std::filesystem;
using library::Asset;
using library::HouseFile;
using library::HouseFormat;
using library::ImportRequest;
using library::Library;

struct ImportOptions {
  std::vector<fs::path> files;
  ImportRequest request;
  double seconds = 15;
};

/// The library of the station that the command is about.
struct OpenLibrary {
  SystemClock clock;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Library> library;
};

/// What the station's channels air. A station without channels yet, or with mistakes in them, still
/// takes assets; what is missing then is made when it runs.
std::vector<HouseFormat> wanted_formats(const Context &context) {
  const auto channels = channels::read_channels(context.station / "channels.xml");
  if (!channels) return {HouseFormat::ts_720p25};
  return channels::formats_of(*channels);
}

Result<void> open(OpenLibrary &open, const Context &context) {
  auto store = store::Store::open(context.station / "civicast.db");
  if (!store) return std::move(store).fault();
  open.store = std::move(*store);
  auto library = Library::open(*open.store, context.station, open.clock, wanted_formats(context));
  if (!library) return std::move(library).fault();
  open.library = std::move(*library);
  return {};
}

Json seconds_of(std::int64_t ns) {
  return std::round(static_cast<double>(ns) / 1e6) / 1e3;
}

Table asset_table() {
  return Table({{"id", "编号 id"},
                {"kind", "类型 kind"},
                {"title_zh", "标题"},
                {"title_en", "title"},
                {"seconds", "时长(秒) seconds"},
                {"width", "宽 width"},
                {"height", "高 height"},
                {"loudness_lkfs", "响度 LKFS"},
                {"source", "来源 source"},
                {"sha256", "SHA-256"}});
}

void add_row(Table &table, const Asset &asset) {
  table.add({asset.id, name_of(asset.kind), asset.title.zh, asset.title.en,
             seconds_of(asset.duration_ns), asset.width, asset.height,
             asset.loudness_lkfs ? Json(std::round(*asset.loudness_lkfs * 10) / 10) : Json(),
             asset.source_name, asset.sha256});
}

/// One fault does not stop the others; each is told, and the exit status remembers.
void import_files(ImportOptions &options, Context &context) {
  OpenLibrary opened;
  if (auto done = open(opened, context); !done) return report(done.fault(), context);
  options.request.still_ns = std::llround(options.seconds * 1e9);
  {
    TerminalProgress progress;
    if (auto done = opened.library->resume(progress); !done) return report(done.fault(), context);
  }
  Table table = asset_table();
  for (const fs::path &file : options.files) {
    options.request.file = file;
    Result<Asset> asset = [&] {
      TerminalProgress progress;
      return opened.library->import(options.request, progress);
    }();
    if (asset)
      add_row(table, *asset);
    else
      report(asset.fault(), context);
  }
  table.print(context);
}

void list_assets(Context &context) {
  OpenLibrary opened;
  if (auto done = open(opened, context); !done) return report(done.fault(), context);
  Table table = asset_table();
  for (const Asset &asset : opened.library->list()) add_row(table, asset);
  table.print(context);
}

void show_asset(const std::string &id, Context &context) {
  OpenLibrary opened;
  if (auto done = open(opened, context); !done) return report(done.fault(), context);
  const auto asset = opened.library->find(id);
  if (!asset) return report(Fault(library::faults::asset_unknown, {{"id", id}}), context);
  Table table({{"id", "编号 id"},
               {"kind", "类型 kind"},
               {"title_zh", "标题"},
               {"title_en", "title"},
               {"text_zh", "文字"},
               {"text_en", "text"},
               {"format", "成品格式 house format"},
               {"mime", "MIME"},
               {"seconds", "时长(秒) seconds"},
               {"frames", "帧数 frames"},
               {"made_from", "制自 made from"},
               {"path", "成品文件 house file"},
               {"sha256", "SHA-256"}});
  bool has_files = false;
  for (const HouseFile &file : opened.library->house_files()) {
    if (file.asset != id) continue;
    has_files = true;
    table.add({id, name_of(asset->kind), asset->title.zh, asset->title.en, asset->text.zh,
               asset->text.en, name_of(file.format), file.mime, seconds_of(file.duration_ns),
               file.frames, file.made_from, file.path.string(), file.sha256});
  }
  if (!has_files)
    table.add({id, name_of(asset->kind), asset->title.zh, asset->title.en, asset->text.zh,
               asset->text.en, Json(), Json(), seconds_of(asset->duration_ns), Json(), Json(),
               Json(), Json()});
  table.print(context);
}

/// Everything that the channels want and nobody has made yet. One fault does not stop the others.
void render_missing(const std::string &id, Context &context) {
  OpenLibrary opened;
  if (auto done = open(opened, context); !done) return report(done.fault(), context);
  if (!id.empty() && !opened.library->find(id))
    return report(Fault(library::faults::asset_unknown, {{"id", id}}), context);
  Table table({{"id", "编号 id"},
               {"format", "成品格式 house format"},
               {"seconds", "时长(秒) seconds"},
               {"made_from", "制自 made from"},
               {"path", "成品文件 house file"}});
  for (const auto &unmade : opened.library->unmade()) {
    if (!id.empty() && unmade.asset != id) continue;
    Result<HouseFile> made = [&] {
      TerminalProgress progress;
      return opened.library->make(unmade.asset, unmade.format, progress);
    }();
    if (made)
      table.add({made->asset, name_of(made->format), seconds_of(made->duration_ns), made->made_from,
                 made->path.string()});
    else
      report(made.fault(), context);
  }
  table.print(context);
}

void add_import(CLI::App &assets, Context &context) {
  auto options = std::make_shared<ImportOptions>();
  auto *command = assets.add_subcommand(
      "import", "导入视频、音频、图片或文本 · Import video, audio, pictures or text");
  ImportRequest &request = options->request;
  command->add_option("files", options->files, "媒体文件 · Media files")
      ->required()
      ->type_name("FILE");
  command->add_option("--id", request.id,
                      "素材编号，默认由内容得出 · The asset's id; made from its bytes if left out");
  command->add_option("--title-zh", request.title.zh, "中文标题 · Title in Chinese");
  command->add_option("--title-en", request.title.en, "英文标题 · Title in English");
  command->add_option("--text-zh", request.text.zh,
                      "中文配文 · Words in Chinese that go with a post");
  command->add_option("--text-en", request.text.en,
                      "英文配文 · Words in English that go with a post");
  command
      ->add_option("--sound", request.sound, "静止图片的配音 · Sound to lie under a still picture")
      ->type_name("FILE");
  command
      ->add_option("--seconds", options->seconds,
                   "静止图片的停留秒数 · How many seconds a still picture stands")
      ->capture_default_str();
  add_format_option(*command, context);
  command->callback([options, &context] { import_files(*options, context); });
}

}  // namespace

void add_asset_commands(CLI::App &app, Context &context) {
  auto *assets = app.add_subcommand("asset", "素材库 · The library of assets");
  assets->require_subcommand(1);
  add_import(*assets, context);

  auto *list = assets->add_subcommand("list", "列出全部素材 · List every asset");
  add_format_option(*list, context);
  list->callback([&context] { list_assets(context); });

  auto only = std::make_shared<std::string>();
  auto *render = assets->add_subcommand(
      "render",
      "为频道制作尚缺的成品文件，例如频道改用了另一种格式 · Make the house files that channels "
      "want "
      "and that are not there yet, after a channel was given another format");
  render->add_option("id", *only, "只做这个素材 · Only of this asset")->type_name("ID");
  add_format_option(*render, context);
  render->callback([only, &context] { render_missing(*only, context); });

  auto id = std::make_shared<std::string>();
  auto *show = assets->add_subcommand(
      "show", "显示一个素材及其成品文件 · Show one asset and its house files");
  show->add_option("id", *id, "素材编号 · The asset's id")->required()->type_name("ID");
  add_format_option(*show, context);
  show->callback([id, &context] { show_asset(*id, context); });
}

}  // namespace civicast::cli
