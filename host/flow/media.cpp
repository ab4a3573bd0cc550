// SPDX-License-Identifier: Apache-2.0
#include "host/flow/media.hpp"

namespace civicast::flow {

channels::MediaOf media_from(library::Library &library) {
  return [&library](const playlists::Item &item,
                    const channels::Channel &channel) -> Result<std::vector<wire::Media>> {
    auto file = library.require(item.asset, channel.format);
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
