/** What a replay stood on: files, surroundings, the folder, and what else there is to know. */

import type { Replay } from '../records';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { Section } from './Section';

const MOST = 60;

export function ReplayGround({ replay }: { replay: Replay }): JSX.Element {
  const texts = useTexts();
  const files = new Map(replay.inputs.map(file => [file.path, file]));
  const same = [...files.values()].filter(file => file.state === 'same').length;
  const others = [...files.values()].filter(file => file.state !== 'same');
  const isChanged = others.length + replay.environment.length > 0;
  return (
    <Section title={texts.__('Stands on')} isOpen={isChanged}>
      <ul className="jp-nbmlops-compared-names">
        {replay.environment.slice(0, MOST).map(one => (
          <li key={`${one.aspect} ${one.name}`}>
            {one.aspect} {shortened(one.name)}: {shortened(one.before)} →{' '}
            <b>{shortened(one.after)}</b>
          </li>
        ))}
        {others.slice(0, MOST).map(file => (
          <li key={file.path} className="jp-nbmlops-warn">
            {shortened(file.path, 200)} {shortened(file.words, 200)}
          </li>
        ))}
        {same > 0 && <li>{texts._n('%1 file as then', '%1 files as then', same)}</li>}
        {replay.folder && (
          <li>
            {texts.__('executed in')} <code>{shortened(replay.folder, 200)}</code>
          </li>
        )}
        {replay.notes.map(note => (
          <li key={note} className="jp-nbmlops-muted">
            {shortened(note, 400)}
          </li>
        ))}
      </ul>
    </Section>
  );
}
