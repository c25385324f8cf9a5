// Writes pictures of every state of the page to artifacts/page/, from the fixture. node apps/web/scripts/screenshots.mjs [name part]
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { servePage } from './serve-page.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const target = join(here, '../../../artifacts/page');
const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

const shots = [
  ['chat-light', '?theme=light&lang=zh&typing=1', wide],
  ['chat-dark', '?theme=dark&lang=zh&wire=slow&typing=1', wide],
  ['chat-light-en', '?theme=light&lang=en&wire=stream', wide],
  ['chat-contrast', '?theme=contrast&lang=zh&wire=cut', wide],
  ['chat-compact', '?theme=light&lang=zh&density=compact&wire=poll', wide],
  ['chat-rtl', '?theme=light&lang=zh&dir=rtl&wire=slow&typing=1', wide],
  ['chat-again', '?theme=light&lang=en&wire=again', { width: 1100, height: 800 }],
  ['many-light', '?view=many&theme=light&lang=zh', wide],
  ['why-light', '?theme=light&lang=zh&wire=slow', wide, (page) => page.getByRole('button', { name: '原因' }).click()],
  ['why-dark-en', '?theme=dark&lang=en&wire=slow', wide, (page) => page.getByRole('button', { name: 'Why?' }).click()],
  ['login-light', '?view=login&theme=light&lang=zh', wide, signInFields],
  ['login-dark', '?view=login&theme=dark&lang=en', wide, signInFields],
  ['login-phone', '?view=login&theme=light&lang=zh', phone],
  [
    'register-light',
    '?view=login&theme=light&lang=zh',
    wide,
    (page) => page.getByRole('button', { name: '我还没有账号' }).click(),
  ],
  ['empty-light', '?view=empty&theme=light&lang=zh', wide],
  ['empty-phone', '?view=empty&theme=light&lang=en', phone],
  ['settings-light', '?theme=light&lang=zh', wide, (page) => page.getByRole('button', { name: '设置' }).click()],
  ['settings-dark', '?theme=dark&lang=en', wide, (page) => page.getByRole('button', { name: 'Settings' }).click()],
  [
    'settings-connection',
    '?theme=light&lang=zh&wire=slow',
    wide,
    (page) => page.getByRole('button', { name: /^连接/ }).click(),
  ],
  [
    'settings-connection-phone',
    '?theme=dark&lang=en&wire=slow&open=0',
    phone,
    (page) => page.getByRole('button', { name: /^Connection/ }).click(),
  ],
  [
    'settings-phone',
    '?theme=light&lang=zh&open=0',
    phone,
    (page) => page.getByRole('button', { name: '设置' }).click(),
  ],
  ['new-light', '?theme=light&lang=zh', wide, pickTwo],
  ['phone-light', '?theme=light&lang=zh&wire=slow&typing=1', phone],
  ['phone-dark', '?theme=dark&lang=en&wire=cut', phone],
  ['rich-light', '?view=rich&theme=light&lang=zh', wide, openMenu],
  ['rich-dark', '?view=rich&theme=dark&lang=en', wide, openMenu],
  ['rich-phone', '?view=rich&theme=light&lang=zh', phone, replyByTouch],
  ['rich-phone-dark', '?view=rich&theme=dark&lang=en', phone],
  ['select-light', '?view=rich&theme=light&lang=zh', wide, pickMessages],
  ['select-dark', '?view=rich&theme=dark&lang=en', wide, pickMessages],
  ['select-phone', '?view=rich&theme=light&lang=zh', phone, pickMessages],
  ['album-light', '?view=album&theme=light&lang=zh', wide],
  ['album-phone-dark', '?view=album&theme=dark&lang=en', phone],
  ['viewer-light', '?view=album&theme=light&lang=zh', wide, openPicture],
  ['viewer-phone', '?view=album&theme=light&lang=en', phone, openPicture],
  ['voice-light', '?view=rich&theme=light&lang=zh', wide, recordVoice],
  ['voice-phone-dark', '?view=rich&theme=dark&lang=en', phone, recordVoice],
  ['voice-refused', '?view=rich&theme=light&lang=zh', wide, refuseVoice],
  ['undo-light', '?view=talks&theme=light&lang=zh', wide, archiveOne],
  ['undo-phone-dark', '?view=talks&theme=dark&lang=en&open=0', phone, archiveOne],
  ['mention-light', '?view=rich&theme=light&lang=zh', wide, writeMention],
  ['mention-dark', '?view=rich&theme=dark&lang=en', phone, writeMention],
  ['marks-forward', '?view=rich&theme=light&lang=en', wide, (page) => openPanel(page, 'm5', 'Forward')],
  ['marks-readers', '?view=rich&theme=dark&lang=zh', wide, (page) => openPanel(page, 'm9', '已读情况')],
  ['marks-pins', '?view=rich&theme=light&lang=zh', phone, (page) => page.locator('.pin-bar .text-button').click()],
  ['thread-light', '?view=rich&theme=light&lang=zh', wide, openThread],
  ['thread-dark', '?view=rich&theme=dark&lang=en', { width: 1180, height: 800 }, openThread],
  ['thread-phone', '?view=rich&theme=light&lang=zh', phone, openThread],
  ['markdown-light', '?theme=light&lang=zh', wide, sayMarkdown],
  ['markdown-dark', '?theme=dark&lang=en', wide, sayMarkdown],
  ['markdown-phone', '?theme=light&lang=zh', phone, sayMarkdown],
  ['talks-list', '?view=talks&theme=light&lang=zh', wide],
  ['talks-menu-light', '?view=talks&theme=light&lang=zh', wide, openRowMenu],
  ['talks-menu-dark', '?view=talks&theme=dark&lang=en', wide, openRowMenu],
  ['talks-menu-phone', '?view=talks&theme=light&lang=zh&open=0', phone, openRowMenu],
  ['talks-member-light', '?view=talks&theme=light&lang=zh', wide, openMemberMenu],
  ['talks-group-light', '?view=talks&theme=light&lang=zh', wide, openGroupSettings],
  ['talks-group-dark', '?view=talks&theme=dark&lang=en', wide, openGroupSettings],
  ['talks-new-light', '?view=talks&theme=light&lang=zh', wide, (page) => openNew(page)],
  ['talks-new-phone-dark', '?view=talks&theme=dark&lang=en&open=0', phone, (page) => openNew(page)],
  ['talks-find-light', '?view=talks&theme=light&lang=zh', wide, (page) => openNew(page, 2)],
  ['talks-channel-light', '?view=talks&theme=light&lang=en', wide, (page) => openNew(page, 1)],
  ['talks-join-light', '?view=talks&theme=light&lang=zh#join/31', wide],
  ['talks-privacy-light', '?view=talks&theme=light&lang=zh', wide, openPrivacy],
  ['talks-privacy-phone', '?view=talks&theme=dark&lang=en&open=0', phone, openPrivacy],
  ['search-light', '?theme=light&lang=zh', wide, findLions],
  ['search-phone-dark', '?theme=dark&lang=en&open=0', phone, findLions],
  ['phone-list-light', '?theme=light&lang=zh&open=0', phone],
  ['phone-list-dark', '?theme=dark&lang=en&open=0', phone],
];

