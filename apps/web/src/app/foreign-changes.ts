/** Where a text that was taken out of the document belongs. */
interface Place {
  readonly parent: Node;
  /** What stands there now, for example the translated text. Empty if the text was only removed. */
  readonly standIns: readonly ChildNode[];
  readonly previous: Node | null;
}

/**
 * Keeps React working in a document that others change too. Translators and extensions wrap, replace and remove the texts that React has
 * rendered; React then throws when it removes such a text or inserts before it, and shows nothing when it changes a text that is not in the
 * document. Removals and insertions are redirected to what stands in the text's place, and a text that React changes returns to its place.
 */
export function guard(): void {
  const { removeChild, insertBefore } = Node.prototype;
  const places = new WeakMap<Node, Place>();
  const observer = new MutationObserver(follow);

  function follow(records: readonly MutationRecord[]): void {
    for (const record of records) {
      if (record.type === 'characterData') putBack(record.target);
      for (const node of record.removedNodes) remember(node, record, records);
      for (const node of record.addedNodes) if (node.isConnected) removeStandIns(node);
    }
  }

  function remember(node: Node, removal: MutationRecord, records: readonly MutationRecord[]): void {
    if (node.nodeType !== Node.TEXT_NODE || removal.target.contains(node)) return;
    places.set(node, placeOf(node, removal, records));
    observer.observe(node, { characterData: true });
  }

  function putBack(text: Node): void {
    const place = places.get(text);
    if (place === undefined || text.parentNode !== null) return;
    insertBefore.call(place.parent, text, positionOf(text, place.parent));
    removeStandIns(text);
  }

  function removeStandIns(text: Node): void {
    for (const standIn of places.get(text)?.standIns ?? []) standIn.remove();
    places.delete(text);
  }

  /** Returns the child of `parent` that holds the node or stands in its place, otherwise the one after its place; `null` for the end. */
  function positionOf(node: Node, parent: Node): Node | null {
    const held = childHolding(parent, node) ?? standInOf(node, parent);
    if (held !== null) return held;
    // Two texts that others have moved may each remember the other as the previous one.
    const passed = new Set<Node>();
    let previous = places.get(node)?.previous ?? null;
    while (previous !== null && !passed.has(previous)) {
      const before = childHolding(parent, previous) ?? standInOf(previous, parent);
      if (before !== null) return before.nextSibling;
      passed.add(previous);
      previous = places.get(previous)?.previous ?? null;
    }
    return parent.firstChild;
  }

  function standInOf(node: Node, parent: Node): Node | null {
    return places.get(node)?.standIns.findLast(({ parentNode }) => parentNode === parent) ?? null;
  }

  Node.prototype.removeChild = function <T extends Node>(this: Node, child: T): T {
    if (child.parentNode === this) return removeChild.call(this, child) as T;
    follow(observer.takeRecords());
    if (this.contains(child)) removeFromWrapper(this, child);
    else removeStandIns(child);
    return child;
  };
  Node.prototype.insertBefore = function <T extends Node>(this: Node, node: T, next: Node | null): T {
    if (next === null || next.parentNode === this) return insertBefore.call(this, node, next) as T;
    follow(observer.takeRecords());
    return insertBefore.call(this, node, positionOf(next, this)) as T;
  };
  observer.observe(document, { childList: true, subtree: true });
}

/** Returns the place of a removed text. What replaces it is inserted in one step with the removal, or just before or after it. */
function placeOf(text: Node, removal: MutationRecord, records: readonly MutationRecord[]): Place {
  const { target: parent } = removal;
  const near = records.filter(({ target }) => target === parent);
  const insertions = near.filter(({ addedNodes }) => addedNodes.length > 0);
  const replacing =
    removal.addedNodes.length > 0
      ? removal
      : (insertions.find(({ nextSibling }) => nextSibling === text) ??
        insertions.find(({ previousSibling }) => previousSibling === text));
  // A text removed just before this one is the previous one, although it was gone already.
  const earlier = near
    .slice(0, near.indexOf(removal))
    .findLast(({ removedNodes, nextSibling }) => removedNodes.length > 0 && nextSibling === text);
  return {
    parent,
    standIns: [...(replacing?.addedNodes ?? [])] as ChildNode[],
    previous: earlier?.removedNodes[0] ?? removal.previousSibling,
  };
}

/** Returns the child of `parent` that is the node or contains it. */
function childHolding(parent: Node, node: Node): Node | null {
  let child: Node | null = node;
  while (child !== null && child.parentNode !== parent) child = child.parentNode;
  return child;
}

/** Removes a node from its wrapper, and with it the wrappers that become empty. */
function removeFromWrapper(parent: Node, node: Node): void {
  let gone = node;
  while (gone.parentNode !== null && gone.parentNode !== parent && gone.parentNode.childNodes.length === 1)
    gone = gone.parentNode;
  (gone as ChildNode).remove();
}
