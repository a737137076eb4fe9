/** Views in the main area; one of a kind for each run or comparison. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard, MainAreaWidget, Notification, ReactWidget } from '@jupyterlab/apputils';
import type { ReactElement } from 'react';
import { ComparisonView } from '../components/ComparisonView';
import { Lineage } from '../components/Lineage';
import { RunPageView } from '../components/RunPageView';
import { RunsView } from '../components/RunsView';
import { RunsModel } from '../models/runs';
import type { RunPage } from '../records';
import { TextsContext } from '../translated';
import { short, shortened } from '../words';
import { nbmlopsIcon } from './icon';
import { Loaded } from './Loaded';
import type { Panel } from './tokens';
import { Commands } from './tokens';

export class MainViews {
  private readonly open = new Map<string, MainAreaWidget>();

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly panel: Panel
  ) {}

  table(open: (id: string) => void, compare: (ids: string[]) => void): void {
    const { api, texts, looks } = this.panel;
    const model = new RunsModel(api);
    void model.refresh();
    const end = looks.watch(() => void model.refresh());
    this.show(
      'table',
      texts.__('Runs'),
      <RunsView model={model} source={api} isNarrow={false} onOpen={open} onCompare={compare} />,
      end
    );
  }

  run(id: string): void {
    const { api, looks } = this.panel;
    const { commands } = this.app;
    this.show(
      `run ${id}`,
      short(id),
      <Loaded load={() => api.run(id)} looks={looks}>
        {run => (
          <RunPageView
            run={run}
            onChange={change => void api.change(id, change).then(() => this.look(), this.told)}
            onWhy={() => void commands.execute(Commands.why, { id })}
            onRemove={() => void this.removed(run)}
            onCopy={text => Clipboard.copyToSystem(text)}
          />
        )}
      </Loaded>
    );
  }

  comparison(ids: readonly string[]): void {
    const { api, texts, looks } = this.panel;
    const { commands } = this.app;
    const [baseline, ...others] = ids;
    this.show(
      `comparison ${ids.join(' ')}`,
      texts.__('%1 against %2', others.map(short).join(', '), short(baseline ?? '')),
      <Loaded load={() => api.compare(ids)} looks={looks}>
        {comparison => (
          <ComparisonView
            comparison={comparison}
            series={metric => api.series(ids, metric)}
            onOpen={id => void commands.execute(Commands.openRun, { id })}
            onBaseline={id => this.comparison([id, ...ids.filter(other => other !== id)])}
          />
        )}
      </Loaded>
    );
  }

  lineage(id: string): void {
    const { api, texts, looks } = this.panel;
    this.show(
      `why ${id}`,
      texts.__('Why %1', short(id)),
      <Loaded load={() => api.slice(id)} looks={looks}>
        {slice => <Lineage slice={slice} />}
      </Loaded>
    );
  }

  private async removed(run: RunPage): Promise<void> {
    const { api, texts } = this.panel;
    try {
      await api.remove(run.id);
    } catch (problem) {
      this.told(problem);
      return;
    }
    this.open.get(`run ${run.id}`)?.dispose();
    this.look();
    const name = shortened(run.name ?? short(run.id), 40);
    Notification.info(texts.__('%1 is in the trash', name), {
      autoClose: 15_000,
      actions: [
        {
          label: texts.__('Undo'),
          callback: () => void api.undelete(run.id).then(() => this.look(), this.told)
        }
      ]
    });
  }

  private readonly told = (problem: unknown): void => {
    Notification.error(problem instanceof Error ? problem.message : String(problem));
  };

  private look(): void {
    this.panel.looks.update({ moment: this.panel.looks.value.moment + 1 });
  }

  private show(key: string, title: string, body: ReactElement, onClose?: () => void): void {
    const there = this.open.get(key);
    if (there) {
      onClose?.();
      this.app.shell.activateById(there.id);
      return;
    }
    const content = ReactWidget.create(
      <TextsContext.Provider value={this.panel.texts}>{body}</TextsContext.Provider>
    );
    content.addClass('jp-nbmlops');
    const widget = new MainAreaWidget({ content });
    widget.id = `nbmlops ${key}`.replace(/\s/g, '-');
    widget.title.label = shortened(title, 60);
    widget.title.icon = nbmlopsIcon;
    widget.title.closable = true;
    widget.disposed.connect(() => {
      this.open.delete(key);
      onClose?.();
    });
    this.open.set(key, widget);
    this.app.shell.add(widget, 'main');
    this.app.shell.activateById(widget.id);
  }
}
