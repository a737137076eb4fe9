/** Which columns a table of runs has, and what its rows are grouped by. */

import type { Column } from '../models/columns';
import { BY_EXPERIMENT } from '../models/groups';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { Menu } from './Menu';

const MOST = 300; // names offered; of 5,000 parameters nobody reads a list

export interface ColumnChoiceProps {
  possible: readonly Column[];
  columns: readonly Column[];
  groupBy: string | null;
  /** Called when somebody is about to choose. */
  onOpen: () => void;
  onColumns: (columns: readonly Column[] | null) => void;
  onGroupBy: (by: string | null) => void;
}

export function ColumnChoice(props: ColumnChoiceProps): JSX.Element {
  const texts = useTexts();
  const fields = props.columns.map(column => column.field);
  const toggled = (column: Column) =>
    fields.includes(column.field)
      ? props.columns.filter(other => other.field !== column.field)
      : [...props.columns, column];
  const params = props.possible.filter(column => column.kind === 'param').slice(0, MOST);
  return (
    <>
      <Menu title={texts.__('Columns')} onOpen={props.onOpen}>
        <button className="jp-nbmlops-link jp-mod-words" onClick={() => props.onColumns(null)}>
          {texts.__('the usual ones')}
        </button>
        {props.possible.slice(0, MOST).map(column => (
          <label key={column.field}>
            <input
              type="checkbox"
              checked={fields.includes(column.field)}
              disabled={column.field === 'name'}
              onChange={() => props.onColumns(toggled(column))}
            />
            {shortened(column.title, 40)}{' '}
            <small className="jp-nbmlops-muted">{column.kind === 'fixed' ? '' : column.kind}</small>
          </label>
        ))}
      </Menu>
      <select
        aria-label={texts.__('Group by')}
        value={props.groupBy ?? ''}
        onFocus={props.onOpen}
        onChange={event => props.onGroupBy(event.target.value || null)}
      >
        <option value="">{texts.__('no groups')}</option>
        <option value={BY_EXPERIMENT}>{texts.__('by experiment')}</option>
        {params.map(column => (
          <option key={column.field} value={column.title}>
            {texts.__('by %1', shortened(column.title, 30))}
          </option>
        ))}
      </select>
    </>
  );
}
