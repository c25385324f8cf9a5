import { openChromium } from './chromium-engine.js';
import type { Engine, EngineName } from './engine.js';
import { openFirefox } from './firefox-engine.js';
import { openWebKit } from './webkit-engine.js';

const engines: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  chromium: openChromium,
  firefox: openFirefox,
  webkit: openWebKit,
};

export function openEngine(name: EngineName): Promise<Engine> {
  return engines[name]();
}
