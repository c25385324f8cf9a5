import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkForm } from './rule-form.mjs';
import { readSpecs } from './spec-rules.mjs';
import { files, root } from './tree.mjs';

/**
 * Matches the name of a test or conformance check: a string that begins with one or more rules or parts in brackets.
 */
const named = /['"`]((?:\[[^\]'"`\n]+\] ?)+)/g;
const rule = /\[([A-Z]{2}-\d+(?:\.\d+)?)\]/g;
const mentioned = /\b[A-Z]{2}-\d+(?:\.\d+)?\b/g;
/** Matches tests, the checks of the conformance suite, and the contracts that every store or broker must pass. */
const tests =
  /^(packages|apps|tests)\/.*\.test\.tsx?$|^packages\/(conformance\/src\/checks\/.*|testkit\/src\/.*-(contract[\w-]*|rules))\.ts$/;
/** Matches tests of whole programs. They may name a rule without a part, because they cover many parts together. */
const testsOfTheWhole = /^tests\//;

/**
 * Matches rules that need a conformance check, or a reason why their effect is not visible from outside. Their parts
 * need neither.
 */
const visible = /^(FR|EN|SN|TR)-/;
const reasonsFile = 'packages/conformance/src/rules-not-visible.ts';
const reason = /^ {2}'([A-Z]{2}-\d+)':/gm;
const conformance = /^packages\/conformance\/src\/checks\/.*\.ts$/;

/**
 * Checks that every rule and part of `docs/spec` is short and named by a test, and that every name in tests and
 * specifications is defined exactly once.
 */
export function checkRules() {
  const specs = readSpecs();
  const problems = checkForm(specs);
  const rules = byName(specs, problems);
  problems.push(...checkMentions(specs, rules), ...checkTests(rules), ...checkVisible(rules));
  return problems.length > 0 ? [...new Set(problems)].join('\n') : null;
}

/** Returns the rules and parts by name; only a rule has `parts`. */
function byName(specs, problems) {
  const rules = new Map();
  for (const { path, rules: found } of specs) {
    for (const one of found.flatMap((whole) => [whole, ...whole.parts])) {
      const { name, later, parts = [] } = one;
      if (rules.has(name)) problems.push(`${path} defines ${name}, as ${rules.get(name).path} does`);
      rules.set(name, { path, later, parts });
    }
  }
  return rules;
}

function checkMentions(specs, rules) {
  const problems = [];
  const prefixes = new Set([...rules.keys()].map((name) => name.slice(0, 2)));
  for (const { path, text } of specs) {
    for (const [name] of text.matchAll(mentioned)) {
      if (prefixes.has(name.slice(0, 2)) && !rules.has(name))
        problems.push(`${path} mentions ${name}, which is not a rule`);
    }
  }
  return problems;
}

function checkTests(rules) {
  const heads = [...headsIn(tests)];
  const problems = heads.flatMap(({ path, names }) =>
    names.map((name) => wrongName(path, name, names, rules)).filter((problem) => problem !== null),
  );
  const held = new Set(heads.flatMap(({ names }) => names));
  for (const [name, { path, later, parts }] of rules) {
    if (!later && parts.length === 0 && !held.has(name)) problems.push(`${path}: no test names ${name}`);
    if (later && held.has(name)) problems.push(`${path} marks ${name} as (later), but a test names it`);
  }
  return problems;
}

function wrongName(path, name, names, rules) {
  const { parts } = rules.get(name) ?? {};
  if (parts === undefined) return `${path} names ${name}, which is not a rule of docs/spec`;
  const precise = parts.length === 0 || names.some((other) => other.startsWith(`${name}.`));
  return precise || testsOfTheWhole.test(path)
    ? null
    : `${path} names ${name}, which has parts: name the part that the test covers`;
}

/** Yields the rule names in brackets at the beginning of each test name, with the file. */
function* headsIn(pattern) {
  for (const path of files(pattern)) {
    for (const [, head] of readFileSync(join(root, path), 'utf8').matchAll(named)) {
      const names = [...head.matchAll(rule)].map(([, name]) => name);
      if (names.length > 0) yield { path, names };
    }
  }
}

function checkVisible(rules) {
  const problems = [];
  const checked = new Set([...headsIn(conformance)].flatMap(({ names }) => names.map((name) => name.split('.')[0])));
  const reasons = new Set([...readFileSync(join(root, reasonsFile), 'utf8').matchAll(reason)].map(([, name]) => name));
  for (const [name, { path, later }] of rules) {
    if (name.includes('.')) continue;
    if (visible.test(name) && !later && !checked.has(name) && !reasons.has(name))
      problems.push(`${path}: ${name} has neither a conformance check nor a reason in ${reasonsFile}`);
  }
  for (const name of reasons) {
    if (checked.has(name) || !rules.has(name))
      problems.push(`${reasonsFile} has a reason for ${name}, which has a check or is not a rule`);
  }
  return problems;
}
