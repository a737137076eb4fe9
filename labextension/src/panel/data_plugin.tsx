/** The tab *Data*. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { DataView } from '../components/DataView';
import { useObserved } from '../models/hooks';
import type { Panel } from './tokens';
import { IPanel } from './tokens';

export const dataPlugin: JupyterFrontEndPlugin<void> = {
  id: 'nbmlops:data',
  description: 'The data that runs used.',
  autoStart: true,
  requires: [IPanel],
  activate: (_: JupyterFrontEnd, panel: Panel): void => {
    panel.addTab({
      id: 'data',
      title: panel.texts.__('Data'),
      rank: 30,
      render: () => <DataTab panel={panel} />
    });
  }
};

function DataTab({ panel }: { panel: Panel }): JSX.Element {
  const { moment } = useObserved(panel.looks);
  return <DataView load={panel.api.data} moment={moment} />;
}
