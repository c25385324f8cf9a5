import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

/** A rule begins an item of a list in bold, or a row of a table. `(later)` says that it is not built. */
const ruleBegins = /^(?:- \*\*|\| )([A-Z]{2}-\d+)\b(?: (\(later\)))?/;
/** A part of a rule is an item one step further in. */
const partBegins = /^ {2}- \*\*([A-Z]{2}-\d+\.\d+)(?: (\(later\)))?\*\*/;
const nestedItem = /^ +(?:[-*]|\d+\.) /;
/** What ends the text that is counted: an empty line or a quote. */
const textEnds = /^\s*(?:$|>)/;

/**
 * Reads the rules of `docs/spec`, in the order in which they stand.
 *
 * Each is `{ name, path, later, text, parts, strays }`: `parts` are `{ name, later, text }`, and `strays` are nested items that have no number.
 * Paragraphs and quotes behind a rule or part are rationale and in no `text`.
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
  /** The rule or part whose text goes on. */
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
