/** What came out of a replay: the verdict, the first difference and its cause, each cell. */

import type { Replay, ReplayCompared } from '../records';
import { useTexts } from '../translated';
import { duration, shortened } from '../words';
import { FirstDifference } from './FirstDifference';
import { LongList } from './LongList';
import { ReplayedCell } from './ReplayedCell';
import { ReplayGround } from './ReplayGround';
import { Section } from './Section';
import { VerdictBadge } from './VerdictBadge';

const MOST = 200; // cells

export function ReplayReport({ replay }: { replay: Replay }): JSX.Element {
  const texts = useTexts();
  const { results, executions, first_difference: first } = replay;
  const executed = executions.filter(one => one.duration_seconds !== null).length;
  return (
    <div className="jp-nbmlops-replay">
      <p className="jp-nbmlops-sentence" role="status">
        <VerdictBadge verdict={replay.verdict} /> {shortened(replay.target, 80)}
        {executed > 0 && (
          <span className="jp-nbmlops-muted">
            {' · '}
            {texts._n('%1 cell', '%1 cells', executed)}, {duration(replay.seconds)}
          </span>
        )}
        {replay.rtol > 0 && (
          <span className="jp-nbmlops-muted">
            {' · '}
            {texts.__('tolerance %1', replay.rtol)}
          </span>
        )}
      </p>
      {replay.problem && <p className="jp-nbmlops-bad">{shortened(replay.problem, 500)}</p>}
      {first && <FirstDifference first={first} executions={executions} />}
      {results.length > 0 && (
        <Section title={texts.__('Results')}>
          <LongList items={results} nameOf={one => one.name}>
            {few => <Results results={few} />}
          </LongList>
        </Section>
      )}
      {executions.length > 0 && (
        <Section title={texts.__('Cells')}>
          <ol className="jp-nbmlops-executions">
            {executions.slice(0, MOST).map(one => (
              <ReplayedCell
                key={one.sequence}
                replayed={one}
                isFirst={one.sequence === first?.sequence}
              />
            ))}
          </ol>
          {executions.length > MOST && (
            <p className="jp-nbmlops-muted">{texts.__('and %1 more', executions.length - MOST)}</p>
          )}
        </Section>
      )}
      <ReplayGround replay={replay} />
    </div>
  );
}

function Results({ results }: { results: readonly ReplayCompared[] }): JSX.Element {
  const texts = useTexts();
  const heads = [texts.__('name'), texts.__('then'), texts.__('now'), ''];
  return (
    <div className="jp-nbmlops-overflow" tabIndex={0} role="group">
      <table className="jp-nbmlops-values">
        <thead>
          <tr>
            {heads.map((head, place) => (
              <th key={place} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {results.map(one => (
            <tr key={one.name}>
              <th scope="row">{shortened(one.name)}</th>
              <td>{shortened(one.before)}</td>
              <td className={one.before === one.after ? '' : 'jp-mod-changed'}>
                {shortened(one.after)}
              </td>
              <td>
                <VerdictBadge verdict={one.verdict} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
