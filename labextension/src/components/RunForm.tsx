/** What people write on runs: name, hypothesis and verdict, tags, note; of one or of several. */

import type { Run, RunChange } from '../records';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { leadBack } from './leading_back';
import { TextField } from './TextField';

/** What is written on a run. */
export type Written = Pick<
  Run,
  'id' | 'name' | 'hypothesis' | 'verdict' | 'note' | 'tags' | 'pinned'
>;

export interface RunFormProps {
  runs: readonly Written[];
  onChange: (change: RunChange) => void;
  /** Called when Escape is pressed. */
  onEnd: () => void;
}

export function RunForm({ runs, onChange, onEnd }: RunFormProps): JSX.Element {
  const texts = useTexts();
  const several = (text: string) => (text === VARIOUS ? texts.__('various') : '');
  const hypothesis = common(runs.map(run => run.hypothesis ?? ''));
  const note = common(runs.map(run => run.note ?? ''));
  const verdict = common(runs.map(run => run.verdict ?? ''));
  const tags = new Map(runs.flatMap(run => Object.entries(run.tags)));
  const [first] = runs;
  return (
    <div
      className="jp-nbmlops-form"
      role="group"
      aria-label={texts.__('What is written on it')}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          leadBack(event.currentTarget);
          onEnd();
        }
      }}
    >
      {runs.length === 1 && first && (
        <Line label={texts.__('Name')}>
          <TextField
            label={texts.__('Name')}
            value={first.name ?? ''}
            placeholder={first.id}
            onWrite={name => onChange({ name: name || null })}
          />
        </Line>
      )}
      <Line label={texts.__('Hypothesis')}>
        <TextField
          label={texts.__('Hypothesis')}
          value={hypothesis === VARIOUS ? '' : hypothesis}
          placeholder={several(hypothesis)}
          onWrite={text => onChange({ hypothesis: text || null })}
        />
        <select
          aria-label={texts.__('Verdict')}
          value={verdict === VARIOUS ? '' : verdict}
          onChange={event => onChange({ verdict: (event.target.value || null) as Verdict })}
        >
          <option value="">{several(verdict) || texts.__('no verdict')}</option>
          <option value="confirmed">{texts.__('confirmed')}</option>
          <option value="refuted">{texts.__('refuted')}</option>
          <option value="inconclusive">{texts.__('inconclusive')}</option>
        </select>
      </Line>
      <Line label={texts.__('Tags')}>
        {[...tags].slice(0, MOST_TAGS).map(([name, value]) => (
          <span key={name} className="jp-nbmlops-badge jp-mod-tag">
            {shortened(value ? `${name}=${value}` : name, 30)}
            <button
              className="jp-nbmlops-badge-end"
              aria-label={texts.__('Take off %1', shortened(name, 30))}
              onClick={() => onChange({ tags: { [name]: null } })}
            >
              ×
            </button>
          </span>
        ))}
        <TextField
          label={texts.__('Add a tag')}
          value=""
          placeholder={texts.__('name or name=value')}
          isEmptied
          onWrite={text => onChange({ tags: tagOf(text) })}
        />
      </Line>
      <Line label={texts.__('Note')}>
        <TextField
          label={texts.__('Note')}
          value={note === VARIOUS ? '' : note}
          placeholder={several(note) || texts.__('Write a note…')}
          rows={2}
          onWrite={text => onChange({ note: text || null })}
        />
      </Line>
    </div>
  );
}

type Verdict = NonNullable<RunChange['verdict']> | null;

const VARIOUS = '\0'; // nobody can write it
const MOST_TAGS = 30;

/** What all have in common; `VARIOUS` where they differ. */
function common(texts: readonly string[]): string {
  return texts.every(text => text === texts[0]) ? (texts[0] ?? '') : VARIOUS;
}

/** A tag as it is typed: a plain word, or a name with a value. */
function tagOf(text: string): Record<string, string> {
  const [name = '', ...value] = text.split('=');
  return { [name.trim()]: value.join('=').trim() };
}

function Line({ label, children }: { label: string; children: React.ReactNode }): JSX.Element {
  return (
    <div className="jp-nbmlops-form-line">
      <span className="jp-nbmlops-muted" aria-hidden="true">
        {label}
      </span>
      {children}
    </div>
  );
}
