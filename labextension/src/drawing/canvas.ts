/** Curves on a canvas, and the frame they are drawn in. */

import { colour, dash } from './colours';
import type { Curve } from './curves';
import type { Scale } from './scales';
import { placed, scaleOf, ticks } from './scales';

const MARGIN = { left: 60, right: 10, top: 8, bottom: 22 };

export interface Frame {
  x: Scale;
  y: Scale;
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

export type Zoom = readonly [number, number] | null;

/** The frame that holds all curves, or what of them lies in the zoom. */
export function frameOf(curves: readonly Curve[], zoom: Zoom, isLog: boolean, size: Size): Frame {
  const x = zoom ? { least: zoom[0], most: zoom[1], isLog: false } : scaleOf(ends(curves));
  return {
    x,
    y: scaleOf(heights(curves, x), isLog),
    left: MARGIN.left,
    top: MARGIN.top,
    width: Math.max(10, size.width - MARGIN.left - MARGIN.right),
    height: size.height - MARGIN.top - MARGIN.bottom
  };
}

function* ends(curves: readonly Curve[]): Iterable<number> {
  for (const { x } of curves) {
    yield x[0] ?? NaN;
    yield x[x.length - 1] ?? NaN;
  }
}

function* heights(curves: readonly Curve[], within: Scale): Iterable<number> {
  for (const { x, y } of curves) {
    for (let place = 0; place < y.length; place++) {
      if (x[place]! >= within.least && x[place]! <= within.most) {
        yield y[place]!;
      }
    }
  }
}

export function drawAll(
  canvas: HTMLCanvasElement,
  curves: readonly Curve[],
  frame: Frame,
  size: Size
): void {
  const context = canvas.getContext('2d');
  if (!context) {
    return;
  }
  const density = window.devicePixelRatio || 1;
  canvas.width = size.width * density;
  canvas.height = size.height * density;
  context.scale(density, density);
  context.strokeStyle = 'rgb(128 128 128 / 25%)';
  for (const y of ticks(frame.y, 5)) {
    const down = Math.round(frame.top + (1 - placed(frame.y, y)) * frame.height) + 0.5;
    context.strokeRect(frame.left, down, frame.width, 0);
  }
  context.beginPath();
  context.rect(frame.left, frame.top - 2, frame.width, frame.height + 4);
  context.clip();
  context.lineWidth = 1.5;
  curves.forEach((curve, place) => {
    context.strokeStyle = colour(place);
    context.setLineDash(dash(place));
    drawCurve(context, curve, frame);
  });
}

function drawCurve(context: CanvasRenderingContext2D, curve: Curve, frame: Frame): void {
  context.beginPath();
  let isDown = false;
  for (let place = 0; place < curve.x.length; place++) {
    const x = frame.left + placed(frame.x, curve.x[place]!) * frame.width;
    const y = frame.top + (1 - placed(frame.y, curve.y[place]!)) * frame.height;
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      isDown = false;
    } else if (isDown) {
      context.lineTo(x, y);
    } else {
      context.rect(x - 1, y - 1, 2, 2); // so that a measurement between gaps shows
      context.moveTo(x, y);
      isDown = true;
    }
  }
  context.stroke();
}
