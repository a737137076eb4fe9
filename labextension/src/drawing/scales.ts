/** From values to places on a drawing, and the ticks between. Pure. */

const NEARLY = 1e-9; // of a step, as 0.3 / 0.1 is less than 3

export interface Scale {
  least: number;
  most: number;
  isLog: boolean;
}

/** A scale that holds all values; on a logarithmic one only those above zero count. */
export function scaleOf(values: Iterable<number>, isLog = false): Scale {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (Number.isFinite(value) && (!isLog || value > 0)) {
      least = value < least ? value : least;
      most = value > most ? value : most;
    }
  }
  if (least > most) {
    return { least: isLog ? 1 : 0, most: isLog ? 10 : 1, isLog };
  }
  if (least === most) {
    const room = Math.abs(least) * 0.1 || 1;
    return isLog
      ? { least: least / 2, most: bounded(most * 2), isLog }
      : { least: bounded(least - room), most: bounded(most + room), isLog };
  }
  return { least, most, isLog };
}

/** Where a value is, from 0 to 1; NaN where a logarithmic scale has no place for it. */
export function placed(scale: Scale, value: number): number {
  const far = scale.isLog ? Math.log : half;
  const least = far(scale.least);
  return scale.isLog && value <= 0 ? NaN : (far(value) - least) / (far(scale.most) - least);
}

/** From the least to the greatest number there is, it is further than any number says. */
function half(value: number): number {
  return value / 2;
}

function bounded(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

/** The value at a place from 0 to 1: what `placed` undoes. */
export function valueAt(scale: Scale, place: number): number {
  return scale.isLog
    ? scale.least ** (1 - place) * scale.most ** place
    : scale.least * (1 - place) + scale.most * place;
}

/** Round values within the scale, about as many as wanted; whole ones where there are no others. */
export function ticks(scale: Scale, wanted: number, isWhole = false): number[] {
  if (scale.isLog) {
    const from = Math.ceil(Math.log10(scale.least));
    const to = Math.floor(Math.log10(scale.most));
    if (to - from >= 1) {
      return counted(from, to, Math.max(1, Math.ceil((to - from + 1) / wanted))).map(e => 10 ** e);
    }
  }
  const step = stepOf(scale, wanted, isWhole);
  const [from, to] = [
    Math.ceil(scale.least / step - NEARLY),
    Math.floor(scale.most / step + NEARLY)
  ];
  return counted(from, to, 1).map(times => Number((times * step).toPrecision(12)));
}

/** A scale that goes on to the next tick, where that is near. */
export function rounded(scale: Scale, wanted: number): Scale {
  const step = stepOf(scale, wanted);
  const next = Math.ceil(scale.most / step - NEARLY) * step;
  const isNear = next - scale.most <= scale.most / 20 - scale.least / 20;
  return !scale.isLog && isNear && Number.isFinite(next) ? { ...scale, most: next } : scale;
}

function stepOf(scale: Scale, wanted: number, isWhole = false): number {
  const parts = Math.max(1, wanted);
  const rough = scale.most / parts - scale.least / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find(times => times * power >= rough) ?? 10);
  return isWhole ? Math.max(1, Math.round(step)) : step;
}

function counted(from: number, to: number, step: number): number[] {
  const found = [];
  for (let value = from; value <= to && found.length < 100; value += step) {
    found.push(value);
  }
  return found;
}
