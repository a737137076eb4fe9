/** The JupyterLab extension: one plugin for each feature. */

import { answersPlugin } from './answers_plugin';
import { dataPlugin } from './data_plugin';
import { nowPlugin } from './now_plugin';
import { panelPlugin } from './panel_plugin';
import { repeatingPlugin } from './repeating_plugin';
import { runsPlugin } from './runs_plugin';

export default [panelPlugin, nowPlugin, runsPlugin, repeatingPlugin, dataPlugin, answersPlugin];