/** What the fixture has no bytes of. */
function drawPicture(route) {
  if (route.request().resourceType() === 'media') return route.fulfill({ contentType: 'audio/wav', body: silence() });
  const hue = [...route.request().url()].reduce((sum, sign) => sum + sign.charCodeAt(0) * 7, 0) % 360;
  const body = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><rect width="1600" height="1200" fill="hsl(${hue} 30% 72%)"/><rect y="760" width="1600" height="440" fill="hsl(${hue} 24% 44%)"/></svg>`;
  return route.fulfill({ contentType: 'image/svg+xml', body });
}

/** Seven seconds of it. */
function silence() {
  const samples = 7 * 8_000;
  const sound = Buffer.alloc(44 + samples, 128);
  sound.write('RIFF', 0);
  sound.writeUInt32LE(36 + samples, 4);
  sound.write('WAVEfmt ', 8);
  for (const [at, value] of [
    [16, 16],
    [24, 8_000],
    [28, 8_000],
    [40, samples],
  ])
    sound.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ])
    sound.writeUInt16LE(value, at);
  sound.write('data', 36);
  return sound;
}

async function signInFields(page) {
  const fields = page.locator('input');
  await fields.nth(0).fill('zhouyu');
  await fields.nth(1).fill('dongtan2026');
  await fields.nth(1).blur();
}

async function openMenu(page) {
  await page.locator('[data-key="m5"] .bubble').hover();
  await page.locator('[data-key="m5"] .tools [aria-haspopup]').click();
}

async function writeMention(page) {
  await page.locator('[data-composer]').focus();
  await page.keyboard.type('@');
  await page.locator('.mention-list').waitFor();
}

async function findLions(page) {
  await page.locator('.find input').fill('狮子');
  await page.locator('.found-messages mark').first().waitFor();
}

async function pickMessages(page) {
  await page.locator('[data-key="m4"]').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.locator('.selection').waitFor();
}

async function openPicture(page) {
  await page.locator('[data-key="m11"] .picture').nth(1).click();
  await page.locator('.viewer img').waitFor();
}

async function recordVoice(page) {
  const button = page.locator('.write .attach').last();
  await button.click();
  await page.locator('.voice-bar .send').click();
  await page.locator('.voice').waitFor();
  await button.click();
  await page.locator('.voice-levels i').nth(40).waitFor();
}

async function refuseVoice(page) {
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  });
  await page.locator('.write .attach').last().click();
  await page.locator('.composer .problem:not(:empty)').waitFor();
}

async function archiveOne(page) {
  await page.locator('[data-conversation="102"]').first().click({ button: 'right' });
  await page.getByRole('menuitem').nth(1).click();
  await page.locator('.snack button').waitFor();
}

async function openPanel(page, key, item) {
  await page.locator(`[data-key="${key}"] .bubble`).hover();
  await page.locator(`[data-key="${key}"] .tools [aria-haspopup]`).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await page.getByRole('dialog').waitFor();
}

async function openThread(page) {
  await page.locator('[data-key="m3"] .replies').click();
  await page.locator('.thread-pane article').nth(3).waitFor();
}

async function replyByTouch(page) {
  await page.locator('[data-key="m4"]').dispatchEvent('pointerup', { pointerType: 'touch' });
  await page.locator('[data-key="m4"] .tools button').first().click();
}

async function sayMarkdown(page) {
  const said = [
    '下午的安排，**务必准时。**带上 `node 20`：',
    '',
    '> 车在东门等，*不等人*。',
    '',
    '1. 先到[集合点](https://example.org/map)',
    '2. 然后：',
    '   - 潮汐表',
    '   - ~~望远镜~~',
    '',
    '```ts',
    'export function tide(at: Date): number {',
    '    return heights.find((height) => height.from <= at && at < height.to)?.metres ?? Number.NaN; // as measured',
    '}',
    '```',
  ].join('\n');
  await page.locator('[data-composer]').fill(said);
  await page.locator('[data-composer]').press('Enter');
  await page.locator('[data-key="sent 1"] [data-receipt="sent"]').waitFor();
}

