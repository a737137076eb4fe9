/** The views of runs in the main area: the table, pages, comparisons, lineage. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ComparisonView } from '../components/ComparisonView';
import { Lineage } from '../components/Lineage';
import { RunPageView } from '../components/RunPageView';
import { RunTools } from '../components/RunTools';
import { RunsView } from '../components/RunsView';
import { ComparingModel } from '../models/comparing';
import { linesOfSlice } from '../models/lines';
import { RunsModel } from '../models/runs';
import type { Run } from '../records';
import { called, short, shortened } from '../words';
import { Loaded } from './Loaded';
import type { Panel } from './tokens';
import { Commands } from './tokens';

export class MainViews {
  constructor(
    private readonly commands: JupyterFrontEnd['commands'],
    private readonly panel: Panel
  ) {}

  private readonly others = () => void this.commands.execute(Commands.table);

  table(open: (id: string) => void, compare: (ids: string[]) => void): void {
    const { api, edits, texts, looks, main } = this.panel;
    main.show('table', texts.__('Runs'), () => {
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
    const { api, edits, looks, main } = this.panel;
    const { commands } = this;
    const key = `run ${id}`;
    const load = async () => {
      const run = await api.run(id);
      main.entitle(key, called(run));
      return run;
    };
    main.show(key, short(id), () => ({
      body: (
        <Loaded load={load} looks={looks} onOthers={this.others}>
          {run => (
            <RunPageView
              run={run}
              edits={edits}
              series={api.series}
              onWhy={() => void commands.execute(Commands.why, named(run))}
              tools={
                <RunTools
                  onNotebook={() => void commands.execute(Commands.notebook, { id })}
                  onPutBack={
                    commands.isEnabled(Commands.putBack, named(run))
                      ? () => void commands.execute(Commands.putBack, named(run))
                      : undefined
                  }
                  onReplay={() => void commands.execute(Commands.replay, named(run))}
                  onRerun={() => void commands.execute(Commands.rerun, named(run))}
                />
              }
            />
          )}
        </Loaded>
      )
    }));
  }

  /** Compare runs; those that are chosen of them are told, all where none is left out. */
  comparison(ids: readonly string[], onChosen: (ids: readonly string[]) => void): void {
    const { api, edits, texts, looks, main } = this.panel;
    const { commands } = this;
    const key = `comparison ${ids.join(' ')}`;
    const title = (runs: ReadonlyMap<string, Run>) => {
      const names = ids.map(id => called(runs.get(id) ?? { id, name: null }));
      const [baseline = '', other = ''] = names.map(name => shortened(name, 24));
      return ids.length > 2
        ? texts.__('%1 and %2 others', baseline, ids.length - 1)
        : texts.__('%1 against %2', other, baseline);
    };
    main.show(key, title(new Map()), () => {
      const model = new ComparingModel(api, ids);
      let before = model.state.value.chosen;
      model.state.watch(() => {
        const { runs, chosen } = model.state.value;
        main.entitle(key, title(runs));
        if (chosen !== before) {
          before = chosen;
          onChosen(chosen ?? ids);
        }
      });
      void model.refresh();
      return {
        body: (
          <ComparisonView
            model={model}
            edits={edits}
            onOpen={id => void commands.execute(Commands.openRun, { id })}
          />
        ),
        end: looks.watch(() => void model.refresh())
      };
    });
  }

  lineage(id: string, name: string): void {
    const { api, texts, looks, main } = this.panel;
    main.show(`why ${id}`, texts.__('Why %1', name), () => ({
      body: (
        <Loaded load={() => api.slice(id)} looks={looks} onOthers={this.others}>
          {slice => <Lineage slice={slice} lines={linesOfSlice(id)} />}
        </Loaded>
      )
    }));
  }
}

/** What a command is given of a run: its id, and what it is called. */
function named(run: Pick<Run, 'id' | 'name'>): { id: string; name: string } {
  return { id: run.id, name: called(run) };
}
