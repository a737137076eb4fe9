/**
 * What the compiler calls for every element, bundled in the place of React's own.
 *
 * React's is no module of the web, and a bundle writes each of some hundred calls out with it.
 */

import type { Attributes, ElementType } from 'react';
import { createElement, Fragment } from 'react';

function jsx(type: ElementType, props: object, key?: Attributes['key']): JSX.Element {
  return createElement(type, key === undefined ? props : { ...props, key });
}

export { Fragment, jsx, jsx as jsxs };
