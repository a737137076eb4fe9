/** What could stand at the place in the filter where somebody types. */

import type { Completions } from '../records';

export interface SearchOptionsProps {
  /** The id of the search box, from which those of the options are made. */
  id: string;
  options: Completions['options'];
  active: number;
  onTake: (place: number) => void;
}

export function SearchOptions({ id, options, active, onTake }: SearchOptionsProps): JSX.Element {
  return (
    <ul id={`${id}-options`} role="listbox" className="jp-nbmlops-options">
      {options.map((option, place) => (
        <li
          key={option.text}
          id={`${id}-${place}`}
          role="option"
          aria-selected={place === active}
          onMouseDown={event => {
            event.preventDefault(); // the box keeps the focus
            onTake(place);
          }}
        >
          <span>{option.text}</span> <small>{option.kind}</small>
        </li>
      ))}
    </ul>
  );
}