async function openRowMenu(page) {
  await page.locator('[aria-expanded="false"].archive').click();
  await page.locator('[data-conversation="102"]').click({ button: 'right' });
  await page.getByRole('menu').waitFor();
}

async function openMemberMenu(page) {
  await page.locator('.details [data-member="6"] button').click();
  await page.getByRole('menu').waitFor();
}

async function openGroupSettings(page) {
  await page.locator('.details .acts button').nth(1).click();
  await page.locator('.dialog form').nth(1).locator('button[type="submit"]').click();
  await page.locator('.made-link').waitFor();
}

async function openNew(page, start) {
  await page.locator('.list > header .icon').click();
  await page.locator('.dialog').waitFor();
  if (start !== undefined) await page.locator('.starts button').nth(start).click();
}

async function openPrivacy(page) {
  await page.locator('.list .foot .icon').click();
  await page.getByRole('tab').nth(2).click();
}

async function pickTwo(page) {
  await page.getByRole('button', { name: '新会话' }).click();
  await page.getByRole('button', { name: /Aisha/ }).click();
  await page.getByRole('button', { name: /陈默/ }).last().click();
}

const wanted = process.argv[2] ?? '';
const built = await mkdtemp(join(tmpdir(), 'everywire-fixture-'));
await build({
  configFile: join(here, '../fixtures/vite.config.ts'),
  build: { outDir: built },
  logLevel: 'warn',
});
const server = await servePage(built);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
  ],
});
await mkdir(target, { recursive: true });
for (const [name, query, viewport, act] of shots) {
  if (!name.includes(wanted)) continue;
  const context = await browser.newContext({ viewport, locale: 'zh-CN' });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && console.error(`${name}: ${message.text()}`));
  page.on('pageerror', (error) => console.error(`${name}: ${error}`));
  await page.route('**/api/files/**', drawPicture);
  await page.goto(`${server.origin}/${query}`);
  await page.locator('main, .columns').first().waitFor();
  await page.waitForTimeout(250);
  if (act !== undefined) await act(page);
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(target, `${name}.png`) });
  await context.close();
}
await browser.close();
await server.close();
await rm(built, { recursive: true });
console.log(`Pictures are in ${target}`);
