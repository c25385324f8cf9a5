import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

/** Matches the start of a rule: a list item in bold, or a table row. `(later)` means not implemented. */
const ruleBegins = /^(?:- \*\*|\| )([A-Z]{2}-\d+)\b(?: (\(later\)))?/;
/** Matches the start of a part: an item nested in that of its rule. */
const partBegins = /^ {2}- \*\*([A-Z]{2}-\d+\.\d+)(?: (\(later\)))?\*\*/;
const nestedItem = /^ +(?:[-*]|\d+\.) /;
/** Matches the end of the counted text: an empty line or a quote. */
const textEnds = /^\s*(?:$|>)/;

/**
 * Reads the rules of `docs/spec`, in document order.
 *
 * Each is `{ name, path, later, text, parts, strays }`: `parts` are `{ name, later, text }`, and `strays` are nested
 * items without a number. Paragraphs and quotes after a rule or part are its rationale and not included in `text`.
 */
export function readSpecs() {
  return files(/^docs\/spec\/.*\.md$/).map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, rules: readRules(path, text) };
  });
}

function readRules(path, document) {
  const rules = [];
  let rule = null;
  /** The rule or part whose text continues. */
  let open = null;
  for (const line of document.split('\n')) {
    const begun = readRule(path, line);
    if (begun !== null) {
      rules.push(begun);
      rule = begun;
      open = line.startsWith('|') ? null : begun;
    } else if (/^\S/.test(line)) {
      rule = null;
      open = null;
    } else if (rule !== null && nestedItem.test(line)) {
      open = readNested(rule, line);
    } else if (textEnds.test(line)) {
      open = null;
    } else if (open !== null) {
      open.text += ` ${line.trim()}`;
    }
  }
  return rules;
}

function readRule(path, line) {
  const [, name, later] = ruleBegins.exec(line) ?? [];
  return name === undefined ? null : { name, path, later: later !== undefined, text: line, parts: [], strays: [] };
}

function readNested(rule, line) {
  const [, name, later] = partBegins.exec(line) ?? [];
  if (name === undefined) {
    rule.strays.push(line.trim());
    return null;
  }
  const part = { name, later: later !== undefined, text: line };
  rule.parts.push(part);
  return part;
}
