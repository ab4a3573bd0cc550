// SPDX-License-Identifier: Apache-2.0
// A note of what is being shown. A page that is closed or dies amid an item has no time to report
// it; the next one finds the note and does.
const every_ms = 1000;

export class Unfinished {
  #key;
  #written_ms = 0;
  #placement = '';

  constructor(place) { this.#key = `civicast.unfinished.${place}`; }

  keep(progress) {
    const is_new = progress.placement !== this.#placement;
    if (!is_new && performance.now() - this.#written_ms < every_ms) return;
    this.#placement = progress.placement;
    this.#written_ms = performance.now();
    localStorage.setItem(this.#key, JSON.stringify(progress));
  }

  clear(placement) {
    if (this.take()?.placement !== placement) return;
    localStorage.removeItem(this.#key);
  }

  /// What the page before this one was showing when it went.
  take() {
    const kept = localStorage.getItem(this.#key);
    return kept ? JSON.parse(kept) : null;
  }
}
