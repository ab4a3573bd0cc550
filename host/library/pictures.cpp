// SPDX-License-Identifier: Apache-2.0
#include "host/library/pictures.hpp"

#include <algorithm>
#include <stdexcept>

#include "host/library/faults.hpp"
#include "host/library/house.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::library {
namespace {

// A file may promise a little more than it decodes to; its last picture stands so much longer.
constexpr std::int64_t missing_allowed_ns = ns_per_s / 2;

}  // namespace

StillPictures::StillPictures(const Still &still, const formats::Video &format) {
  PictureGraph graph(*still.picture, still.orientation, {}, format);
  graph.put(*still.picture, 0);
  graph.end(1);
  bool again = false;
  if (!graph.take(*picture_, again)) throw std::runtime_error("a still gave no house picture");
  box_ = graph.box();
}

FilmPictures::FilmPictures(FilmSource source, const formats::Video &format)
    : source_(std::move(source)), format_(format) {}

const AVFrame &FilmPictures::next() {
  while (!is_over_ && !take()) feed();
  if (picture_->width == 0) {  // nothing could be decoded; judge() says so
    picture_->width = format_.width;
    picture_->height = format_.height;
    picture_->format = AV_PIX_FMT_YUV420P;
    av::must(av_frame_get_buffer(picture_.get(), 0), "picture");
  }
  ++pictures_;
  return *picture_;
}

/// True when there is a new picture in hand, or when there will never be another.
bool FilmPictures::take() {
  if (!graph_) return false;
  bool again = false;
  if (graph_->take(*taken_, again)) {
    av_frame_unref(picture_.get());
    av_frame_move_ref(picture_.get(), taken_.get());
    return true;
  }
  if (again) return false;
  graph_.reset();
  is_over_ = waiting_ == nullptr;
  is_ending_ = false;
  return is_over_;
}

void FilmPictures::feed() {
  if (waiting_) {
    const av::Frame frame = std::move(waiting_);
    put(*frame);
    return;
  }
  if (!source_.decoded->next(*decoded_frame_)) {
    if (graph_ && !is_ending_) graph_->end(source_.duration_ns / 1000);
    is_ending_ = true;
    if (!graph_) is_over_ = true;
    return;
  }
  const std::int64_t pts_ns = decoded_frame_->pts;
  const av::Frame frame = without_transparency(*decoded_frame_, false);
  frame->pts = pts_ns;
  tell_lines(*frame, source_.lines);
  if (graph_ && !graph_->accepts(*frame)) {
    graph_->end((frame->pts - source_.begin_ns) / 1000);
    waiting_ = av::share(*frame);
    return;
  }
  put(*frame);
}

void FilmPictures::put(AVFrame &frame) {
  const std::int64_t at_us = (frame.pts - source_.begin_ns) / 1000;
  if (at_us <= last_us_) return;  // two pictures at one time: the first stands
  last_us_ = at_us;
  if (!graph_) {
    graph_.emplace(frame, source_.orientation,
                   Cadence{true, pictures_, source_.frame_ns, source_.softness}, format_);
    box_ = graph_->box();
  }
  graph_->put(frame, at_us);
}

Result<void> FilmPictures::judge() const {
  auto judged = source_.decoded->judge(0);
  if (!judged) return judged;
  const std::int64_t missing_ns =
      source_.begin_ns + source_.duration_ns - source_.decoded->time_ns();
  if (is_over_ && missing_ns > std::max(missing_allowed_ns, source_.duration_ns / 20))
    return Fault(faults::media_damaged,
                 {{"file", source_.decoded->input().shown()},
                  {"part", avcodec_get_name(source_.decoded->stream().codecpar->codec_id)}})
        .with_detail(std::to_string(missing_ns) + " ns at the end could not be decoded");
  return {};
}

}  // namespace civicast::library
