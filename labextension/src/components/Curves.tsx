/** The curves of the runs compared: which metric, on which scale, how smooth, by step or time. */

import { useEffect, useMemo, useState } from 'react';
import type { Shown } from '../drawing/colours';
import { curveOf, inUnit, partsOf, timeUnit } from '../drawing/curves';
import { said } from '../models/looking_on';
import type { Series, Source } from '../records';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { Choice } from './Choice';
import { LineChart } from './LineChart';

export interface CurvesProps {
  runs: readonly string[];
  /** How each of the runs is drawn. */
  shown: readonly Shown[];
  metrics: readonly string[];
  series: Source['series'];
}

export function Curves({ runs, shown, metrics, series }: CurvesProps): JSX.Element | null {
  const texts = useTexts();
  const [chosen, setChosen] = useState<string | null>(null);
  const [found, setFound] = useState<readonly Series[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isLog, setLog] = useState(false);
  const [by, setBy] = useState<'step' | 'time'>('step');
  const [smoothing, setSmoothing] = useState(0);

  useEffect(() => {
    let isWanted = true;
    // Without a name, of a metric that has a curve.
    const take = (answer: readonly Series[], fault: string | null) => {
      if (isWanted) {
        setFound(answer);
        setProblem(fault);
      }
    };
    series(runs, chosen === null ? [] : [chosen], partsOf(runs.length)).then(
      answer => take(answer, null),
      fault => take([], said(fault)) // and none of the metric before, under this one's name
    );
    return () => {
      isWanted = false;
    };
  }, [chosen, runs, series]);

  const metric = chosen ?? found?.[0]?.metric ?? metrics[0] ?? '';
  const { curves, unit } = useMemo(() => {
    const byRun = new Map((found ?? []).map(one => [one.run, curveOf(one, { by, smoothing })]));
    const empty = new Float64Array();
    const all = runs.map(run => byRun.get(run) ?? { run, x: empty, y: empty });
    const last = Math.max(0, ...all.map(({ x }) => x[x.length - 1] ?? 0));
    const of = timeUnit(last);
    return by === 'time'
      ? { curves: all.map(curve => inUnit(curve, of)), unit: of.name }
      : { curves: all, unit: null };
  }, [found, runs, by, smoothing]);
  const isCurve = found === null || curves.some(curve => curve.x.length > 1);
  return (
    <>
      {(isCurve || metrics.length > 1) && (
        <div className="jp-nbmlops-bar">
          <Choice
            label={texts.__('metric')}
            names={metrics}
            chosen={Math.max(0, metrics.indexOf(metric))}
            onChoose={place => setChosen(metrics[place] ?? null)}
          />
          {isCurve && (
            <>
              <button
                className="jp-nbmlops-button"
                aria-pressed={isLog}
                onClick={() => setLog(!isLog)}
              >
                {texts.__('log scale')}
              </button>
              <button
                className="jp-nbmlops-button"
                aria-pressed={by === 'time'}
                onClick={() => setBy(by === 'time' ? 'step' : 'time')}
              >
                {texts.__('by time')}
              </button>
              <label>
                {texts.__('smooth')}{' '}
                <input
                  type="range"
                  min={0}
                  max={0.99}
                  step={0.01}
                  value={smoothing}
                  onChange={event => setSmoothing(Number(event.target.value))}
                />
              </label>
            </>
          )}
        </div>
      )}
      {problem !== null ? (
        <div role="alert" className="jp-nbmlops-problem">
          {shortened(problem, 300)}
        </div>
      ) : isCurve ? (
        // There from the start, unseen, so that it knows its width and is drawn once.
        <div className={found === null ? 'jp-nbmlops-waiting' : ''}>
          <LineChart
            curves={curves}
            shown={shown}
            isLog={isLog}
            label={texts.__('curves of %1', shortened(metric))}
            xTitle={unit === null ? texts.__('step') : texts.__('time in %1', unit)}
            yTitle={shortened(metric, 30)}
          />
        </div>
      ) : (
        <p className="jp-nbmlops-muted">{texts.__('One measurement each: there is no curve.')}</p>
      )}
    </>
  );
}
