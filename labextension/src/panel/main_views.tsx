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
import { short } from '../words';
import { Loaded } from './Loaded';
import type { Panel } from './tokens';
import { Commands } from './tokens';

export class MainViews {
  constructor(
    private readonly commands: JupyterFrontEnd['commands'],
    private readonly panel: Panel
  ) {}

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
    main.show(`run ${id}`, short(id), () => ({
      body: (
        <Loaded load={() => api.run(id)} looks={looks}>
          {run => (
            <RunPageView
              run={run}
              edits={edits}
              onWhy={() => void commands.execute(Commands.why, { id })}
              tools={
                <RunTools
                  onNotebook={() => void commands.execute(Commands.notebook, { id })}
                  onPutBack={
                    commands.isEnabled(Commands.putBack, { id })
                      ? () => void commands.execute(Commands.putBack, { id })
                      : undefined
                  }
                  onRerun={() => void commands.execute(Commands.rerun, { id })}
                />
              }
            />
          )}
        </Loaded>
      )
    }));
  }

  comparison(ids: readonly string[]): void {
    const { api, edits, texts, looks, main } = this.panel;
    const { commands } = this;
    const [baseline, ...others] = ids.map(short);
    const title = texts.__('%1 against %2', others.join(', '), baseline ?? '');
    main.show(`comparison ${ids.join(' ')}`, title, () => {
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
    const { api, texts, looks, main } = this.panel;
    main.show(`why ${id}`, texts.__('Why %1', short(id)), () => ({
      body: (
        <Loaded load={() => api.slice(id)} looks={looks}>
          {slice => <Lineage slice={slice} lines={linesOfSlice(id)} />}
        </Loaded>
      )
    }));
  }
}
