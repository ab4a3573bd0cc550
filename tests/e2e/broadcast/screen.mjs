// SPDX-License-Identifier: Apache-2.0
// A real Chromium in front of a station screen's page, and a witness that watches the picture
// and knows nothing of how the page counts.
import { chromium } from 'playwright-core';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'];

/// Runs in the page: every 200 ms, what stands in the middle of the screen, and how far it is.
function watch() {
  const seen = [];
  let current = null;
  setInterval(() => {
    const element = document.elementsFromPoint(innerWidth / 2, innerHeight / 2).find((e) => e instanceof HTMLVideoElement);
    const src = element?.currentSrc ?? '';
    const at = element?.currentTime ?? 0;
    if (!current || current.src !== src || at + 0.5 < current.last) {
      current = { src, first: at, last: at, duration: element?.duration ?? 0, wall: Date.now() };
      seen.push(current);
    }
    current.last = Math.max(current.last, at);
    current.duration = element?.duration || current.duration;
  }, 200);
  globalThis.civicast_witness = () => JSON.parse(JSON.stringify(seen));
}

export class Screen {
  static async open(url) {
    const screen = new Screen();
    screen.browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
    screen.page = await screen.browser.newPage({ viewport: { width: 1280, height: 720 } });
    await screen.page.addInitScript(watch);
    await screen.page.goto(url);
    return screen;
  }

  /// Every stretch of one picture that the witness saw: {sha256, first, last, duration} in seconds.
  async stretches() {
    const seen = await this.page.evaluate(() => globalThis.civicast_witness());
    return seen.map((s) => ({ ...s, sha256: (s.src.match(/\/media\/([0-9a-f]{64})/) ?? [])[1] ?? '' }));
  }

  async close() { await this.browser.close(); }
}

/// A stretch is a whole showing if it was seen from its beginning to its end, give or take what a
/// look every 200 ms can miss.
export const is_whole = (s) => s.duration > 0 && s.first < 1.0 && s.last > s.duration * 0.95 - 0.5;
