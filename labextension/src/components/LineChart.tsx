/** Curves of one metric: drag to zoom, double click to see all, point to read; or by keys. */

import type { KeyboardEvent, PointerEvent } from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Zoom } from '../drawing/canvas';
import { across, drawAll, frameOf } from '../drawing/canvas';
import type { Shown } from '../drawing/colours';
import type { Curve } from '../drawing/curves';
import { placed, valueAt } from '../drawing/scales';
import { useTexts } from '../translated';
import { ChartAxes } from './ChartAxes';
import { Readings } from './Readings';
import { useWidth } from './useWidth';

const HEIGHT = 260;
const BELOW_BUTTON = 40; // what is read is not covered by the button that shows all
const LEAST_DRAG = 0.02; // of the width; less is a click
const STEP = 0.02; // of the width, for each key

export interface LineChartProps {
  curves: readonly Curve[];
  /** How each of them is drawn. */
  shown: readonly Shown[];
  isLog: boolean;
  xTitle: string;
  yTitle: string;
  label: string;
}

export function LineChart(props: LineChartProps): JSX.Element {
  const { curves, shown, isLog } = props;
  const texts = useTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [box, width] = useWidth();
  const [zoom, setZoom] = useState<Zoom>(null);
  const [drag, setDrag] = useState<number | null>(null);
  const [pointer, setPointer] = useState<number | null>(null);
  const size = useMemo(() => ({ width, height: HEIGHT }), [width]);
  const frame = useMemo(() => frameOf(curves, zoom, isLog, size), [curves, zoom, isLog, size]);

  useEffect(() => {
    if (canvas.current) {
      drawAll(canvas.current, curves, shown, frame, size);
    }
  }, [curves, shown, frame, size]);

  const xAt = (event: PointerEvent) => {
    const left = event.currentTarget.getBoundingClientRect().left;
    return valueAt(frame.x, (event.clientX - left - frame.left) / frame.width);
  };
  const released = (event: PointerEvent) => {
    const x = xAt(event);
    if (drag !== null && Math.abs(placed(frame.x, x) - placed(frame.x, drag)) > LEAST_DRAG) {
      setZoom([Math.min(drag, x), Math.max(drag, x)]);
    }
    setDrag(null);
  };
  const left = () => {
    setPointer(null);
    setDrag(null);
  };
  const keyed = (event: KeyboardEvent) => {
    const at = pointer === null ? 0.5 : placed(frame.x, pointer);
    const point = (place: number) => setPointer(valueAt(frame.x, Math.min(1, Math.max(0, place))));
    const span = (from: number, to: number) =>
      setZoom([valueAt(frame.x, from), valueAt(frame.x, to)]);
    const actions: Record<string, () => void> = {
      ArrowLeft: () => point(at - STEP),
      ArrowRight: () => point(at + STEP),
      '+': () => span(at / 2, (1 + at) / 2), // what is pointed at stays where it is
      '-': () => setZoom(null),
      Escape: () => (zoom ? setZoom(null) : setPointer(null))
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };
  return (
    <div
      ref={box}
      className="jp-nbmlops-chart"
      role="group"
      tabIndex={0}
      aria-label={texts.__('%1: arrows read, + zooms, - shows all', props.label)}
      onKeyDown={keyed}
      onBlur={left}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={props.label}
        style={{ height: HEIGHT }}
        onPointerDown={event => setDrag(xAt(event))}
        onPointerMove={event => setPointer(xAt(event))}
        onPointerUp={released}
        onPointerLeave={left}
        onDoubleClick={() => setZoom(null)}
      />
      <ChartAxes
        {...props}
        frame={frame}
        height={HEIGHT}
        dragged={drag !== null && pointer !== null ? [drag, pointer] : null}
      />
      {pointer !== null && drag === null && (
        <Readings
          {...props}
          x={pointer}
          left={across(frame, pointer)}
          top={zoom ? BELOW_BUTTON : frame.top}
          width={width}
        />
      )}
      {zoom && (
        <button className="jp-nbmlops-button jp-nbmlops-corner" onClick={() => setZoom(null)}>
          {texts.__('Show all')}
        </button>
      )}
    </div>
  );
}
