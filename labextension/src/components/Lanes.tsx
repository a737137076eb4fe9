/** Lanes beside the steps of a slice: from the execution that wrote something to who read it. */

import type { Slice } from '../records';

export const LANE_ROW = 44; // pixels
const LANE = 14;

type Step = Slice['steps'][number];

export function Lanes({ steps }: { steps: readonly Step[] }): JSX.Element {
  const rows = new Map(steps.map((step, row) => [step.sequence, row]));
  const arcs = steps.flatMap((step, from) => {
    const readers = [...new Set(step.reasons.flatMap(reason => reason.read_by))];
    return readers
      .map(reader => ({ from, to: rows.get(reader) ?? from }))
      .filter(arc => arc.to > arc.from);
  });
  const deepest = Math.min(6, Math.max(1, ...arcs.map(arc => arc.to - arc.from)));
  const width = deepest * LANE + 16;
  const middle = (row: number) => row * LANE_ROW + LANE_ROW / 2;
  return (
    <svg width={width} height={steps.length * LANE_ROW} aria-hidden="true">
      {arcs.map(({ from, to }) => {
        const x = width - 8 - Math.min(deepest, to - from) * LANE;
        return (
          <path
            key={`${from} ${to}`}
            d={`M${width - 8},${middle(from)} C${x},${middle(from)} ${x},${middle(to)} ${width - 8},${middle(to)}`}
          />
        );
      })}
      {steps.map((step, row) => (
        <circle
          key={step.sequence}
          cx={width - 8}
          cy={middle(row)}
          r={step.is_target ? 5 : 3.5}
          className={step.is_target ? 'jp-mod-target' : ''}
        />
      ))}
    </svg>
  );
}
