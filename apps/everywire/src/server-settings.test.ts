import { expect, test } from 'vitest';
import { readConfig } from './read-config.js';
import { chatLimitsOf, serverSettings } from './server-settings.js';

test('JSONP is off until it is switched on', () => {
  const jsonpWith = (env: Record<string, string>): unknown => serverSettings(readConfig(env), '1').wire?.jsonp;
  expect(jsonpWith({})).toBe(false);
  expect(jsonpWith({ EVERYWIRE_JSONP: 'on' })).toBe(true);
  expect(() => jsonpWith({ EVERYWIRE_JSONP: 'yes' })).toThrow('EVERYWIRE_JSONP is "yes"; it takes off or on');
});

test('how long a message can be recalled and edited is the operator’s to say, in hours', () => {
  expect(chatLimitsOf(readConfig({}))).toMatchObject({ recallMs: 24 * 3_600_000, editMs: 48 * 3_600_000 });
  const set = { EVERYWIRE_RECALL_HOURS: '1', EVERYWIRE_EDIT_HOURS: '0', EVERYWIRE_CHANNEL_MEMBERS: '500' };
  const limits = { recallMs: 3_600_000, editMs: 0, channelMembersMax: 500 };
  expect(chatLimitsOf(readConfig(set))).toMatchObject(limits);
  expect(serverSettings(readConfig(set), '1').chatLimits).toMatchObject(limits);
});

test('the pace of REST, invitations and links for a new password are the operator’s to say', () => {
  const set = { EVERYWIRE_REST_PER_MINUTE: '7', EVERYWIRE_INVITATIONS_PER_PERSON: '3', EVERYWIRE_RESET_MINUTES: '5' };
  expect(serverSettings(readConfig(set), '1').limits).toMatchObject({
    ...{ restRequestsPerMinute: 7, invitationsPerPersonMax: 3, resetMinutes: 5 },
  });
});
