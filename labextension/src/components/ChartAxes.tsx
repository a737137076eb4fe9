/** What lies over the canvas of a chart: the ticks of its axes, their titles, what is dragged over. */

import type { Frame, Zoom } from '../drawing/canvas';
import { across, down, ticksAcross } from '../drawing/canvas';
import { ticks } from '../drawing/scales';
import { number } from '../words';

export interface ChartAxesProps {
  frame: Frame;
  height: number;
  xTitle: string;
  yTitle: string;
  /** Where the drag began, and where it is. */
  dragged: Zoom;
}

export function ChartAxes(props: ChartAxesProps): JSX.Element {
  const { frame, height, dragged } = props;
  const [from, to] = (dragged ?? []).map(x => across(frame, x));
  return (
    <svg height={height} className="jp-nbmlops-over" aria-hidden="true">
      {ticks(frame.x, ticksAcross(frame.width)).map(x => (
        <text key={x} x={across(frame, x)} y={frame.top + frame.height + 16} textAnchor="middle">
          {number(x)}
        </text>
      ))}
      <text
        className="jp-mod-title"
        x={frame.left + frame.width / 2}
        y={height - 5}
        textAnchor="middle"
      >
        {props.xTitle}
      </text>
      <text
        className="jp-mod-title"
        transform={`translate(12 ${frame.top + frame.height / 2}) rotate(-90)`}
        textAnchor="middle"
      >
        {props.yTitle}
      </text>
      {ticks(frame.y, 5).map(y => (
        <text key={y} x={frame.left - 6} y={down(frame, y) + 4} textAnchor="end">
          {number(y)}
        </text>
      ))}
      {from !== undefined && to !== undefined && (
        <rect
          x={Math.min(from, to)}
          y={frame.top}
          width={Math.abs(to - from)}
          height={frame.height}
          fill="rgb(30 136 229 / 15%)"
        />
      )}
    </svg>
  );
}
