/**
 * Creates an invisible frame for a document. `name`: the name by which forms and the content of the frame refer to it.
 * The caller must set its address and insert it.
 */
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
