// SPDX-License-Identifier: Apache-2.0
// How each state of an item looks: a tone (its colour) and a mark (its shape).

export interface Look {
  tone: 'idle' | 'ready' | 'going' | 'done' | 'bad' | 'doubt';
  mark: string;
}

const looks: Record<string, Look> = {
  planned: { tone: 'idle', mark: '○' },
  sent: { tone: 'ready', mark: '◔' },
  accepted: { tone: 'ready', mark: '◑' },
  started: { tone: 'going', mark: '▶' },
  aired: { tone: 'done', mark: '✓' },
  missed: { tone: 'bad', mark: '✕' },
  refused: { tone: 'bad', mark: '✕' },
  withdrawn: { tone: 'idle', mark: '↩' },
  unready: { tone: 'doubt', mark: '!' },
  later: { tone: 'doubt', mark: '↻' },
  unknown: { tone: 'doubt', mark: '?' },
  held: { tone: 'doubt', mark: '?' },
};

export function look_of(state: string | undefined): Look {
  return looks[state ?? ''] ?? { tone: 'idle', mark: '·' };
}
