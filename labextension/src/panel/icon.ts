/** The sign of the panel: runs as lines that rise, one of them marked. */

import { LabIcon } from '@jupyterlab/ui-components';

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <path d="M3 19h18v2H3z"/>
    <path d="M4.4 16.6 3 15.2l6-6 4 4 6.6-6.6L21 8l-8 8-4-4z"/>
    <circle cx="19.5" cy="5" r="2.5"/>
  </g>
</svg>`;

export const nbmlopsIcon = new LabIcon({ name: 'nbmlops:icon', svgstr: SVG });
