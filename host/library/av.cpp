// SPDX-License-Identifier: Apache-2.0
#include "host/library/av.hpp"

#include <new>

namespace civicast::library::av {

Packet new_packet() {
  Packet packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

Frame new_frame() {
  Frame frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  return frame;
}

Frame share(const AVFrame &frame) {
  Frame other(av_frame_clone(&frame));
  if (!other) throw std::bad_alloc();
  return other;
}

std::string reason(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

int must(int code, const char *what) {
  if (code < 0) throw Error(code, std::string(what) + ": " + reason(code));
  return code;
}

Graph graph(const std::string &text) {
  Graph graph(avfilter_graph_alloc());
  if (!graph) throw std::bad_alloc();
  AVFilterInOut *inputs = nullptr;
  AVFilterInOut *outputs = nullptr;
  const int parsed = avfilter_graph_parse2(graph.get(), text.c_str(), &inputs, &outputs);
  avfilter_inout_free(&inputs);
  avfilter_inout_free(&outputs);
  must(parsed, text.c_str());
  must(avfilter_graph_config(graph.get(), nullptr), text.c_str());
  return graph;
}

AVFilterContext *end_of(const Graph &graph, const char *name) {
  AVFilterContext *end = avfilter_graph_get_filter(graph.get(), const_cast<char *>(name));
  if (end == nullptr) throw std::logic_error(std::string("the graph has no end named ") + name);
  return end;
}

bool take(AVFilterContext *sink, AVFrame &frame, bool &again) {
  const int code = av_buffersink_get_frame(sink, &frame);
  again = code == AVERROR(EAGAIN);
  if (again || code == AVERROR_EOF) return false;
  must(code, "filter");
  return true;
}

void silence_log() {
  av_log_set_level(AV_LOG_QUIET);
}

}  // namespace civicast::library::av
