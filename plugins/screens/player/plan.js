// SPDX-License-Identifier: Apache-2.0
// The plan of this screen: fetched every few seconds, remembered for when the network is gone.
const wait_ms = 4000;

export class Plan {
  items = [];
  station = { zh: '', en: '' };
  is_known = false;
  is_online = false;
  #place;
  #tag = '';

  constructor(place) {
    this.#place = place;
    const kept = localStorage.getItem(this.#key);
    if (kept) this.#read(JSON.parse(kept));
  }

  get #key() { return `civicast.plan.${this.#place}`; }

  /// Asks for the plan, and says what is on.
  async refresh(on_air) {
    try {
      const reply = await fetch(`/api/screens/${this.#place}/plan?on=${encodeURIComponent(on_air)}`,
        { headers: this.#tag ? { 'If-None-Match': this.#tag } : {}, cache: 'no-store', signal: AbortSignal.timeout(wait_ms) });
      this.is_online = reply.ok || reply.status === 304;
      if (!reply.ok) return;
      const text = await reply.text();
      this.#read(JSON.parse(text));
      this.#tag = reply.headers.get('ETag') ?? '';
      localStorage.setItem(this.#key, text);
    } catch (error) {  // the plan that we have still holds
      this.is_online = false;
      console.warn('plan', error);
    }
  }

  #read(body) {
    this.items = body.items.map((item) => ({ ...item, start_ms: Date.parse(item.start), end_ms: Date.parse(item.end) }))
      .sort((a, b) => a.start_ms - b.start_ms);
    this.station = body.station;
    this.is_known = body.known;
  }

  /// What is to be seen at `now_ms`: a bulletin before everything else; of the rest what began last.
  on(now_ms) {
    const on = this.items.filter((item) => item.start_ms <= now_ms && now_ms < item.end_ms);
    return on.findLast((item) => item.kind === 'bulletin') ?? on.at(-1);
  }
  /// What begins next after `now_ms`, and is not beneath a bulletin then.
  after(now_ms) { return this.items.find((item) => item.start_ms > now_ms && this.on(item.start_ms) === item); }
  /// The files that are needed, soonest first, each once.
  files(now_ms, ahead_ms) {
    const soon = this.items.filter((item) => item.end_ms > now_ms && item.start_ms < now_ms + ahead_ms);
    return [...new Map(soon.map((item) => [item.sha256, item])).values()];
  }
}
