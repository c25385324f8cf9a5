// Actions on the page before a screenshot is taken.

/** Answers requests for files, because the fixture has no bytes of them. */
export function drawPicture(route) {
  if (route.request().resourceType() === 'media') return route.fulfill({ contentType: 'audio/wav', body: silence() });
  const hue = [...route.request().url()].reduce((sum, sign) => sum + sign.charCodeAt(0) * 7, 0) % 360;
  const body = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><rect width="1600" height="1200" fill="hsl(${hue} 30% 72%)"/><rect y="760" width="1600" height="440" fill="hsl(${hue} 24% 44%)"/></svg>`;
  return route.fulfill({ contentType: 'image/svg+xml', body });
}

/** Returns a WAV file of silence, in seconds. */
export function silence(seconds = 7) {
  const samples = seconds * 8_000;
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

/** Fills in the sign-in form. */
export async function signInFields(page) {
  const fields = page.locator('input');
  await fields.nth(0).fill('zhouyu');
  await fields.nth(1).fill('dongtan2026');
  await fields.nth(1).blur();
}

/** Opens the menu of a message. */
export async function openMenu(page) {
  await page.locator('[data-key="m5"] .bubble').hover();
  await page.locator('[data-key="m5"] .tools [aria-haspopup]').click();
}

/** Types an `@` to open the mention picker. */
export async function writeMention(page) {
  await page.locator('[data-composer]').focus();
  await page.keyboard.type('@');
  await page.locator('.mention-list').waitFor();
}

/** Searches messages for a word. */
export async function findLions(page) {
  await page.locator('.find input').fill('狮子');
  await page.locator('.found-messages mark').first().waitFor();
}

/** Selects messages. */
export async function pickMessages(page) {
  await page.locator('[data-key="m4"]').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.locator('.selection').waitFor();
}

/** Opens the picture viewer. */
export async function openPicture(page) {
  await page.locator('[data-key="m11"] .picture').nth(1).click();
  await page.locator('.viewer img').waitFor();
}

/** Sends a voice message and records another one. */
export async function recordVoice(page) {
  const button = page.locator('.write .attach').last();
  await button.click();
  await page.locator('.voice-bar .send').click();
  await page.locator('.voice').waitFor();
  await button.click();
  await page.locator('.voice-levels i').nth(40).waitFor();
}

/** Starts a recording that the browser refuses. */
export async function refuseVoice(page) {
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  });
  await page.locator('.write .attach').last().click();
  await page.locator('.composer .problem:not(:empty)').waitFor();
}

/** Archives a conversation. */
export async function archiveOne(page) {
  await page.locator('[data-conversation="102"]').first().click({ button: 'right' });
  await page.getByRole('menuitem').nth(1).click();
  await page.locator('.snack button').waitFor();
}

/** Opens a dialog from the menu of a message. */
export async function openPanel(page, key, item) {
  await page.locator(`[data-key="${key}"] .bubble`).hover();
  await page.locator(`[data-key="${key}"] .tools [aria-haspopup]`).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await page.getByRole('dialog').waitFor();
}

/** Opens a thread. */
export async function openThread(page) {
  await page.locator('[data-key="m3"] .replies').click();
  await page.locator('.thread-pane article').nth(3).waitFor();
}

/** Replies through a long press. */
export async function replyByTouch(page) {
  await page.locator('[data-key="m4"]').dispatchEvent('pointerup', { pointerType: 'touch' });
  await page.locator('[data-key="m4"] .tools button').first().click();
}

/** Sends a message with all kinds of Markdown. */
export async function sayMarkdown(page) {
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

/** Opens the menu of a conversation in the list. */
export async function openRowMenu(page) {
  await page.locator('[aria-expanded="false"].archive').click();
  await page.locator('[data-conversation="102"]').click({ button: 'right' });
  await page.getByRole('menu').waitFor();
}

/** Opens the menu of a group member. */
export async function openMemberMenu(page) {
  await page.locator('.details [data-member="6"] button').click();
  await page.getByRole('menu').waitFor();
}

/** Sets a picture of the group, which then is in the settings, the details and the list. */
export async function setGroupPicture(page) {
  if ((await page.locator('.details').count()) === 0) await page.locator('.pane-header button').last().click();
  await page.locator('.details .acts button').nth(1).click();
  const form = page.locator('.dialog form').first();
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="teal"/></svg>';
  const buffer = Buffer.from(svg);
  await form.locator('input').setInputFiles({ name: 'bay.svg', mimeType: 'image/svg+xml', buffer });
  await form.locator('button[type="submit"]').click();
  await page.waitForTimeout(1500);
}

/** Opens the settings of the group and creates an invite link. */
export async function openGroupSettings(page) {
  await page.locator('.details .acts button').nth(1).click();
  await page.locator('.dialog form').nth(2).locator('button[type="submit"]').click();
  await page.locator('.made-link').waitFor();
}

/** Opens the dialog for a new conversation. */
export async function openNew(page, start) {
  await page.locator('.list > header .icon').last().click();
  await page.locator('.dialog').waitFor();
  if (start !== undefined) await page.locator('.starts button').nth(start).click();
}

/** Opens a section of the settings. */
export async function openSettings(page, tab) {
  await page.locator('.list .foot .icon').click();
  await page.getByRole('tab').nth(tab).click();
  await page.getByRole('tabpanel').locator('.opt').first().waitFor();
}

/** Sets the notification permission, because a headless browser never prompts. */
function permit(page, permission) {
  return page.evaluate((said) => {
    Object.defineProperty(Notification, 'permission', { get: () => said, configurable: true });
  }, permission);
}

/** Opens the notification settings. */
export async function openNotifications(page) {
  await permit(page, 'granted');
  await openSettings(page, 6);
}

/** Delivers a message while the page is not in front. */
export async function offerNotifications(page) {
  await permit(page, 'default');
  // Messages that arrive before the notifier has started do not count as new.
  await page.waitForFunction(async () => (await navigator.locks.query()).held.length > 0);
  await page.evaluate(() => {
    document.hasFocus = () => false;
    window.dispatchEvent(new Event('blur'));
    window.fixture.receive(101, '到了吗？');
  });
  await page.locator('.notification-offer').waitFor();
}

/** Begins to turn on the second factor, up to the QR code. */
export async function turnOnSecondFactor(page) {
  await openSettings(page, 1);
  await page.locator('input[type="password"]').fill('dongtan2026');
  await page.keyboard.press('Enter');
  await page.locator('.qr').waitFor();
}

/** Turns on the second factor, which shows the recovery codes. */
export async function keepRecoveryCodes(page) {
  await turnOnSecondFactor(page);
  await page.getByRole('tabpanel').locator('input').fill('123456');
  await page.keyboard.press('Enter');
  await page.locator('.recovery').waitFor();
}

/** Opens the confirmation to clear the history. */
export async function clearHistory(page) {
  await page.locator('[data-conversation="102"]').first().click({ button: 'right' });
  await page.getByRole('menuitem').last().click();
  await page.getByRole('dialog').waitFor();
}

/** Plays a voice message and opens another conversation. */
export async function listenElsewhere(page) {
  await page.locator('.write .attach').last().click();
  await page.locator('.voice-bar .send').click();
  await page.locator('.voice .voice-play').click();
  await page.evaluate(() => {
    location.hash = '#/c/21';
  });
  await page.locator('.sound-bar').first().waitFor({ state: 'attached' });
}

/** Selects two people for a group. */
export async function pickTwo(page) {
  await page.getByRole('button', { name: '发起会话' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Aisha/ }).click();
  await dialog.getByRole('button', { name: /陈默/ }).last().click();
}
