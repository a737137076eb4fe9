/** Views in the main area; one of a kind for each run or comparison. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, ReactWidget } from '@jupyterlab/apputils';
import type { ReactElement } from 'react';
import { ComparisonView } from '../components/ComparisonView';
import { Lineage } from '../components/Lineage';
import { RunPageView } from '../components/RunPageView';
import { RunsView } from '../components/RunsView';
import { ComparingModel } from '../models/comparing';
import { RunsModel } from '../models/runs';
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
    const { api, edits, texts, looks } = this.panel;
    this.show('table', texts.__('Runs'), () => {
      const model = new RunsModel(api);
      void model.refresh();
      return {
        body: (
          <RunsView
            model={model}
            edits={edits}
            source={api}
            isNarrow={false}
            onOpen={open}
            onCompare={compare}
          />
        ),
        end: looks.watch(() => void model.refresh())
      };
    });
  }

  run(id: string): void {
    const { api, edits, looks } = this.panel;
    const { commands } = this.app;
    this.show(`run ${id}`, short(id), () => ({
      body: (
        <Loaded load={() => api.run(id)} looks={looks}>
          {run => (
            <RunPageView
              run={run}
              edits={edits}
              onWhy={() => void commands.execute(Commands.why, { id })}
            />
          )}
        </Loaded>
      )
    }));
  }

  comparison(ids: readonly string[]): void {
    const { api, edits, texts, looks } = this.panel;
    const { commands } = this.app;
    const [baseline, ...others] = ids.map(short);
    const title = texts.__('%1 against %2', others.join(', '), baseline ?? '');
    this.show(`comparison ${ids.join(' ')}`, title, () => {
      const model = new ComparingModel(api, ids);
      void model.refresh();
      return {
        body: (
          <ComparisonView
            model={model}
            edits={edits}
            series={api.series}
            onOpen={id => void commands.execute(Commands.openRun, { id })}
          />
        ),
        end: looks.watch(() => void model.refresh())
      };
    });
  }

  lineage(id: string): void {
    const { api, texts, looks } = this.panel;
    this.show(`why ${id}`, texts.__('Why %1', short(id)), () => ({
      body: (
        <Loaded load={() => api.slice(id)} looks={looks}>
          {slice => <Lineage slice={slice} />}
        </Loaded>
      )
    }));
  }

  /** Bring a view to the front; one that is not there yet is made first. */
  private show(key: string, title: string, make: () => Made): void {
    const there = this.open.get(key);
    if (there) {
      this.app.shell.activateById(there.id);
      return;
    }
    const { body, end } = make();
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
      end?.();
    });
    this.open.set(key, widget);
    this.app.shell.add(widget, 'main');
    this.app.shell.activateById(widget.id);
  }
}

/** What a view draws, and what is called when it is closed. */
interface Made {
  body: ReactElement;
  end?: () => void;
}
