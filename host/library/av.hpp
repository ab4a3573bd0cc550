// SPDX-License-Identifier: Apache-2.0
// libav's objects, freed when they go, and its error codes as exceptions.
//
// libav fails on input that people give (a refusal, handled where it is read) and when it cannot do
// what we ask of it (a breakdown): `must` is for the second.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace civicast::library::av {

/// Calls libav's "free through a pointer to the pointer" functions.
template <auto free_function>
struct FreeThrough {
  template <class T>
  void operator()(T *object) const {
    free_function(&object);
  }
};

using Packet = std::unique_ptr<AVPacket, FreeThrough<av_packet_free>>;
using Frame = std::unique_ptr<AVFrame, FreeThrough<av_frame_free>>;
using Codec = std::unique_ptr<AVCodecContext, FreeThrough<avcodec_free_context>>;
using Graph = std::unique_ptr<AVFilterGraph, FreeThrough<avfilter_graph_free>>;
using Filter = std::unique_ptr<AVBSFContext, FreeThrough<av_bsf_free>>;
using Resampler = std::unique_ptr<SwrContext, FreeThrough<swr_free>>;

Packet new_packet();
Frame new_frame();
Frame share(const AVFrame &frame);  ///< the same picture or sound, counted

inline constexpr AVRational ns_base{1, 1'000'000'000};
inline constexpr AVRational us_base{1, 1'000'000};

std::string reason(int code);
/// libav cannot do what we asked.
class Error final : public std::runtime_error {
 public:
  Error(int code, const std::string &what) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};
/// Throws Error when `code` is negative.
int must(int code, const char *what);

/// Builds a graph from libavfilter's text; its ends are named "buffer@in", "buffersink@out" and so
/// on in the text itself.
Graph graph(const std::string &text);
AVFilterContext *end_of(const Graph &graph, const char *name);
/// The next frame of a sink: true, or false with `again` telling whether more input may bring one.
bool take(AVFilterContext *sink, AVFrame &frame, bool &again);

/// libav writes what it thinks of its input on standard error; we have sentences for that.
void silence_log();

}  // namespace civicast::library::av
