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

StillPictures::StillPictures(const Still &still) {
  PictureGraph graph(*still.picture, still.orientation, {});
  graph.put(*still.picture, 0);
  graph.end(1);
  bool again = false;
  if (!graph.take(*picture_, again)) throw std::runtime_error("a still gave no house picture");
  box_ = graph.box();
}

FilmPictures::FilmPictures(std::unique_ptr<Decoded> decoded, int orientation, std::int64_t begin_ns,
                           std::int64_t duration_ns, bool is_fast)
    : decoded_(std::move(decoded)),
      orientation_(orientation),
      begin_ns_(begin_ns),
      duration_ns_(duration_ns),
      is_fast_(is_fast) {}

const AVFrame &FilmPictures::next() {
  while (!is_over_ && !take()) feed();
  if (picture_->width == 0) {  // nothing could be decoded; judge() says so
    picture_->width = house_width;
    picture_->height = house_height;
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
  if (!decoded_->next(*decoded_frame_)) {
    if (graph_ && !is_ending_) graph_->end(duration_ns_ / 1000);
    is_ending_ = true;
    if (!graph_) is_over_ = true;
    return;
  }
  const std::int64_t pts_ns = decoded_frame_->pts;
  const av::Frame frame = without_transparency(*decoded_frame_, false);
  frame->pts = pts_ns;
  if (graph_ && !graph_->accepts(*frame)) {
    graph_->end((frame->pts - begin_ns_) / 1000);
    waiting_ = av::share(*frame);
    return;
  }
  put(*frame);
}

void FilmPictures::put(AVFrame &frame) {
  const std::int64_t at_us = (frame.pts - begin_ns_) / 1000;
  if (at_us <= last_us_) return;  // two pictures at one time: the first stands
  last_us_ = at_us;
  if (!graph_) {
    graph_.emplace(frame, orientation_, PictureGraph::Cadence{true, pictures_, is_fast_});
    box_ = graph_->box();
  }
  graph_->put(frame, at_us);
}

Result<void> FilmPictures::judge() const {
  auto judged = decoded_->judge(0);
  if (!judged) return judged;
  const std::int64_t missing_ns = begin_ns_ + duration_ns_ - decoded_->time_ns();
  if (is_over_ && missing_ns > std::max(missing_allowed_ns, duration_ns_ / 20))
    return Fault(faults::media_damaged,
                 {{"file", decoded_->input().shown()},
                  {"part", avcodec_get_name(decoded_->stream().codecpar->codec_id)}})
        .with_detail(std::to_string(missing_ns) + " ns at the end could not be decoded");
  return {};
}

}  // namespace civicast::library
