import { describe, expect, it } from 'vitest';
import type { Point } from '@highwater/model';
import {
  restoreOperator,
  snapshotOperator,
  WindowOperator,
  type PointOutcome,
  type View,
} from '../src/index.ts';
import { point, show, view } from './operator-harness.ts';

/**
 * One step of a script, and all that it gives: what is emitted, and for `el` what became of the point
 * where that is not `aggregated`.
 *
 * - `el 5`: a batch of one point of series `a` at 5 ms, worth 1, or `el 5 b 10`: of `b`, worth 10. It
 *   arrives when it happened, or `el 5@2` at 2 ms, by a clock that is 3 ms ahead
 * - `els 5 6 7`: several of them in one batch, each a record of its own
 * - `record 7 5 6`: several of them in one record, which arrives at the newest of them
 * - `wm 9`: the watermark moves to 9
 * - `idle 20`, `shard_end`: firings that the watermark did not cause
 * - `restart`: a snapshot is taken, and another operator goes on from it
 */
type Step = readonly [step: string, ...gives: readonly string[]];

interface Case {
  readonly rule: string;
  readonly because: string;
  readonly view?: Record<string, unknown>;
  readonly maxFutureSkewMs?: number;
  readonly outOfOrdernessMs?: number;
  readonly script: readonly Step[];
}

const hopping = { window: { hopping: { size: '10ms', every: '5ms' } } };

