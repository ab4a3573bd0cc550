// SPDX-License-Identifier: Apache-2.0
#include "host/flow/media.hpp"

namespace civicast::flow {

namespace {

/// Words need no house file where pictures are posted.
bool is_words_only(library::Library &library, const std::string &asset,
                   const channels::Channel &channel) {
  const auto found = library.find(asset);
  return found && found->kind == library::AssetKind::text &&
         channel.format == library::HouseFormat::jpeg_720;
}

}  // namespace

channels::MediaOf media_from(library::Library &library) {
  return [&library](const playlists::Item &item,
                    const channels::Channel &channel) -> Result<std::vector<wire::Media>> {
    if (item.asset.empty()) return std::vector<wire::Media>{};  // live, without a standby
    auto file = library.require(item.asset, channel.format);
    if (!file && is_words_only(library, item.asset, channel)) return std::vector<wire::Media>{};
    // A live programme that has lost its standby is live all the same.
    if (!file && !item.live.empty()) return std::vector<wire::Media>{};
    if (!file) return file.fault();
    return std::vector<wire::Media>{
        {file->path.string(), file->sha256, file->mime, file->duration_ns}};
  };
}

std::string house_sha256(library::Library &library, const playlists::Item &item,
                         const channels::Channel &channel) {
  const auto file = library.house_file(item.asset, channel.format);
  return file ? file->sha256 : "";
}

Words text_of(library::Library &library, const playlists::Item &item) {
  const auto asset = library.find(item.asset);
  return asset ? asset->text : Words{};
}

}  // namespace civicast::flow
