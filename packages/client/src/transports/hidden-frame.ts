/** A frame that nobody sees, in that document, by a name that forms and its own document know it by. The caller sets its address. */
export function createFrame(owner: Document, name: string): HTMLIFrameElement {
  let frame: HTMLIFrameElement;
  try {
    // Before version 8 Internet Explorer gives a frame its name at no other time.
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

export function removeNode(node: Node): void {
  if (node.parentNode) node.parentNode.removeChild(node);
}
