// SPDX-License-Identifier: Apache-2.0
// A small JPEG of what the page shows, for the people in the control room.
const width = 480;
const height = 270;
const most_bytes = 200 * 1024;

export class Picture {
  #place;
  #canvas = new OffscreenCanvas(width, height);

  constructor(place) { this.#place = place; }

  #draw(video, slate) {
    const brush = this.#canvas.getContext('2d');
    brush.fillStyle = '#0c1b2e';
    brush.fillRect(0, 0, width, height);
    if (video) return brush.drawImage(video, 0, 0, width, height);
    brush.fillStyle = '#eaf2fb';
    brush.textAlign = 'center';
    brush.font = '28px "Noto Sans CJK SC", sans-serif';
    brush.fillText(slate.zh, width / 2, height / 2, width - 40);
  }

  async send(video, slate) {
    this.#draw(video, slate);
    const blob = await this.#canvas.convertToBlob({ type: 'image/jpeg', quality: 0.7 });
    if (blob.size > most_bytes) return;
    await fetch(`/api/screens/${this.#place}/picture`, {
      method: 'POST', headers: { 'Content-Type': 'image/jpeg' }, body: blob, signal: AbortSignal.timeout(5000),
    });
  }
}
