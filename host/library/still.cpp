// SPDX-License-Identifier: Apache-2.0
#include "host/library/still.hpp"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "host/library/claims.hpp"
#include "host/library/faults.hpp"
#include "host/library/library.hpp"

namespace civicast::library {
namespace {

bool is_large(const Size &size) {
  return size.width > max_picture_side || size.height > max_picture_side;
}

Fault too_large(const std::string &shown, const Size &size) {
  return Fault(faults::picture_too_large, {{"file", shown},
                                           {"size", fmt::format("{}×{}", size.width, size.height)},
                                           {"limit", std::to_string(max_picture_side)}});
}

std::string_view bytes_of(const AVPacket &packet) {
  return {reinterpret_cast<const char *>(packet.data), static_cast<std::size_t>(packet.size)};
}

/// Called before the pixels are allocated: a picture of a few bytes may claim gigabytes.
int bounded_buffer(AVCodecContext *codec, AVFrame *frame, int flags) {
  if (is_large({frame->width, frame->height})) {
    *static_cast<Size *>(codec->opaque) = {frame->width, frame->height};
    return AVERROR(EINVAL);
  }
  return avcodec_default_get_buffer2(codec, frame, flags);
}

Result<av::Codec> still_decoder(const AVStream &stream, const std::string &shown,
                                const Size &canvas, Size &wanted) {
  const AVCodec *kind = avcodec_find_decoder(stream.codecpar->codec_id);
  const char *name = avcodec_get_name(stream.codecpar->codec_id);
  if (kind == nullptr)
    return Fault(faults::media_codec_unsupported, {{"file", shown}, {"codec", name}});
  av::Codec codec(avcodec_alloc_context3(kind));
  if (!codec) throw std::bad_alloc();
  av::must(avcodec_parameters_to_context(codec.get(), stream.codecpar), "still decoder");
  codec->thread_count = 1;
  // libav calls each tag of a TIFF that it does not know an error.
  if (codec->codec_id != AV_CODEC_ID_TIFF)
    codec->err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_EXPLODE;
  codec->opaque = &wanted;
  codec->get_buffer2 = bounded_buffer;
  AVDictionary *options = nullptr;
  if (codec->codec_id == AV_CODEC_ID_SVG) {
    av_dict_set_int(&options, "width", canvas.width, 0);
    av_dict_set_int(&options, "height", canvas.height, 0);
  }
  const int code = avcodec_open2(codec.get(), kind, &options);
  av_dict_free(&options);
  if (code < 0)
    return Fault(faults::media_codec_unsupported, {{"file", shown}, {"codec", name}})
        .with_detail(av::reason(code));
  return codec;
}

bool is_animated_webp(const AVPacket &packet) {
  constexpr int flags_at = 20, animation = 0x02;
  return packet.size > flags_at && std::memcmp(packet.data + 8, "WEBPVP8X", 8) == 0 &&
         (packet.data[flags_at] & animation) != 0;
}

/// JPEG decoders of this kind fill what is missing with grey and call it a picture.
bool is_cut_jpeg(const AVCodecContext &codec, const AVPacket &packet) {
  if (codec.codec_id != AV_CODEC_ID_MJPEG) return false;
  constexpr unsigned char end_of_image[] = {0xFF, 0xD9};
  const auto *last = packet.data + packet.size;
  // An embedded thumbnail has an end of its own; the picture's stands in the last part.
  const auto *from = packet.data + packet.size / 2;
  return std::search(from, last, std::begin(end_of_image), std::end(end_of_image)) == last;
}

int exif_orientation(const AVFrame &frame) {
  const AVDictionaryEntry *entry = av_dict_get(frame.metadata, "Orientation", nullptr, 0);
  const int value = entry == nullptr ? 1 : std::atoi(entry->value);
  return value >= 1 && value <= 8 ? value : 1;
}

Result<av::Frame> first_picture(Input &input, AVCodecContext &codec, const Size &wanted) {
  const char *name = avcodec_get_name(codec.codec_id);
  const Fault damaged(faults::media_damaged, {{"file", input.shown()}, {"part", name}});
  const av::Packet packet = av::new_packet();
  av::Frame frame = av::new_frame();
  for (bool more = true; more;) {
    more = input.read(*packet);
    if (more && is_animated_webp(*packet))
      return Fault(faults::webp_animated, {{"file", input.shown()}});
    if (more && is_cut_jpeg(codec, *packet)) return Fault(damaged).with_detail("no end of image");
    const auto claimed = more ? claimed_size(bytes_of(*packet)) : std::nullopt;
    if (claimed && is_large(*claimed)) return too_large(input.shown(), *claimed);
    int code = avcodec_send_packet(&codec, more ? packet.get() : nullptr);
    if (code >= 0) code = avcodec_receive_frame(&codec, frame.get());
    if (code == 0) break;
    if (code == AVERROR(EAGAIN) && more) continue;
    if (code == AVERROR(ENOMEM)) throw std::bad_alloc();
    if (is_large(wanted)) return too_large(input.shown(), wanted);
    return Fault(damaged).with_detail(av::reason(code));
  }
  if (frame->decode_error_flags != 0) return Fault(damaged).with_detail("decode error flags");
  return frame;
}

void lay_on_paper(AVFrame &rgba, bool is_premultiplied) {
  for (int y = 0; y < rgba.height; ++y) {
    std::uint8_t *pixel = rgba.data[0] + std::ptrdiff_t{y} * rgba.linesize[0];
    for (int x = 0; x < rgba.width; ++x, pixel += 4) {
      const int paper = 255 - pixel[3];
      for (int c = 0; c < 3; ++c) {
        const int ink = is_premultiplied ? pixel[c] : (pixel[c] * pixel[3] + 127) / 255;
        pixel[c] = static_cast<std::uint8_t>(std::min(255, ink + paper));
      }
      pixel[3] = 255;
    }
  }
}

}  // namespace

av::Frame without_transparency(const AVFrame &picture, bool is_premultiplied) {
  const auto format = static_cast<AVPixelFormat>(picture.format);
  const AVPixFmtDescriptor *kind = av_pix_fmt_desc_get(format);
  const bool may_be_transparent =
      (kind->flags & AV_PIX_FMT_FLAG_ALPHA) != 0 || format == AV_PIX_FMT_PAL8;
  if (!may_be_transparent) return av::share(picture);
  av::Frame rgba = av::new_frame();
  av::must(av_frame_copy_props(rgba.get(), &picture), "copy");
  rgba->format = AV_PIX_FMT_RGBA;
  rgba->width = picture.width;
  rgba->height = picture.height;
  av::must(av_frame_get_buffer(rgba.get(), 0), "picture");
  const std::unique_ptr<SwsContext, void (*)(SwsContext *)> scaler(
      sws_getContext(picture.width, picture.height, format, rgba->width, rgba->height,
                     AV_PIX_FMT_RGBA, SWS_POINT, nullptr, nullptr, nullptr),
      sws_freeContext);
  if (!scaler) throw std::runtime_error("this pixel format cannot be converted");
  sws_scale(scaler.get(), picture.data, picture.linesize, 0, picture.height, rgba->data,
            rgba->linesize);
  lay_on_paper(*rgba, is_premultiplied);
  return rgba;
}

Result<Still> decode_still(const std::filesystem::path &file, const std::string &shown,
                           const Media &media, const formats::Video &format) {
  auto input = Input::open(file, shown);
  if (!input) return std::move(input).fault();
  Size wanted;  // by the decoder, and not given
  const Size canvas{
      static_cast<int>(av_rescale(format.width, format.pixel_width, format.pixel_height)),
      format.height};
  auto codec = still_decoder((*input)->stream(media.video), shown, canvas, wanted);
  if (!codec) return std::move(codec).fault();
  (*input)->only(media.video);
  auto decoded = first_picture(**input, **codec, wanted);
  if (!decoded) return std::move(decoded).fault();
  const bool is_svg = (*codec)->codec_id == AV_CODEC_ID_SVG;
  Still still;
  still.orientation = exif_orientation(**decoded);
  still.picture = without_transparency(**decoded, is_svg);
  still.width = still.picture->width;
  still.height = still.picture->height;
  if (still.orientation > 4) std::swap(still.width, still.height);
  return still;
}

}  // namespace civicast::library
