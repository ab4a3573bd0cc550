// SPDX-License-Identifier: Apache-2.0
// Any sound becomes house sound: stereo, 48 kHz, at the house's loudness, exactly as long as the
// pictures.
#pragma once

#include <functional>
#include <memory>
#include <optional>

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

class Sound {
 public:
  Sound(SoundSource source, std::int64_t pictures);

  /// The next 1152 samples (s16) and the next 1024 (float planar; the last may be fewer); false at
  /// the end. Take both in step: what one has not taken is kept.
  bool layer2(AVFrame &frame) { return next(layer2_, frame); }
  bool aac(AVFrame &frame) { return next(aac_, frame); }
  Result<void> judge() const;

 private:
  bool next(AVFilterContext *sink, AVFrame &frame);
  void feed();
  void build(const AVFrame *sample);

  SoundSource source_;
  std::int64_t pictures_;
  EvenSound even_;
  av::Frame frame_ = av::new_frame();
  av::Graph graph_;
  AVFilterContext *in_ = nullptr;  ///< none: silence makes itself
  AVFilterContext *layer2_ = nullptr;
  AVFilterContext *aac_ = nullptr;
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
