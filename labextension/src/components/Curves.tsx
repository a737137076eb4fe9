/** The curves of the runs compared: which metric, on which scale, how smooth, by step or time. */

import { useEffect, useMemo, useState } from 'react';
import { curveOf } from '../drawing/curves';
import type { Series } from '../records';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { Choice } from './Choice';
import { LineChart } from './LineChart';

const MOST_TRIED = 8; // metrics looked at for one with a curve

export interface CurvesProps {
  runs: readonly string[];
  names: readonly string[];
  metrics: readonly string[];
  series: (runs: readonly string[], metrics: readonly string[]) => Promise<readonly Series[]>;
}

export function Curves({ runs, names, metrics, series }: CurvesProps): JSX.Element | null {
  const texts = useTexts();
  const [place, setPlace] = useState(0);
  const [isChosen, setChosen] = useState(false);
  const metric = metrics[place] ?? metrics[0] ?? '';
  const [found, setFound] = useState<readonly Series[] | null>(null);
  const [isLog, setLog] = useState(false);
  const [by, setBy] = useState<'step' | 'time'>('step');
  const [smoothing, setSmoothing] = useState(0);

  useEffect(() => {
    let isWanted = true;
    const ask = async () => {
      const answer = await series(runs, [metric]).catch(() => []);
      const isLast = isChosen || place + 1 >= Math.min(metrics.length, MOST_TRIED);
      if (isWanted && (isLast || answer.some(one => one.count > 1))) {
        setFound(answer);
      } else if (isWanted) {
        setPlace(place + 1); // nothing was chosen yet: show a metric that has a curve
      }
    };
    void ask();
    return () => {
      isWanted = false;
    };
  }, [metric, runs, series, isChosen, place, metrics.length]);

  const curves = useMemo(() => {
    const byRun = new Map((found ?? []).map(one => [one.run, curveOf(one, { by, smoothing })]));
    const empty = new Float64Array();
    return runs.map(run => byRun.get(run) ?? { run, x: empty, y: empty });
  }, [found, runs, by, smoothing]);
  const isCurve = curves.some(curve => curve.x.length > 1);
  return (
    <>
      <div className="jp-nbmlops-bar">
        <Choice
          label={texts.__('metric')}
          names={metrics}
          chosen={place}
          onChoose={chosen => {
            setChosen(true);
            setPlace(chosen);
          }}
        />
        <button className="jp-nbmlops-button" aria-pressed={isLog} onClick={() => setLog(!isLog)}>
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
      </div>
      {found !== null && !isCurve ? (
        <p className="jp-nbmlops-muted">{texts.__('One measurement each: there is no curve.')}</p>
      ) : (
        <LineChart
          curves={curves}
          names={names}
          isLog={isLog}
          label={texts.__('curves of %1', shortened(metric))}
          xTitle={by === 'step' ? texts.__('step') : texts.__('seconds')}
        />
      )}
    </>
  );
}
