/** Names with their values, as a part of a page. */

import { naturally } from '../models/order';
import { shortened, shown } from '../words';
import { LongList } from './LongList';
import { Section } from './Section';

export interface ValuesProps {
  title: string;
  values: Readonly<Record<string, unknown>>;
  /** What is said beside a value, by its name. */
  notes?: Readonly<Record<string, string>>;
  isOpen?: boolean;
}

export function Values(props: ValuesProps): JSX.Element | null {
  const { title, values, notes = {}, isOpen = true } = props;
  const names = Object.keys(values).sort(naturally);
  if (!names.length) {
    return null;
  }
  const hasNotes = Object.keys(notes).length > 0;
  return (
    <Section title={title} isOpen={isOpen}>
      <LongList items={names} nameOf={name => name}>
        {few => (
          <div className="jp-nbmlops-overflow" tabIndex={0} role="group" aria-label={title}>
            <table className="jp-nbmlops-values">
              <tbody>
                {few.map(name => (
                  <tr key={name}>
                    <th scope="row" title={shortened(name, 500)}>
                      {shortened(name, 60)}
                    </th>
                    <td title={shown(values[name], 500)}>{shown(values[name], 80)}</td>
                    {hasNotes && <td className="jp-nbmlops-muted">{notes[name]}</td>}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </LongList>
    </Section>
  );
}
