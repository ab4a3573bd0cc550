// SPDX-License-Identifier: Apache-2.0
// What people see while nothing is planned: the station's name and the time, quietly.
export class Slate {
  #page;
  is_shown = true;

  constructor(page) { this.#page = page; }

  #write(id, text) {
    const element = this.#page.getElementById(id);
    if (element.textContent !== text) element.textContent = text;
  }

  show(is_shown, now_ms, plan, place) {
    this.is_shown = is_shown;
    this.#page.getElementById('slate').classList.toggle('away', !is_shown);
    if (!is_shown) return;
    this.#write('clock', new Date(now_ms).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' }));
    this.#write('station-zh', plan.station.zh);
    this.#write('station-en', plan.station.en);
    this.#write('note', plan.is_known ? '' : `这块屏幕（${place}）还没有排期 · Nothing is planned for this screen yet`);
  }
}
