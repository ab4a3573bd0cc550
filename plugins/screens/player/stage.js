// SPDX-License-Identifier: Apache-2.0
// Two videos: one is on air, the other has the next item loaded beneath it. The one on air keeps
// its last picture until the next one has shown its first, so nothing black is ever between them.
import { Showing } from './showing.js';

const start_patience_ms = 1000;  // how late a start still counts
const end_patience_ms = 700;     // how long an item that started late may run over into nothing
const frozen_ms = 2000;

export class Stage {
  on_air = null;   // the item whose time it is
  #visible = null; // the item whose pictures are seen: for a moment, still the one before
  #standby = null;
  #videos;
  #clock;
  #finished;

  /// `finished(record)` is called once for every item that was taken on air.
  constructor(videos, clock, finished) {
    this.#videos = videos;
    this.#clock = clock;
    this.#finished = finished;
  }

  get visible() { return this.#visible; }

  /// Loads `item` into the video that is not seen, if one is free.
  prepare(item) {
    if (this.#standby?.item.id === item.id || this.on_air !== this.#visible) return;
    if (this.#visible && !this.#visible.is_steady) return;  // the one before may still be seen through it
    this.#standby?.cancel();
    this.#standby = this.#load(item);
  }

  #load(item) {
    const video = this.#videos.find((v) => v !== (this.#visible ?? this.on_air)?.video);
    return new Showing(item, video, this.#clock);
  }

  /// Puts on air what `item` (or nothing) says, and looks after what is there.
  tick(item) {
    const now = this.#clock.now();
    if (item && this.on_air?.item.id !== item.id) this.#take(item, now);
    else if (!item && this.on_air && !this.on_air.is_running_out(now, end_patience_ms)) this.#clear();
    this.on_air?.keep_pace(now);
    if (this.on_air?.is_frozen(frozen_ms)) this.on_air.wake();
  }

  #take(item, now) {
    const last = this.on_air;
    if (last && item.kind === 'bulletin' && last.item.end_ms > item.start_ms) last.is_preempted = true;
    if (last !== this.#visible) this.#retire(last);  // it never came; its video is free
    const next = this.#standby?.item.id === item.id ? this.#standby : this.#load(item);
    this.#standby = null;
    this.on_air = next;
    next.swapped = () => {
      for (const video of this.#videos) video.classList.toggle('on-air', video === next.video);
      this.#visible = next;
      this.#retire(last);
    };
    if (last) setTimeout(() => this.#retire(last), Math.max(0, item.start_ms + start_patience_ms - now));
    next.play(Math.max(0, now - item.start_ms));
  }

  #clear() {
    const last = this.on_air;
    this.on_air = null;
    this.#retire(last);
  }

  #retire(showing) {
    if (this.#visible === showing) this.#visible = null;
    const record = showing?.end();
    if (record) this.#finished(record);
  }
}
