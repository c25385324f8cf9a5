import { readFileSync } from 'node:fs';
import { Check } from 'typebox/value';
import type { Setting } from './setting.js';
import { type Config, type SettingName, settings } from './settings.js';

const FILE_SETTING = 'EVERYWIRE_CONFIG';
const FILE_DEFAULT = 'everywire.config.json';
const SHOWN_CHARACTERS_MAX = 80;

/** Thrown for an invalid setting. The message is one line: the name, the value, the accepted values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the settings from one JSON file and the environment; the environment wins. Anything unknown is refused, because
 * a setting with a typing error in its name would otherwise be silently without effect.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = { ...settingsOfFile(environment[FILE_SETTING]), ...settingsOfEnvironment(environment) };
  const values = Object.entries(settings).map(([name, setting]) => [name, checkedValue(name, setting, given)]);
  return Object.fromEntries(values) as Config;
}

function checkedValue(name: string, setting: Setting, given: Readonly<Record<string, unknown>>): unknown {
  if (!Object.hasOwn(given, name)) return setting.fallback;
  const value = given[name];
  if (Check(setting.schema, value)) return value;
  const got = setting.secret ? 'not usable' : shown(value);
  throw new ConfigError(`${name} is ${got}, but must be ${setting.takes}.`);
}

function settingsOfFile(path: string | undefined): Record<string, unknown> {
  const file = path ?? FILE_DEFAULT;
  const text = readText(file, path !== undefined);
  if (text === null) return {};
  const content = parseJson(file, text);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError(`${file} contains ${kindOf(content)}, but must contain one JSON object of settings.`);
  }
  const unknown = Object.keys(content).find((name) => !isSettingName(name));
  if (unknown !== undefined) throw new ConfigError(`Unknown setting ${shown(unknown)} in ${file}. ${knownNames()}`);
  return { ...content };
}

function readText(file: string, required: boolean): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT' && !required) return null;
    throw new ConfigError(
      `${FILE_SETTING} is ${shown(file)}, which cannot be read (${code}). It must be the path of a JSON file.`,
    );
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(
      `${file} is not JSON: ${error instanceof Error ? withoutExcerpt(error.message) : 'unknown'}.`,
    );
  }
}

/** Removes the excerpt that Node quotes in some errors, because the file contains secrets. */
function withoutExcerpt(reason: string): string {
  return reason.replace(/, (?:\.\.\.)?".*$/su, '');
}

/** Describes the kind of a value without the value, which may be a secret. */
function kindOf(content: unknown): string {
  if (content === null) return 'null';
  return Array.isArray(content) ? 'a list' : `a ${typeof content}`;
}

function settingsOfEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(environment)) {
    if (text === undefined || name === FILE_SETTING) continue;
    if (isSettingName(name)) given[name] = fromText(settings[name], text);
    else if (name.startsWith('EVERYWIRE_')) {
      throw new ConfigError(`Unknown setting ${name} in the environment. ${knownNames()}`);
    }
  }
  return given;
}

/**
 * Converts a text of the environment to the setting's type. Unconvertible text stays text, so that the check rejects
 * and shows it.
 */
function fromText(setting: Setting, text: string): unknown {
  const type: unknown = Reflect.get(setting.schema, 'type');
  if (type === 'integer' || takesInteger(setting)) return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  if (type !== 'array') return text;
  const parts = text.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

function takesInteger(setting: Setting): boolean {
  const kinds: unknown = Reflect.get(setting.schema, 'anyOf');
  return Array.isArray(kinds) && kinds.some((kind) => Reflect.get(kind, 'type') === 'integer');
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}

function knownNames(): string {
  return `The settings are ${[...Object.keys(settings), FILE_SETTING].join(', ')}.`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}...` : text;
}
