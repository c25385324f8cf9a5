const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * Returns the direction that a browser gives an element with `dir="auto"`: that of its first letter, ignoring child elements with their own
 * direction. `null` without a letter.
 */
export function autoDirection(element: Element): 'ltr' | 'rtl' | null {
  const letter = /\p{L}/u.exec(lettersOf(element))?.[0];
  if (letter === undefined) return null;
  return rightToLeft.test(letter) ? 'rtl' : 'ltr';
}

function lettersOf(node: Node): string {
  const parts = [...node.childNodes].map((child) => {
    if (!(child instanceof Element)) return child.textContent ?? '';
    return child.matches('bdi, [dir]') ? '' : lettersOf(child);
  });
  return parts.join('');
}
