// SPDX-License-Identifier: Apache-2.0
// The server's clock, as the page knows it. The machine's own clock may be hours wrong, so it is
// trusted with nothing but running on: performance.now() measures, and the quickest of the last
// exchanges sets it. Without a server, the difference that was found last still holds.
const kept = 8;
const memory = 'civicast.clock';

export class ServerClock {
  #samples = [];
  #offset_ms = performance.timeOrigin + Number(localStorage.getItem(memory) ?? 0);

  /// UTC milliseconds of the server.
  now() { return this.at(performance.now()); }
  /// The same for a moment of performance.now(), such as a video frame's.
  at(performance_ms) { return performance_ms + this.#offset_ms; }
  /// How wrong it may be: half of the round trip that set it.
  get doubt_ms() { return this.#samples.length ? Math.min(...this.#samples.map((s) => s.trip_ms)) / 2 : Infinity; }

  /// One exchange. Sending and receiving are taken to last equally long.
  async exchange() {
    const sent_ms = performance.now();
    const reply = await fetch('/api/clock', { cache: 'no-store', signal: AbortSignal.timeout(3000) });
    const text = await reply.json();
    const trip_ms = performance.now() - sent_ms;
    const server_ms = Number(BigInt(text.now_ns) / 1000n) / 1000;
    this.#samples.push({ trip_ms, offset_ms: server_ms - (sent_ms + trip_ms / 2) });
    if (this.#samples.length > kept) this.#samples.shift();
    this.#offset_ms = this.#samples.reduce((a, b) => (b.trip_ms < a.trip_ms ? b : a)).offset_ms;
    localStorage.setItem(memory, String(this.now() - Date.now()));
  }
}
