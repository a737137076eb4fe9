/** The heads of a table of runs; a click orders by a column, again turns the order around. */

import type { Column } from '../models/columns';
import { useTexts } from '../translated';
import { shortened } from '../words';

/** The widths of a row's cells, and of the row. */
export interface Layout {
  gridTemplateColumns: string;
  minWidth: number;
}

export interface TableHeadProps {
  columns: readonly Column[];
  layout: Layout;
  orderBy: string;
  onOrder: (orderBy: string) => void;
}

export function TableHead({ columns, layout, orderBy, onOrder }: TableHeadProps): JSX.Element {
  const texts = useTexts();
  return (
    <div role="row" aria-rowindex={1} className="jp-nbmlops-row jp-mod-head" style={layout}>
      <span role="columnheader">
        <span className="jp-nbmlops-unseen">{texts.__('chosen')}</span>
      </span>
      {columns.map(column => {
        const isUp = orderBy === `${column.field} ASC`;
        const isDown = orderBy === `${column.field} DESC`;
        return (
          <span
            key={column.field}
            role="columnheader"
            aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}
            className={`jp-mod-${column.kind}`}
          >
            <button
              title={shortened(column.title, 500)}
              onClick={() => onOrder(`${column.field} ${isDown ? 'ASC' : 'DESC'}`)}
            >
              {shortened(column.title, 30)}
              <span aria-hidden="true">{isUp ? ' ▲' : isDown ? ' ▼' : ''}</span>
            </button>
          </span>
        );
      })}
    </div>
  );
}
