// SPDX-License-Identifier: Apache-2.0
#include "host/library/writer.hpp"

#include <algorithm>
#include <optional>

#include "host/library/house.hpp"

namespace civicast::library {
namespace {

constexpr int video_stream = 0;
constexpr int sound_stream = 1;
// Encoders look ahead; what they look at after the end is silence.
constexpr int silent_frames = 2;

}  // namespace

std::vector<SoundTap> taps_of(const std::vector<Moving> &files) {
  std::vector<SoundTap> taps;
  for (const Moving &file : files) {
    SoundTap tap;
    if (const formats::HouseFormat *cable = file.format.cable()) {
      tap.format = sample_format(cable->sound.codec);
      tap.frame_samples = cable->sound.frame_samples;
      tap.left_out = encoder_delay(cable->sound.codec);
      tap.samples = (cable->sounds_for(file.pictures) + silent_frames) * tap.frame_samples;
    } else {
      tap.frame_samples = aac_samples;
    }
    taps.push_back(tap);
  }
  return taps;
}

class HouseWriter::File {
 public:
  explicit File(std::int64_t pictures) : pictures_(pictures) {}
  virtual ~File() = default;
  File(const File &) = delete;
  File &operator=(const File &) = delete;

  void put_picture(const AVPacket &packet) {
    if (written_++ < pictures_) write_picture(packet);
  }
  /// As much sound as goes with so many pictures.
  virtual void put_sound(Sound &sound, std::size_t tap, std::int64_t pictures) = 0;
  virtual void finish() = 0;
  std::int64_t pictures() const { return pictures_; }

 protected:
  virtual void write_picture(const AVPacket &packet) = 0;
  av::Frame frame_ = av::new_frame();

 private:
  std::int64_t pictures_;
  std::int64_t written_ = 0;
};

namespace {

class TsFile final : public HouseWriter::File {
 public:
  TsFile(const Moving &moving, const formats::HouseFormat &format, const Encoder &video)
      : File(moving.pictures),
        format_(format),
        sound_(Encoder::sound(format.sound)),
        muxer_(moving.path, "mpegts"),
        wanted_(format.sounds_for(moving.pictures)) {
    muxer_.add(video.codec());
    muxer_.add(sound_.codec());
    // Each sound frame in a packet of its own has a time stamp of its own.
    const bool is_ac3 = format.sound.codec == formats::SoundCodec::ac3;
    muxer_.begin(is_ac3 ? "pes_payload_size=0:mpegts_flags=system_b" : "pes_payload_size=0");
  }

  void put_sound(Sound &sound, std::size_t tap, std::int64_t pictures) override {
    const std::int64_t until =
        std::min(wanted_, format_.sounds_for(std::min(pictures, this->pictures())));
    while (sounds_ < until && sound.next(tap, *frame_))
      sound_.put(frame_.get(), [this](AVPacket &packet) { write_sound(packet); });
  }

  void finish() override {
    sound_.put(nullptr, [this](AVPacket &packet) { write_sound(packet); });
    muxer_.finish();
  }

 private:
  void write_picture(const AVPacket &packet) override { muxer_.put(video_stream, packet); }

  void write_sound(AVPacket &packet) {
    if (sounds_ == wanted_) return;
    // The encoder counts its delay; the samples it stands for were left out at the front.
    packet.pts = packet.dts = sounds_ * format_.sound.frame_samples;
    packet.duration = format_.sound.frame_samples;
    muxer_.put(sound_stream, packet);
    ++sounds_;
  }

  const formats::HouseFormat &format_;
  Encoder sound_;
  Muxer muxer_;
  std::int64_t wanted_;
  std::int64_t sounds_ = 0;
};

class Mp4File final : public HouseWriter::File {
 public:
  Mp4File(const Moving &moving, const Encoder &video, Encoder::Motion motion)
      : File(moving.pictures), filler_(video.codec()), muxer_(moving.path, "mp4") {
    muxer_.add(Encoder::video(browser_format().video, Encoder::Sets::apart, motion).codec());
    muxer_.add(sound_.codec());
    muxer_.begin("movflags=+faststart");
  }

  void put_sound(Sound &sound, std::size_t tap, std::int64_t pictures) override {
    const std::int64_t until = std::min(pictures, this->pictures()) * samples_per_picture;
    while (samples_ < until && sound.next(tap, *frame_)) {
      samples_ += frame_->nb_samples;
      sound_.put(frame_.get(), [this](AVPacket &packet) { muxer_.put(sound_stream, packet); });
    }
  }

  void finish() override {
    sound_.put(nullptr, [this](AVPacket &packet) { muxer_.put(sound_stream, packet); });
    muxer_.finish();
  }

 private:
  void write_picture(const AVPacket &packet) override {
    const av::Packet own(av_packet_clone(&packet));
    if (!own) throw std::bad_alloc();
    filler_.apply(*own);
    muxer_.put(video_stream, *own);
  }

  FillerFilter filler_;
  Encoder sound_ = Encoder::mp4_sound();
  Muxer muxer_;
  std::int64_t samples_ = 0;
};

}  // namespace

HouseWriter::HouseWriter(const formats::Video &format, const std::vector<Moving> &files,
                         Encoder::Motion motion)
    : video_(Encoder::video(format, Encoder::Sets::in_band, motion)), rate_(format) {
  for (const Moving &file : files) {
    if (const formats::HouseFormat *cable = file.format.cable())
      files_.push_back(std::make_unique<TsFile>(file, *cable, video_));
    else
      files_.push_back(std::make_unique<Mp4File>(file, video_, motion));
    count_ = std::max(count_, file.pictures);
  }
}

HouseWriter::~HouseWriter() = default;

void HouseWriter::put_picture(const AVFrame *picture) {
  video_.put(picture, [this](AVPacket &packet) {
    packet.duration = 1;
    rate_.fill(packet);
    for (const auto &file : files_) file->put_picture(packet);
  });
}

void HouseWriter::write(Pictures &pictures, Sound &sound,
                        const std::function<void(std::int64_t, const AVFrame &)> &shown) {
  for (std::int64_t n = 0; n < count_; ++n) {
    const AVFrame &picture = pictures.next();
    put_picture(&picture);
    for (std::size_t i = 0; i < files_.size(); ++i) files_[i]->put_sound(sound, i, n + 1);
    shown(n, picture);
  }
  put_picture(nullptr);
  for (const auto &file : files_) file->finish();
}

}  // namespace civicast::library
