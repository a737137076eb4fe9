/** The panel's styles, put into the page by JupyterLab before the panel itself begins. */

import style from '../style.raw.css';

const node = document.createElement('style');
node.textContent = style;
document.head.append(node);
