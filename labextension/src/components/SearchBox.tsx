/** A filter as it is typed: what could stand there, and what is wrong with it, in place. */

import type { ChangeEvent, KeyboardEvent } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import type { Completions, QueryProblem } from '../records';
import { useTexts } from '../translated';
import { Pointed } from './Pointed';
import { SearchOptions } from './SearchOptions';

const PAUSE = 60; // milliseconds between two searches: what is typed meanwhile is one

const MOST_OPTIONS = 8; // of them; who wants another goes on typing

export interface SearchBoxProps {
  value: string;
  problem: QueryProblem | null;
  /** Ends when what was found is shown, or another search began. */
  onSearch: (text: string) => Promise<void>;
  complete: (text: string, cursor: number) => Promise<Completions>;
}

export function SearchBox({ value, problem, onSearch, complete }: SearchBoxProps): JSX.Element {
  const texts = useTexts();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(value);
  const searched = useRef(value);
  const [text, setText] = useState(value);
  const [offered, setOffered] = useState<Completions | null>(null);
  const [active, setActive] = useState(0);
  useEffect(() => () => clearTimeout(pause.current), []);

  const search = async (now: string, cursor: number) => {
    searched.current = now;
    await onSearch(now);
    // Asked for only then: who types waits for runs.
    const found = await complete(now, [...now.slice(0, cursor)].length).catch(() => null);
    if (latest.current === now) {
      setOffered(found?.options.length && now ? found : null);
      setActive(0);
    }
  };
  const typed = (now: string, cursor: number) => {
    setText(now);
    latest.current = now;
    if (pause.current === undefined) {
      void search(now, cursor);
    }
    clearTimeout(pause.current);
    pause.current = setTimeout(() => {
      pause.current = undefined;
      if (latest.current !== searched.current) {
        void search(latest.current, cursor);
      }
    }, PAUSE);
  };
  const take = (place: number) => {
    const option = offered?.options[place];
    if (!offered || !option) {
      return;
    }
    const signs = [...text];
    const before = signs.slice(0, offered.start).join('') + option.text;
    setOffered(null);
    typed(before + signs.slice(offered.end).join(''), before.length);
    input.current?.focus();
  };
  const keyed = (event: KeyboardEvent) => {
    const count = Math.min(offered?.options.length ?? 0, MOST_OPTIONS);
    const actions: Record<string, () => void> = offered
      ? {
          ArrowDown: () => setActive((active + 1) % count),
          ArrowUp: () => setActive((active + count - 1) % count),
          Tab: () => take(active),
          Enter: () => setOffered(null),
          Escape: () => setOffered(null)
        }
      : {};
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };
  const changed = (event: ChangeEvent<HTMLInputElement>) =>
    typed(event.target.value, event.target.selectionStart ?? event.target.value.length);
  return (
    <div className="jp-nbmlops-search">
      <input
        ref={input}
        type="search"
        role="combobox"
        spellCheck={false}
        autoComplete="off"
        aria-label={texts.__('Search runs')}
        aria-expanded={offered !== null}
        aria-controls={`${id}-options`}
        aria-activedescendant={offered ? `${id}-${active}` : undefined}
        aria-invalid={problem !== null}
        placeholder={texts.__('Search: roc_auc > 0.9')}
        value={text}
        onChange={changed}
        onKeyDown={keyed}
        onBlur={() => setOffered(null)}
      />
      {problem && <Pointed problem={problem} />}
      {/* Below what is wrong, which it would lie over. */}
      {offered && (
        <SearchOptions
          id={id}
          options={offered.options.slice(0, MOST_OPTIONS)}
          active={active}
          onTake={take}
        />
      )}
    </div>
  );
}
