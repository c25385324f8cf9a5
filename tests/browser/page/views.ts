import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** A view of the page: what the fixture shows and what a user has done. */
export interface View {
  readonly name: string;
  /** The query of the fixture. On a phone, `list` shows the list of conversations instead of the open one. */
  readonly query: string;
  readonly list?: true;
  readonly act?: (page: Page) => Promise<void>;
}

/** Every view of the page, in the order of `docs/pictures.md`. */
export const views: readonly View[] = [
  { name: 'chat', query: 'wire=fine&typing=1' },
  { name: 'list', query: 'view=talks', list: true },
  { name: 'sign-in', query: 'view=login', act: fillSignIn },
  { name: 'register', query: 'view=login', act: (page) => press(page, /^(Create an account|没有账号？去注册)$/) },
  { name: 'first-start', query: 'view=empty' },
  { name: 'connection', query: 'wire=slow', act: (page) => press(page, /^(Why\?|原因)$/) },
  { name: 'message-menu', query: 'view=rich', act: (page) => openMessageMenu(page, 'm5') },
  { name: 'mention', query: 'view=rich', act: writeMention },
  { name: 'selection', query: 'view=rich', act: selectMessages },
  { name: 'thread', query: 'view=rich', act: openThread },
  { name: 'followed-threads', query: 'view=talks', list: true, act: openFollowedThreads },
  { name: 'readers', query: 'view=rich', act: (page) => openMessageDialog(page, 'm9', /^(Read by|已读详情)$/) },
  { name: 'forward', query: 'view=rich', act: (page) => openMessageDialog(page, 'm5', /^(Forward|转发)$/) },
  { name: 'pins', query: 'view=rich', act: openPins },
  { name: 'album', query: 'view=album' },
  { name: 'image', query: 'view=album', act: openImage },
  { name: 'voice', query: 'view=rich', act: recordVoice },
  { name: 'markdown', query: '', act: sendMarkdown },
  { name: 'search', query: '', list: true, act: searchMessages },
  { name: 'conversation-menu', query: 'view=talks', list: true, act: openConversationMenu },
  { name: 'clear-history', query: 'view=talks', list: true, act: clearHistory },
  { name: 'new-conversation', query: 'view=talks', list: true, act: (page) => openNew(page) },
  { name: 'new-channel', query: 'view=talks', list: true, act: (page) => openNew(page, 1) },
  { name: 'find-groups', query: 'view=talks', list: true, act: (page) => openNew(page, 2) },
  { name: 'join-group', query: 'view=talks#join/31' },
  { name: 'group-settings', query: 'view=talks', act: openGroupSettings },
  { name: 'invite-link', query: 'view=login#/join/ewl_join' },
  { name: 'reset-password', query: 'view=login#/reset/ewl_reset' },
  { name: 'account', query: '', list: true, act: (page) => openSettings(page, /^(Account|账号)$/) },
  { name: 'two-step-verification', query: '', list: true, act: turnOnSecondFactor },
  { name: 'privacy', query: 'view=talks', list: true, act: (page) => openSettings(page, /^(Privacy|隐私)$/) },
  { name: 'invitations', query: '', list: true, act: (page) => openSettings(page, /^(Invitations|邀请)$/) },
  { name: 'people', query: '', list: true, act: (page) => openSettings(page, /^(People|用户)$/) },
  { name: 'appearance', query: '', list: true, act: (page) => openSettings(page, /^(Appearance|外观)$/) },
  { name: 'notifications', query: 'view=talks', list: true, act: openNotifications },
  {
    name: 'connection-settings',
    query: 'wire=slow',
    list: true,
    act: (page) => openSettings(page, /^(Connection|连接)$/),
  },
];

async function press(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).click();
}

async function fillSignIn(page: Page): Promise<void> {
  const fields = page.locator('input');
  await fields.nth(0).fill('zhouyu');
  await fields.nth(1).fill('dongtan2026');
  await fields.nth(1).blur();
}

async function openMessageMenu(page: Page, key: string): Promise<void> {
  // A message that is drawn again under the pointer loses its buttons until the pointer moves.
  await expect
    .poll(async () => {
      await page.locator('[data-composer]').hover();
      await page.locator(`[data-key="${key}"] .bubble`).hover();
      const button = page.locator(`[data-key="${key}"] .tools [aria-haspopup][aria-expanded="false"]`);
      await button.click({ timeout: 2_000 }).catch(() => undefined);
      return page
        .getByRole('menu')
        .waitFor({ timeout: 2_000 })
        .then(
          () => true,
          () => false,
        );
    })
    .toBe(true);
}

