/** Any two quantities of the runs against each other. */

import { useState } from 'react';
import type { Shown } from '../drawing/colours';
import { colour, shape } from '../drawing/colours';
import { placed, ticks } from '../drawing/scales';
import { useTexts } from '../translated';
import { number, shortened } from '../words';
import type { Axis } from '../drawing/axes';
import { axisScale, isWhole } from '../drawing/axes';
import { Choice } from './Choice';
import { useWidth } from './useWidth';

const HEIGHT = 240;
const LEFT = 60;
const BOTTOM = 22;

export interface ScatterProps {
  axes: readonly Axis[];
  shown: readonly Shown[];
  onOpen?: ((place: number) => void) | undefined;
}

export function Scatter({ axes, shown, onOpen }: ScatterProps): JSX.Element | null {
  const texts = useTexts();
  const [box, width] = useWidth();
  const [xPlace, setX] = useState(0);
  const [yPlace, setY] = useState(() => {
    const metric = axes.findIndex(axis => axis.kind === 'metric');
    return metric > 0 ? metric : axes.length - 1;
  });
  const x = axes[xPlace] ?? axes[0];
  const y = axes[yPlace] ?? axes[axes.length - 1];
  if (!x || !y) {
    return null;
  }
  const [across, down] = [axisScale(x), axisScale(y)];
  const left = (value: number) => LEFT + 10 + placed(across, value) * (width - LEFT - 40);
  const top = (value: number) => 10 + (1 - placed(down, value)) * (HEIGHT - BOTTOM - 24);
  const word = (axis: Axis, value: number) =>
    axis.words ? (axis.words[value] ?? '') : number(value);
  const all = axes.map(axis => axis.name);
  return (
    <div ref={box} className="jp-nbmlops-chart">
      <div className="jp-nbmlops-bar">
        <Choice label={texts.__('across')} names={all} chosen={xPlace} onChoose={setX} />
        <Choice label={texts.__('up')} names={all} chosen={yPlace} onChoose={setY} />
      </div>
      <svg
        height={HEIGHT}
        role="img"
        aria-label={texts.__('%1 against %2', shortened(y.name), shortened(x.name))}
      >
        {ticks(across, width / 110, isWhole(x)).map(value => (
          <text key={value} x={left(value)} y={HEIGHT - 6} textAnchor="middle">
            {word(x, value)}
          </text>
        ))}
        {ticks(down, 5, isWhole(y)).map(value => (
          <g key={value}>
            <line
              x1={LEFT}
              x2={width - 10}
              y1={top(value)}
              y2={top(value)}
              stroke="currentColor"
              opacity={0.15}
            />
            <text x={LEFT - 6} y={top(value) + 4} textAnchor="end">
              {word(y, value)}
            </text>
          </g>
        ))}
        {shown.map(({ name, mark, isChosen }, run) =>
          Number.isFinite(x.values[run]) && Number.isFinite(y.values[run]) ? (
            <path
              key={run}
              d={shape(mark)}
              transform={`translate(${left(x.values[run]!)} ${top(y.values[run]!)}) scale(5)`}
              fill={colour(mark)}
              opacity={isChosen ? 0.85 : 0.12}
              style={{ cursor: 'pointer' }}
              onClick={() => onOpen?.(run)}
            >
              <title>{`${name}: ${word(x, x.values[run]!)}, ${word(y, y.values[run]!)}`}</title>
            </path>
          ) : null
        )}
      </svg>
    </div>
  );
}
