// SPDX-License-Identifier: Apache-2.0
#include "host/library/mux.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "sdk/base/disk.hpp"

namespace civicast::library {
namespace {

// A TS player starts its clock this long before the first picture is due.
constexpr int decoder_delay_us = 700'000;

}  // namespace

Muxer::Muxer(const std::filesystem::path &path, const char *container)
    : path_(std::filesystem::absolute(path)) {
  av::must(avformat_alloc_output_context2(&format_, nullptr, container, path_.c_str()), container);
  const int code = avio_open(&format_->pb, path_.c_str(), AVIO_FLAG_WRITE);
  if (code < 0) {
    avformat_free_context(format_);
    av::must(code, path_.c_str());
  }
}

Muxer::~Muxer() {
  avio_closep(&format_->pb);
  avformat_free_context(format_);
}

void Muxer::add(const AVCodecContext &encoder) {
  AVStream *stream = avformat_new_stream(format_, nullptr);
  if (stream == nullptr) throw std::bad_alloc();
  av::must(avcodec_parameters_from_context(stream->codecpar, &encoder), "stream");
  stream->time_base = encoder.time_base;
  stream->avg_frame_rate = encoder.framerate;
  bases_.push_back(encoder.time_base);
}

void Muxer::begin(const std::string &options) {
  format_->max_delay = decoder_delay_us;
  AVDictionary *settings = nullptr;
  av::must(av_dict_parse_string(&settings, options.c_str(), "=", ":", 0), "container options");
  const int code = avformat_write_header(format_, &settings);
  av_dict_free(&settings);
  av::must(code, path_.c_str());
}

void Muxer::put(int stream, const AVPacket &packet) {
  const av::Packet own(av_packet_clone(&packet));
  if (!own) throw std::bad_alloc();
  own->stream_index = stream;
  av_packet_rescale_ts(own.get(), bases_[static_cast<std::size_t>(stream)],
                       format_->streams[stream]->time_base);
  av::must(av_interleaved_write_frame(format_, own.get()), path_.c_str());
}

void Muxer::finish() {
  av::must(av_write_trailer(format_), path_.c_str());
  avio_flush(format_->pb);
  av::must(format_->pb->error, path_.c_str());
  av::must(avio_closep(&format_->pb), path_.c_str());
  const Fd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0)
    throw std::system_error(errno, std::generic_category(), path_.string());
}

FillerFilter::FillerFilter(const AVCodecContext &encoder) {
  AVBSFContext *filter = nullptr;
  // 7, 8: parameter sets; 9: access unit delimiters; 12: filler.
  av::must(av_bsf_list_parse_str("filter_units=remove_types=7|8|9|12", &filter), "filter_units");
  filter_.reset(filter);
  av::must(avcodec_parameters_from_context(filter->par_in, &encoder), "filter_units");
  filter->time_base_in = encoder.time_base;
  av::must(av_bsf_init(filter), "filter_units");
}

void FillerFilter::apply(AVPacket &packet) {
  av::must(av_bsf_send_packet(filter_.get(), &packet), "filter_units");
  av::must(av_bsf_receive_packet(filter_.get(), &packet), "filter_units");
}

}  // namespace civicast::library
