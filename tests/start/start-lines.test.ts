import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { complaint } from '../../scripts/npm-install.mjs';
import { createSteps } from '../../scripts/steps.mjs';

it('a step on a terminal shows unpacking once every package is fetched', async () => {
  let shown = '';
  const write = (text: string): boolean => {
    shown += text;
    return true;
  };
  const step = createSteps({ isTTY: true, write } as NodeJS.WriteStream);
  await step('Installing packages', async (onCount) => {
    onCount(264, 265);
    await delay(300);
    onCount(265, 265);
    await delay(300);
  });
  expect(shown).toMatch(/packages, 264 of 265: 0 s[\s\S]*packages, unpacking: \d s/);
  expect(shown).not.toContain('265 of 265');
});

it('a response that did not come from the registry is explained, without checksums', () => {
  const sums =
    'npm http fetch GET 200 http://r/a.tgz\nnpm error code EINTEGRITY\n' +
    'npm error sha512-AAAA== integrity checksum failed when using sha512: wanted sha512-AAAA== but got sha512-BBBB==. (9 bytes)\n' +
    'npm error A complete log of this run can be found in: /root/.npm/_logs/x.log\n';
  const explained = 'A proxy between this machine and the registry sent its own response. Does it require a sign-in?';
  expect(complaint(sums)).toBe(`npm error code EINTEGRITY\n${explained}`);
  expect(complaint('npm error code EJSONPARSE\nnpm error Unexpected token <')).toContain(`\n${explained}`);
  expect(complaint('npm error code ECONNREFUSED\nnpm error refused')).not.toContain(explained);
});