async function openMessageDialog(page: Page, key: string, item: RegExp): Promise<void> {
  await openMessageMenu(page, key);
  await page.getByRole('menuitem', { name: item }).click();
  await page.getByRole('dialog').waitFor();
}

async function openPins(page: Page): Promise<void> {
  await page.locator('.pin-bar .text-button').click();
  await page.getByRole('dialog').waitFor();
}

async function writeMention(page: Page): Promise<void> {
  await page.locator('[data-composer]').focus();
  await page.keyboard.type('@');
  await page.locator('.mention-list').waitFor();
}

async function selectMessages(page: Page): Promise<void> {
  await page.locator('[data-key="m4"]').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.locator('.selection').waitFor();
}

async function openThread(page: Page): Promise<void> {
  // By keyboard, because Playwright sometimes scrolls the list again between pressing and releasing the mouse on a slow machine.
  await page.locator('[data-key="m3"] .replies').press('Enter');
  await page.locator('.thread-pane article').nth(3).waitFor();
}

async function openFollowedThreads(page: Page): Promise<void> {
  await page.locator('.to-threads').click();
  await page.locator('.thread-row').first().waitFor();
}

async function openImage(page: Page): Promise<void> {
  await page.locator('[data-key="m11"] .picture').nth(1).click();
  await page.locator('.viewer img').waitFor();
}

async function recordVoice(page: Page): Promise<void> {
  const button = page.locator('.write .attach').last();
  await button.click();
  await page.locator('.voice-bar .send').click();
  await page.locator('.voice').waitFor();
  await button.click();
  await page.locator('.voice-levels i').nth(20).waitFor();
}

async function sendMarkdown(page: Page): Promise<void> {
  const text = [
    'The afternoon, **be on time.** Bring `node 20`:',
    '',
    '> The car waits at the east gate, *not for long*.',
    '',
    '1. First the [meeting point](https://example.org/map)',
    '2. Then:',
    '   - the tide table',
    '   - ~~telescope~~',
    '',
    '```ts',
    'export function tide(at: Date): number {',
    '    return heights.find((height) => height.from <= at && at < height.to)?.metres ?? Number.NaN; // as measured',
    '}',
    '```',
  ].join('\n');
  await page.locator('[data-composer]').fill(text);
  await page.locator('[data-composer]').press('Enter');
  await page.locator('[data-key="sent 1"] [data-receipt="sent"]').waitFor();
}

async function searchMessages(page: Page): Promise<void> {
  const isEnglish = (await page.locator('html').getAttribute('lang')) === 'en';
  await page.locator('.find input').fill(isEnglish ? 'three black-faced spoonbills' : '三只黑脸琵鹭');
  await page.locator('.found-messages mark').first().waitFor();
}

async function openConversationMenu(page: Page): Promise<void> {
  await page.locator('[aria-expanded="false"].archive').click();
  await page.locator('[data-conversation="102"]').click({ button: 'right' });
  await page.getByRole('menu').waitFor();
}

async function clearHistory(page: Page): Promise<void> {
  await page.locator('[data-conversation="102"]').first().click({ button: 'right' });
  await page.getByRole('menuitem').last().click();
  await page.getByRole('dialog').waitFor();
}

/** Opens the dialog for a new conversation and there, if given, one of its ways to start. */
async function openNew(page: Page, start?: number): Promise<void> {
  await page.locator('.list > header .icon').last().click();
  await page.locator('.dialog').waitFor();
  if (start !== undefined) await page.locator('.starts button').nth(start).click();
}

/** Opens the settings of the group, on a phone from its details, and creates an invite link. */
async function openGroupSettings(page: Page): Promise<void> {
  if ((await page.locator('.details').count()) === 0) await page.locator('.pane-header button').last().click();
  await page.locator('.details .acts button').nth(1).click();
  await press(page, /^(Create link|生成链接)$/);
  await page.locator('.made-link').waitFor();
}

async function openSettings(page: Page, tab: RegExp): Promise<void> {
  await page.locator('.list .foot .icon').click();
  await page.getByRole('tab', { name: tab }).click();
  await page.getByRole('tabpanel').locator('.opt, .administered li').first().waitFor();
}

async function openNotifications(page: Page): Promise<void> {
  // A headless browser never prompts.
  await page.evaluate(() =>
    Object.defineProperty(Notification, 'permission', { get: () => 'granted', configurable: true }),
  );
  await openSettings(page, /^(Notifications|通知)$/);
}

async function turnOnSecondFactor(page: Page): Promise<void> {
  await openSettings(page, /^(Security|安全)$/);
  await page.locator('input[type="password"]').fill('dongtan2026');
  await page.keyboard.press('Enter');
  await page.locator('.qr').waitFor();
}
