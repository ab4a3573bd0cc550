// SPDX-License-Identifier: Apache-2.0
#include "host/library/writer.hpp"

#include "host/library/house.hpp"

namespace civicast::library {
namespace {

constexpr int video_stream = 0;
constexpr int sound_stream = 1;

}  // namespace

HouseWriter::HouseWriter(const std::filesystem::path &ts, const std::filesystem::path &mp4,
                         Encoder::Motion motion)
    : video_(Encoder::video(Encoder::Sets::in_band, motion)),
      filler_(video_.codec()),
      ts_(ts, "mpegts"),
      mp4_(mp4, "mp4") {
  ts_.add(video_.codec());
  ts_.add(layer2_.codec());
  // Each Layer II frame in a packet of its own has a time stamp of its own.
  ts_.begin("pes_payload_size=0");
  mp4_.add(Encoder::video(Encoder::Sets::apart, motion).codec());
  mp4_.add(aac_.codec());
  mp4_.begin("movflags=+faststart");
}

void HouseWriter::put_picture(const AVFrame *picture) {
  video_.put(picture, [this](AVPacket &packet) {
    packet.duration = 1;
    ts_.put(video_stream, packet);
    filler_.apply(packet);
    mp4_.put(video_stream, packet);
  });
}

void HouseWriter::put_sound_until(Sound &sound, std::int64_t samples) {
  while (layer2_samples_ < samples && sound.layer2(*frame_)) {
    layer2_.put(frame_.get(), [this](AVPacket &packet) {
      // The encoder counts its delay; the samples it stands for were left out at the front.
      packet.pts = packet.dts = layer2_samples_;
      ts_.put(sound_stream, packet);
      layer2_samples_ += layer2_samples;
    });
  }
  while (aac_samples_ < samples && sound.aac(*frame_)) {
    aac_samples_ += frame_->nb_samples;
    aac_.put(frame_.get(), [this](AVPacket &packet) { mp4_.put(sound_stream, packet); });
  }
}

void HouseWriter::write(Pictures &pictures, Sound &sound, std::int64_t count,
                        const std::function<void(std::int64_t, const AVFrame &)> &shown) {
  for (std::int64_t n = 0; n < count; ++n) {
    const AVFrame &picture = pictures.next();
    put_picture(&picture);
    put_sound_until(sound, (n + 1) * samples_per_picture);
    shown(n, picture);
  }
  put_picture(nullptr);
  const auto into_mp4 = [this](AVPacket &packet) { mp4_.put(sound_stream, packet); };
  aac_.put(nullptr, into_mp4);
  ts_.finish();
  mp4_.finish();
}

}  // namespace civicast::library
