/** The data that a run stands on, and what it made of it. */

import type { RunPage } from '../records';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { Section } from './Section';

const MOST = 300;

export function RunData({ data }: { data: NonNullable<RunPage['data']> }): JSX.Element | null {
  const texts = useTexts();
  if (!data.length) {
    return null;
  }
  return (
    <Section title={texts.__('Data')}>
      <table className="jp-nbmlops-values">
        <tbody>
          {data.slice(0, MOST).map(one => (
            <tr key={`${one.name} ${one.digest}`}>
              <th scope="row">{shortened(one.name, 60)}</th>
              <td>{one.role}</td>
              <td>{one.shape?.join(' × ')}</td>
              <td>
                <code>{one.digest.slice(0, 10)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
