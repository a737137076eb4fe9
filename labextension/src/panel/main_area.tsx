/** Views in the main area; one of a kind, told apart by a key. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, ReactWidget } from '@jupyterlab/apputils';
import { SplitPanel, TabPanel } from '@lumino/widgets';
import type { ReactElement } from 'react';
import type { Texts } from '../translated';
import { TextsContext } from '../translated';
import { shortened } from '../words';
import { nbmlopsIcon } from './icon';

export class MainArea {
  private readonly open = new Map<string, MainAreaWidget>();

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly texts: Texts
  ) {}

  /** Call a view otherwise, as soon as more is known of what it shows. */
  entitle(key: string, title: string): void {
    const there = this.open.get(key);
    if (there) {
      there.title.label = shortened(title, 60);
    }
  }

  /** Bring a view to the front; one that is not there yet is made first. */
  show(key: string, title: string, make: () => Made): void {
    const there = this.open.get(key);
    if (there) {
      this.bringToFront(there);
      return;
    }
    const { body, end } = make();
    const content = ReactWidget.create(
      <TextsContext.Provider value={this.texts}>
        <div className="jp-nbmlops-view">{body}</div>
      </TextsContext.Provider>
    );
    content.addClass('jp-nbmlops');
    const widget = new MainAreaWidget({ content });
    widget.toolbar.hide(); // it is empty, and draws a line
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
    if (!widget.parent) {
      this.app.shell.add(widget, 'down'); // Notebook 7 has room for the notebook alone
    }
    this.bringToFront(widget);
  }

  private bringToFront(widget: MainAreaWidget): void {
    this.app.shell.activateById(widget.id);
    const below = widget.parent?.parent;
    if (below instanceof TabPanel) {
      below.currentWidget = widget;
      if (below.parent instanceof SplitPanel && below.widgets.length === 1) {
        below.parent.setRelativeSizes([1, 1]);
      }
    }
  }
}

/** What a view draws, and what is called when it is closed. */
export interface Made {
  body: ReactElement;
  end?: () => void;
}
