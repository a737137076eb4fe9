/** Where the focus goes when what has it is about to be no more. */

const LIST = '.jp-nbmlops-rows';
const BUTTON = '.jp-nbmlops-bar button:not(:disabled)';

/** Lead the focus to the list of the view that a part is in, or else to its first button. */
export function leadBack(from: Element): void {
  const view = from.closest('.jp-nbmlops-view, .jp-nbmlops');
  const next = view?.querySelector<HTMLElement>(LIST) ?? view?.querySelector<HTMLElement>(BUTTON);
  next?.focus();
}
