/** Creates an invisible frame in a document. Forms and its own document know it by `name`. The caller sets its address. */
export function createFrame(owner: Document, name: string): HTMLIFrameElement {
  let frame: HTMLIFrameElement;
  try {
    // Before version 8, Internet Explorer sets a frame's name only at creation.
    frame = owner.createElement(`<iframe name="${name}">`) as HTMLIFrameElement;
  } catch {
    frame = owner.createElement('iframe');
    frame.name = name;
  }
  frame.style.display = 'none';
  frame.tabIndex = -1;
  frame.title = '';
  frame.setAttribute('aria-hidden', 'true');
  frame.setAttribute('referrerpolicy', 'origin');
  return frame;
}

/** Removes a node from its document. */
export function removeNode(node: Node): void {
  if (node.parentNode) node.parentNode.removeChild(node);
}