// Goal: the cases of event-time windows have exactly the specified results. Method: scripts with
// the numbers that follow from Flink's rules. The cases of sessions and of watermarks over several
// shards do not apply, because there are no sessions here, and every shard has its own watermark.
const cases: readonly Case[] = [
  {
    rule: 'case 2, R7',
    because: 'a boundary opens the later window, and the end less one fires',
    script: [
      ['el 9'],
      ['el 10'],
      ['wm 8'],
      ['wm 9', 'a[0,10)=1 on_time'],
      ['wm 18'],
      ['wm 19', 'a[10,20)=1 on_time'],
    ],
  },
  {
    rule: 'case 3, R6',
    because: 'before any event nothing fires, and a lower watermark is ignored',
    script: [['idle -1000'], ['el 5'], ['wm 8'], ['wm 3'], ['wm 9', 'a[0,10)=1 on_time'], ['wm 4']],
  },
  {
    rule: 'case 4, R9',
    because: 'a point behind the watermark is on time while its window is open',
    script: [['el 5'], ['wm 7'], ['el 7'], ['el 3'], ['wm 9', 'a[0,10)=3 on_time']],
  },
  {
    rule: 'case 5, R10, R11',
    because: 'the cleanup time is the first at which a point is too late',
    view: { allowedLateness: '5ms' },
    script: [
      ['el 5'],
      ['wm 9', 'a[0,10)=1 on_time'],
      ['wm 13'],
      ['el 8', 'refined', 'a[0,10)=2 late'],
      ['wm 14'],
      ['el 9', 'too_late'],
    ],
  },
  {
    rule: 'case 5, R11',
    because: 'without lateness a window that has fired is final',
    script: [
      ['el 5'],
      ['wm 9', 'a[0,10)=1 on_time'],
      ['el 9', 'too_late'],
      ['el 10'],
      ['wm 19', 'a[10,20)=1 on_time'],
    ],
  },
  {
    rule: 'case 6, R13',
    because: 'late points accumulate, and a batch is one correction',
    view: { allowedLateness: '5ms' },
    script: [
      ['el 5 a 10'],
      ['wm 9', 'a[0,10)=10 on_time'],
      ['els 6 7', 'refined', 'refined', 'a[0,10)=12 late'],
      ['el 8 a 2', 'refined', 'a[0,10)=14 late'],
    ],
  },
  {
    rule: 'case 7, R14',
    because: 'a window can be born late',
    view: { allowedLateness: '5ms' },
    script: [['wm 11'], ['el 4', 'refined', 'a[0,10)=1 late'], ['wm 14'], ['el 4', 'too_late']],
  },
  {
    rule: 'case 8, R12',
    because: 'a point that is lost for one of its windows is kept for the other, and counted',
    view: hopping,
    script: [
      ['el 12'],
      ['wm 14', 'a[5,15)=1 on_time'],
      ['el 13', 'partly_too_late'],
      ['wm 19', 'a[10,20)=2 on_time'],
    ],
  },
  {
    rule: 'case 8, R12',
    because: 'the window that is final does not get the point, in one batch with it either',
    view: hopping,
    outOfOrdernessMs: 0,
    script: [
      ['el 12'],
      ['els 15 13', 'partly_too_late', 'a[5,15)=1 on_time'],
      ['wm 19', 'a[10,20)=3 on_time'],
      ['wm 24', 'a[15,25)=1 on_time'],
    ],
  },
  {
    rule: 'case 8, R13',
    because: 'a late point corrects every window that has fired, and those yet to fire have it',
    view: { ...hopping, allowedLateness: '100ms' },
    script: [
      ['el 12'],
      ['wm 14', 'a[5,15)=1 on_time'],
      ['el 13', 'refined', 'a[5,15)=2 late'],
      ['wm 19', 'a[10,20)=2 on_time'],
      ['el 11', 'refined', 'a[5,15)=3 late', 'a[10,20)=3 late'],
    ],
  },
  {
    rule: 'case 9, R3',
    because: 'a point between windows is in none',
    view: { window: { hopping: { size: '10ms', every: '20ms' } } },
    script: [
      ['el 15', 'unassigned'],
      ['el 9'],
      ['wm 9', 'a[0,10)=1 on_time'],
      ['el 25'],
      ['wm 29', 'a[20,30)=1 on_time'],
    ],
  },
  {
    rule: 'case 9, R3',
    because: 'lengths need no common divisor',
    view: { window: { hopping: { size: '10ms', every: '4ms' } } },
    script: [
      ['el 9'],
      ['wm 9', 'a[0,10)=1 on_time'],
      ['wm 13', 'a[4,14)=1 on_time'],
      ['wm 17', 'a[8,18)=1 on_time'],
    ],
  },
  {
    rule: 'case 14',
    because: 'a firing of an idle shard moves no watermark: what comes then still counts',
    script: [
      ['el 5'],
      ['idle 10', 'a[0,10)=1 idle'],
      ['el 6'],
      ['wm 9', 'a[0,10)=2 on_time'],
      ['el 7', 'too_late'],
    ],
  },
  {
    rule: 'case 16',
    because: 'a point from the future moves nothing, so that honest points are not late',
    maxFutureSkewMs: 300,
    outOfOrdernessMs: 0,
    script: [
      ['el 30'],
      ['el 86430@30', 'future'],
      ['el 40', 'a[30,40)=1 on_time'],
      ['wm 49', 'a[40,50)=1 on_time'],
    ],
  },
  {
    rule: 'case 19, ours',
    because:
      'a clock that is ahead moves the watermark to its arrival, and waits in its own window',
    outOfOrdernessMs: 0,
    script: [
      ['el 5'],
      ['el 48@6'],
      ['el 7'],
      ['el 9'],
      ['el 10', 'a[0,10)=3 on_time'],
      ['el 49', 'a[10,20)=1 on_time'],
      ['el 50', 'a[40,50)=2 on_time'],
    ],
  },
  {
    rule: 'case 20, ours',
    because: 'the order of points in a record means nothing: the newest first is as good',
    outOfOrdernessMs: 0,
    script: [
      ['record 35 25 15 5', 'a[0,10)=1 on_time', 'a[10,20)=1 on_time', 'a[20,30)=1 on_time'],
      ['wm 39', 'a[30,40)=1 on_time'],
    ],
  },
  {
    rule: 'case 20, ours',
    because: 'a record is judged by the watermark before it, and moves it once',
    outOfOrdernessMs: 0,
    script: [
      ['el 9'],
      ['record 12 3 11', 'a[0,10)=2 on_time'],
      ['el 4', 'too_late'],
      ['wm 19', 'a[10,20)=2 on_time'],
    ],
  },
  {
    rule: 'case 17',
    because: 'the end of a shard fires what is open, as far as it is new',
    outOfOrdernessMs: 0,
    script: [
      ['el 1'],
      ['el 15', 'a[0,10)=1 on_time'],
      ['shard_end', 'a[10,20)=1 shard_end'],
      ['shard_end'],
    ],
  },
  {
    rule: 'case 17',
    because: 'a stop fires nothing; after the restart each row comes once',
    outOfOrdernessMs: 0,
    script: [
      ['el 1'],
      ['el 15', 'a[0,10)=1 on_time'],
      ['restart'],
      ['wm 19', 'a[10,20)=1 on_time'],
      ['restart'],
      ['wm 29'],
    ],
  },
  {
    rule: 'case 18, R17',
    because: 'a crash between two batches loses and doubles nothing',
    script: [['els 1 2 3'], ['restart'], ['els 4 5'], ['wm 9', 'a[0,10)=5 on_time']],
  },
  {
    rule: 'R17',
    because: 'a watermark that passes several windows fires them in the order of their ends',
    script: [
      ['els 45 1 31 5'],
      ['wm 100', 'a[0,10)=2 on_time', 'a[30,40)=1 on_time', 'a[40,50)=1 on_time'],
    ],
  },
  {
    rule: 'R8, R13',
    because: 'a restart keeps what was late, and what was emitted',
    view: { allowedLateness: '50ms' },
    script: [
      ['el 5'],
      ['wm 9', 'a[0,10)=1 on_time'],
      ['el 6', 'refined', 'a[0,10)=2 late'],
      ['restart'],
      ['el 7', 'refined', 'a[0,10)=3 late'],
      ['el 17'],
      ['idle 20', 'a[10,20)=1 idle'],
      ['restart'],
      ['wm 19'],
      ['wm 100'],
    ],
  },
];

