// SPDX-License-Identifier: Apache-2.0
// Owners for what libav* hands out, and its error numbers as words.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <memory>
#include <stdexcept>
#include <string>

namespace civicast::cable {

struct FreePacket {
  void operator()(AVPacket *p) const { av_packet_free(&p); }
};
struct FreeFrame {
  void operator()(AVFrame *f) const { av_frame_free(&f); }
};
struct FreeCodec {
  void operator()(AVCodecContext *c) const { avcodec_free_context(&c); }
};
struct CloseInput {
  void operator()(AVFormatContext *f) const { avformat_close_input(&f); }
};
struct CloseParser {
  void operator()(AVCodecParserContext *p) const { av_parser_close(p); }
};
using PacketPtr = std::unique_ptr<AVPacket, FreePacket>;
using FramePtr = std::unique_ptr<AVFrame, FreeFrame>;
using CodecPtr = std::unique_ptr<AVCodecContext, FreeCodec>;
using InputPtr = std::unique_ptr<AVFormatContext, CloseInput>;
using ParserPtr = std::unique_ptr<AVCodecParserContext, CloseParser>;

inline std::string av_words(int error) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, text, sizeof text);
  return text;
}

/// What libav* may not answer here unless memory is exhausted or the library lacks a part.
inline int av_must(int result, const char *what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + av_words(result));
  return result;
}

inline PacketPtr make_packet() {
  PacketPtr packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

/// A second owner of the same bytes; nothing is copied.
inline PacketPtr share(const AVPacket &packet) {
  PacketPtr copy(av_packet_clone(&packet));
  if (!copy) throw std::bad_alloc();
  return copy;
}

}  // namespace civicast::cable
