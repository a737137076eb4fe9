/** Names with their values, as a part of a page. */

import { useTexts } from '../translated';
import { shortened, shown } from '../words';
import { Section } from './Section';

const MOST = 300;

export interface ValuesProps {
  title: string;
  values: Readonly<Record<string, unknown>>;
  isOpen?: boolean;
}

export function Values({ title, values, isOpen = true }: ValuesProps): JSX.Element | null {
  const texts = useTexts();
  const pairs = Object.entries(values);
  if (!pairs.length) {
    return null;
  }
  return (
    <Section title={title} isOpen={isOpen}>
      <table className="jp-nbmlops-values">
        <tbody>
          {pairs.slice(0, MOST).map(([name, value]) => (
            <tr key={name}>
              <th scope="row" title={shortened(name, 500)}>
                {shortened(name, 60)}
              </th>
              <td title={shown(value, 500)}>{shown(value, 80)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {pairs.length > MOST && (
        <p className="jp-nbmlops-muted">{texts.__('and %1 more', pairs.length - MOST)}</p>
      )}
    </Section>
  );
}