class Script {
  readonly #options;
  #operator: WindowOperator;
  #sequence = 0;

  constructor(one: View, { maxFutureSkewMs = Number.POSITIVE_INFINITY, outOfOrdernessMs }: Case) {
    // So far behind that only `wm` moves the watermark, as in Flink's tests.
    const behindMs = outOfOrdernessMs ?? 1_000_000;
    this.#options = { views: [one], source: 's', outOfOrdernessMs: behindMs, maxFutureSkewMs };
    this.#operator = new WindowOperator(this.#options);
  }

  get isEmpty(): boolean {
    return this.#operator.openRows === 0 && this.#operator.series.size === 0;
  }

  run(step: string): string[] {
    const [verb = '', ...words] = step.split(' ');
    const number = Number(words[0]);
    switch (verb) {
      case 'el': {
        const [timeMs = 0, arrivalTimeMs = timeMs] = (words[0] ?? '').split('@').map(Number);
        const [, key, value = 1] = words;
        return [...this.#add([point(timeMs, Number(value), key)], arrivalTimeMs), ...this.#drain()];
      }
      case 'els':
        return [
          ...words.map(Number).flatMap((timeMs) => this.#add([point(timeMs)], timeMs)),
          ...this.#drain(),
        ];
      case 'record': {
        const times = words.map(Number);
        const points = times.map((timeMs) => point(timeMs));
        return [...this.#add(points, Math.max(...times)), ...this.#drain()];
      }
      case 'wm': {
        const marker = point(number + 1 + this.#options.outOfOrdernessMs);
        const series = { ...marker.series, measureValueType: 'VARCHAR' as const };
        this.#add([{ ...marker, series }], marker.timeMs);
        return this.#drain();
      }
      case 'idle':
        return [...this.#operator.fire('idle', number)].map(show);
      case 'shard_end':
        return [...this.#operator.fire('shard_end', Number.POSITIVE_INFINITY)].map(show);
      case 'restart':
        this.#operator = restoreOperator(snapshotOperator(this.#operator), this.#options).operator;
        return [];
      default:
        throw new Error(`no such step: ${step}`);
    }
  }

  #add(points: readonly Point[], arrivalTimeMs: number): PointOutcome[] {
    this.#sequence += 1;
    const origin = { sequenceNumber: String(this.#sequence), arrivalTimeMs };
    const outcomes = points.map((each) => this.#operator.add(each, origin));
    this.#operator.endRecord();
    return outcomes.filter((outcome) => outcome !== 'aggregated' && outcome !== 'unmatched');
  }

  #drain(): string[] {
    return [...this.#operator.drain()].map(show);
  }
}

describe.each(cases)('$rule', (one) => {
  it(`${one.because}: ${one.script.map(([step]) => step).join(', ')}`, () => {
    const script = new Script(view(one.view), one);
    for (const [step, ...gives] of one.script)
      expect([step, ...script.run(step)]).toEqual([step, ...gives]);
  });

  it('gives the same with a restart after every step, and leaves nothing at the end', () => {
    const script = new Script(view(one.view), one);
    for (const [step, ...gives] of one.script) {
      expect([step, ...script.run(step)]).toEqual([step, ...gives]);
      script.run('restart');
    }
    if (one.maxFutureSkewMs !== undefined) return;
    script.run('wm 1000');
    expect(script.isEmpty).toBe(true);
  });
});
