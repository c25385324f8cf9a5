import type { Page } from 'playwright-core';

/**
 * Returns the texts that the page shows only in part: clipped by a box, beyond the edge of the window, or abbreviated
 * on a button or tab. Texts of users may be abbreviated in lists, and whatever scrolls is reachable.
 */
export function cutOffTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const isLabel = (box: Element): boolean =>
      box.closest('.button, .text-button, [role="tab"], [role="menuitem"]') !== null;
    /** Returns whether users can see what a box does not show, or need not. */
    const isReachable = (box: Element, { overflowX, textOverflow }: CSSStyleDeclaration): boolean =>
      overflowX === 'auto' ||
      overflowX === 'scroll' ||
      (textOverflow === 'ellipsis' && !isLabel(box)) ||
      // A box of one pixel is for screen readers.
      box.clientWidth <= 1;
    /** Returns whether a box shows all of what is between `left` and `right`; `null` if a box around it decides. */
    const showsAll = (box: Element, left: number, right: number): boolean | null => {
      const style = getComputedStyle(box);
      if (style.overflowX === 'visible' || style.display === 'inline') return null;
      if (isReachable(box, style)) return true;
      const edges = box.getBoundingClientRect();
      return right > edges.right + 1 || left < edges.left - 1 ? false : null;
    };
    const isWhole = (node: Text): boolean => {
      const range = document.createRange();
      range.selectNodeContents(node);
      const { left, right } = range.getBoundingClientRect();
      for (let box = node.parentElement; box !== null; box = box.parentElement) {
        const shown = showsAll(box, left, right);
        if (shown !== null) return shown;
      }
      return left >= -1 && right <= innerWidth + 1;
    };
    const cut: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || node.textContent?.trim() === '' || parent.closest('.hide') !== null) continue;
      if (!parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      if (!isWhole(node as Text)) cut.push(node.textContent ?? '');
    }
    return cut;
  });
}
