// SPDX-License-Identifier: Apache-2.0
// One item on one video, and an exact account of the pictures that were really presented. It is
// complete only if it began within a second of its time, at least 95 % of its length was presented
// with the picture moving, and it was over within a second of its end.
const tolerance_ms = 1000;
const least = 0.95;
const longest_step_ms = 500;   // a longer step between two pictures is a stall, not progress
const joined_ms = 1000;        // a start further into the item is a join

export class Showing {
  swapped = null;   // called when the first picture is there
  is_preempted = false;  // a bulletin takes its place before its time is over
  #clock;
  #frames = 0;
  #presented = 0;
  #first = null;    // {server_ms, media_s}
  #last = null;
  #moved_ms = 0;
  #wakes = 0;
  #failure = '';
  #joined = false;
  #was_hidden = false;
  #is_over = false;
  #alive_ms = performance.now();

  constructor(item, video, clock) {
    this.item = item;
    this.video = video;
    this.#clock = clock;
    video.loop = item.kind === 'filler';
    video.playbackRate = 1;
    video.onerror = () => { this.#failure = 'media'; };
    video.src = item.media;
    video.load();
  }

  get has_pictures() { return this.#frames > 0; }
  get is_steady() { return this.#frames > 10; }
  get progress() {
    return { placement: this.item.id, sha256: this.item.sha256, frames: this.#frames, visible_ms: Math.round(this.#moved_ms),
      start: Math.round(this.#first?.server_ms ?? this.item.start_ms), end: Math.round(this.#last?.server_ms ?? this.item.start_ms) };
  }

  async play(into_ms) {
    this.#alive_ms = performance.now();
    if (into_ms > joined_ms) {
      this.#joined = true;
      this.#seek(into_ms);
    }
    this.video.requestVideoFrameCallback((now, frame) => this.#see(frame));
    await this.#start();
  }

  #seek(into_ms) {
    const length_s = this.item.duration_ms / 1000;
    this.video.currentTime = this.video.loop ? (into_ms / 1000) % length_s : Math.min(into_ms / 1000, length_s);
  }

  async #start() {
    try {
      await this.video.play();
    } catch (error) {
      if (error.name === 'NotAllowedError' && !this.video.muted) {  // this browser wants silence
        this.video.muted = true;
        return this.#start();
      }
      if (error.name !== 'AbortError') this.#failure = 'media';
      console.warn('play', this.item.id, error);
    }
  }

  #see(frame) {
    if (this.#is_over) return;
    const shown_ms = frame.expectedDisplayTime;
    const seen = { server_ms: this.#clock.at(shown_ms), media_s: frame.mediaTime, shown_ms };
    if (this.#last) {
      const step_ms = shown_ms - this.#last.shown_ms;
      if (step_ms <= longest_step_ms && seen.media_s !== this.#last.media_s) this.#moved_ms += step_ms;
      this.#frames += Math.max(1, frame.presentedFrames - this.#presented);
    } else {
      this.#first = seen;
      this.#frames = 1;
      this.swapped?.();
    }
    this.#presented = frame.presentedFrames;
    this.#last = seen;
    this.#alive_ms = performance.now();
    if (document.visibilityState !== 'visible') this.#was_hidden = true;
    this.video.requestVideoFrameCallback((now, next) => this.#see(next));
  }

  /// A machine that is short of breath falls behind the plan; it catches up before the end is cut
  /// off, so gently that nobody notices (the browser keeps the pitch).
  keep_pace(now_ms) {
    if (this.video.loop || !this.has_pictures || this.video.ended) return;
    const behind_ms = now_ms - this.item.start_ms - this.video.currentTime * 1000;
    const rate = behind_ms > 120 ? 1.1 : behind_ms > 50 ? 1.04 : 1;
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
  }

  /// Its time is over, but it began late and its last pictures are still to come?
  is_running_out(now_ms, patience_ms) {
    return this.has_pictures && !this.video.ended && !this.video.loop && now_ms < this.item.end_ms + patience_ms &&
      this.item.duration_ms <= this.item.end_ms - this.item.start_ms;
  }

  /// No picture came for so long, though there should be one?
  is_frozen(after_ms) {
    return !this.#is_over && !this.video.ended && performance.now() - this.#alive_ms > after_ms &&
      this.#clock.now() < this.item.end_ms - after_ms;
  }

  /// Loads the file anew and goes on where the plan is.
  async wake() {
    this.#alive_ms = performance.now();
    if (++this.#wakes > 3) return;
    console.warn('frozen', this.item.id);
    this.video.load();
    this.#seek(this.#clock.now() - this.item.start_ms);
    await this.#start();
  }

  cancel() {
    this.#is_over = true;
    this.video.onerror = null;
  }

  /// The record of this showing, the first time it is asked for.
  end() {
    if (this.#is_over) return null;
    this.cancel();
    this.video.pause();
    const frame_ms = this.#frames > 1 ? Math.min(this.#moved_ms / (this.#frames - 1), 100) : 0;
    this.#moved_ms += frame_ms;
    if (this.#last) this.#last.server_ms += frame_ms;
    const reason = this.#reason(frame_ms);
    const outcome = reason === '' ? 'complete' : this.#frames > 0 ? 'partial' : 'failed';
    return { ...this.progress, outcome, reason };
  }

  #reason(frame_ms) {
    const slot_ms = this.item.end_ms - this.item.start_ms;
    const nominal_ms = this.video.loop ? slot_ms : Math.min(slot_ms, this.item.duration_ms);
    const is_taken = this.is_preempted && !this.#failure;
    if (this.#frames === 0) return is_taken ? 'preempted' : this.#failure || 'no picture';
    if (this.#joined) return 'joined';
    if (this.#first.server_ms - this.item.start_ms > tolerance_ms) return 'late';
    if (this.#was_hidden) return 'hidden';
    const seen_ms = this.video.loop ? this.#moved_ms : (this.#last.media_s - this.#first.media_s) * 1000 + frame_ms;
    if (seen_ms < nominal_ms * least) return is_taken ? 'preempted' : this.#failure || 'cut short';
    if (this.#moved_ms < nominal_ms * least) return 'stalled';
    if (this.#last.server_ms > this.item.end_ms + tolerance_ms) return 'overran';
    return '';
  }
}
