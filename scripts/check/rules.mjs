import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

/** Where a rule is defined: it begins an item of a list in bold, or a row of a table. `(later)` says that it is not built. */
const defined = /^(?:- \*\*|\| )([A-Z]{2}-\d+)\b(?: (\(later\)))?/gm;
/** The name of a test or of a conformance check: a string, at its very beginning one or more rules in brackets. */
const named = /['"`]((?:\[[^\]'"`\n]+\] ?)+)/g;
const rule = /\[([A-Z]{2}-\d+)\]/g;
const mentioned = /\b[A-Z]{2}-\d+\b/g;
const tests = /^(packages|apps|tests)\/.*\.test\.tsx?$|^packages\/conformance\/src\/checks\/.*\.ts$/;

/** Of these rules each has a conformance check, or a reason why nothing outside can see it. */
const visible = /^(FR|EN|SN|TR)-/;
const reasonsFile = 'packages/conformance/src/rules-not-visible.ts';
const reason = /^ {2}'([A-Z]{2}-\d+)':/gm;
const conformance = /^packages\/conformance\/src\/checks\/.*\.ts$/;

/** Every rule of `docs/spec` is named by a test, every rule a test or a specification names is defined, once. */
export function checkRules() {
  const problems = [];
  const specs = files(/^docs\/spec\/.*\.md$/).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const rules = readRules(specs, problems);
  problems.push(...checkMentions(specs, rules), ...checkTests(rules), ...checkVisible(rules));
  return problems.length > 0 ? [...new Set(problems)].join('\n') : null;
}

function checkMentions(specs, rules) {
  const problems = [];
  const prefixes = new Set([...rules.keys()].map((name) => name.slice(0, 2)));
  for (const { path, text } of specs) {
    for (const [name] of text.matchAll(mentioned)) {
      if (prefixes.has(name.slice(0, 2)) && !rules.has(name))
        problems.push(`${path} speaks of ${name}, which is no rule`);
    }
  }
  return problems;
}

function checkTests(rules) {
  const problems = [];
  const held = new Set();
  for (const { path, name } of namesIn(tests)) {
    held.add(name);
    if (!rules.has(name)) problems.push(`${path} names ${name}, which is no rule of docs/spec`);
  }
  for (const [name, { path, later }] of rules) {
    if (!later && !held.has(name)) problems.push(`${path}: no test names ${name}`);
    if (later && held.has(name)) problems.push(`${path} calls ${name} later, and a test names it`);
  }
  return problems;
}

function readRules(specs, problems) {
  const rules = new Map();
  for (const { path, text } of specs) {
    for (const [, name, later] of text.matchAll(defined)) {
      if (rules.has(name)) problems.push(`${path} defines ${name}, as ${rules.get(name).path} does`);
      rules.set(name, { path, later: later !== undefined });
    }
  }
  return rules;
}

function* namesIn(pattern) {
  for (const path of files(pattern)) {
    for (const [, head] of readFileSync(join(root, path), 'utf8').matchAll(named)) {
      for (const [, name] of head.matchAll(rule)) yield { path, name };
    }
  }
}

function checkVisible(rules) {
  const problems = [];
  const checked = new Set([...namesIn(conformance)].map(({ name }) => name));
  const reasons = new Set([...readFileSync(join(root, reasonsFile), 'utf8').matchAll(reason)].map(([, name]) => name));
  for (const [name, { path, later }] of rules) {
    if (visible.test(name) && !later && !checked.has(name) && !reasons.has(name))
      problems.push(`${path}: ${name} has neither a conformance check nor a reason in ${reasonsFile}`);
  }
  for (const name of reasons) {
    if (checked.has(name) || !rules.has(name))
      problems.push(`${reasonsFile} excuses ${name}, which has a check or is no rule`);
  }
  return problems;
}
