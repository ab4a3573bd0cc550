// SPDX-License-Identifier: Apache-2.0
// Any sound becomes house sound: stereo, 48 kHz, at the house's loudness, exactly as long as the
// pictures.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "host/library/decode.hpp"
#include "host/library/house.hpp"

namespace civicast::library {

struct Loudness {
  std::optional<double> lkfs;  ///< integrated, EBU R128; none when there is nothing to hear
  double peak_dbtp = 0;        ///< the highest true peak
};

/// Linear gain to the house's loudness, held back where the peaks would rise too far.
double gain_db(const Loudness &loudness);

/// Frames of one decoder in the format of the first of them, for a graph that cannot change: a
/// broadcast recording may turn from 5.1 to stereo in the middle.
class EvenSound {
 public:
  /// The frame itself, or the same sound in the first frame's format.
  av::Frame even(const AVFrame &frame);

 private:
  av::Frame first_;
  av::Frame last_;  ///< the format that `resampler_` turns into the first
  av::Resampler resampler_;
};

/// Where the sound of a house file comes from.
struct SoundSource {
  std::unique_ptr<Decoded> decoded;  ///< none: silence
  std::int64_t begin_ns = 0;         ///< the instant of the source that the house file begins with
  double gain_db = 0;
  bool fades_out = false;  ///< a sound bed that may be cut anywhere
};

/// One encoder's share of the sound.
struct SoundTap {
  AVSampleFormat format = AV_SAMPLE_FMT_FLTP;
  int frame_samples = 0;     ///< in each frame it gives
  int left_out = 0;          ///< samples at the front, which the encoder's delay stands for
  std::int64_t samples = 0;  ///< in all, with silence after the sound's end; 0: as the pictures
};

class Sound {
 public:
  /// As long as `pictures`, given to each of `taps`.
  Sound(SoundSource source, std::int64_t pictures, std::vector<SoundTap> taps);

  /// The next frame of a tap; false at its end. Take them in step: what one has not taken is kept.
  bool next(std::size_t tap, AVFrame &frame);
  Result<void> judge() const;

 private:
  void feed();
  void build(const AVFrame *sample);

  SoundSource source_;
  std::int64_t pictures_;
  std::vector<SoundTap> taps_;
  EvenSound even_;
  av::Frame frame_ = av::new_frame();
  av::Graph graph_;
  AVFilterContext *in_ = nullptr;         ///< none: silence makes itself
  std::vector<AVFilterContext *> sinks_;  ///< of the taps
};

/// What a sound is and where it lies, in nanoseconds of the file's own time.
struct Heard {
  Loudness loudness;
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
};

/// Decodes everything and measures it as it will be aired, in stereo. `tick` is told the time
/// reached.
Result<Heard> measure(Decoded &decoded, const std::function<void(std::int64_t)> &tick);

}  // namespace civicast::library
