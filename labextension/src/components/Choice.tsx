/** One of several names, whatever they are: what is chosen is told by its place. */

import { shortened } from '../words';

export interface ChoiceProps {
  label: string;
  names: readonly string[];
  chosen: number;
  onChoose: (place: number) => void;
}

export function Choice({ label, names, chosen, onChoose }: ChoiceProps): JSX.Element {
  return (
    <label>
      {label}{' '}
      <select value={chosen} onChange={event => onChoose(Number(event.target.value))}>
        {names.map((name, place) => (
          <option key={place} value={place}>
            {shortened(name, 40)}
          </option>
        ))}
      </select>
    </label>
  );
}
