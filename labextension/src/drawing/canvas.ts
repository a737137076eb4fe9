/** Curves on a canvas, and the frame they are drawn in. */

import type { Shown } from './colours';
import { colour, dash } from './colours';
import type { Curve } from './curves';
import type { Scale } from './scales';
import { placed, rounded, scaleOf, ticks } from './scales';

const MARGIN = { left: 76, right: 24, top: 8, bottom: 38 };
const FAINT = 0.1; // of those that are not chosen

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
  const width = Math.max(10, size.width - MARGIN.left - MARGIN.right);
  const x = zoom
    ? { least: zoom[0], most: zoom[1], isLog: false }
    : rounded(scaleOf(ends(curves)), ticksAcross(width));
  return {
    x,
    y: scaleOf(heights(curves, x), isLog),
    left: MARGIN.left,
    top: MARGIN.top,
    width,
    height: size.height - MARGIN.top - MARGIN.bottom
  };
}

/** How far across the canvas a value stands. */
export function across(frame: Frame, x: number): number {
  return frame.left + placed(frame.x, x) * frame.width;
}

/** How far down the canvas a value stands. */
export function down(frame: Frame, y: number): number {
  return frame.top + (1 - placed(frame.y, y)) * frame.height;
}

/** How many ticks there is room for. */
export function ticksAcross(width: number): number {
  return Math.max(2, width / 90);
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
  shown: readonly Shown[],
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
    context.strokeRect(frame.left, Math.round(down(frame, y)) + 0.5, frame.width, 0);
  }
  context.beginPath();
  context.rect(frame.left, frame.top - 2, frame.width, frame.height + 4);
  context.clip();
  context.lineWidth = 1.5;
  for (const isChosen of [false, true]) {
    context.globalAlpha = isChosen ? 1 : FAINT; // below those that are
    curves.forEach((curve, place) => {
      const run = shown[place];
      if (run?.isChosen === isChosen) {
        context.strokeStyle = colour(run.mark);
        context.setLineDash([...dash(run.mark)]);
        drawCurve(context, curve, frame);
      }
    });
  }
}

function drawCurve(context: CanvasRenderingContext2D, curve: Curve, frame: Frame): void {
  context.beginPath();
  let isDown = false;
  for (let place = 0; place < curve.x.length; place++) {
    const x = across(frame, curve.x[place]!);
    const y = down(frame, curve.y[place]!);
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
