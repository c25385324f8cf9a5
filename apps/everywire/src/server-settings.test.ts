import { expect, test } from 'vitest';
import { readConfig } from './read-config.js';
import { chatLimitsOf, serverSettings } from './server-settings.js';

test('JSONP is off by default', () => {
  const jsonpWith = (env: Record<string, string>): unknown => serverSettings(readConfig(env), '1').wire?.jsonp;
  expect(jsonpWith({})).toBe(false);
  expect(jsonpWith({ EVERYWIRE_JSONP: 'on' })).toBe(true);
  expect(() => jsonpWith({ EVERYWIRE_JSONP: 'yes' })).toThrow('EVERYWIRE_JSONP is "yes", but must be off or on');
});

test('the operator sets, in hours, how long a message can be recalled and edited', () => {
  expect(chatLimitsOf(readConfig({}))).toMatchObject({ recallMs: 24 * 3_600_000, editMs: 48 * 3_600_000 });
  const set = { EVERYWIRE_RECALL_HOURS: '1', EVERYWIRE_EDIT_HOURS: '0', EVERYWIRE_CHANNEL_MEMBERS: '500' };
  const limits = { recallMs: 3_600_000, editMs: 0, channelMembersMax: 500 };
  expect(chatLimitsOf(readConfig(set))).toMatchObject(limits);
});

test('the operator sets the rules for passwords and signed tokens, and the lifetimes of links and permissions', () => {
  const set = {
    EVERYWIRE_PASSWORD_CHARACTERS: '12',
    EVERYWIRE_RECOVERY_CODES: '4',
    EVERYWIRE_SET_UP_HOURS: '2',
    EVERYWIRE_OIDC_MINUTES: '3',
    EVERYWIRE_JWT_CLOCK_SECONDS: '0',
    EVERYWIRE_PREFLIGHT_SECONDS: '60',
  };
  expect(serverSettings(readConfig(set), '1').limits).toMatchObject({
    passwordCharactersMin: 12,
    recoveryCodes: 4,
    setUpHours: 2,
    openIdMinutes: 3,
    clockToleranceSeconds: 0,
    preflightSeconds: 60,
  });
  expect(() => readConfig({ EVERYWIRE_PASSWORD_CHARACTERS: '7' })).toThrow(
    'EVERYWIRE_PASSWORD_CHARACTERS is 7, but must be a whole number from 8 to 128',
  );
});

test('the operator sets the lengths of names, statuses, labels and passwords, and the number of wrong attempts', () => {
  const set = {
    EVERYWIRE_NAME_CHARACTERS_MIN: '3',
    EVERYWIRE_NAME_CHARACTERS: '20',
    EVERYWIRE_DISPLAY_NAME_CHARACTERS: '30',
    EVERYWIRE_STATUS_CHARACTERS: '40',
    EVERYWIRE_LABEL_CHARACTERS: '50',
    EVERYWIRE_ATTEMPTS_PER_NAME: '6',
    EVERYWIRE_PASSWORD_CHARACTERS_MAX: '200',
  };
  expect(serverSettings(readConfig(set), '1').limits).toMatchObject({
    nameCharactersMin: 3,
    nameCharactersMax: 20,
    displayNameCharactersMax: 30,
    statusCharactersMax: 40,
    labelCharactersMax: 50,
    attemptsPerName: 6,
    passwordCharactersMax: 200,
  });
});

test('the operator sets reserved names, in addition to the built-in ones', () => {
  const { limits } = serverSettings(readConfig({ EVERYWIRE_RESERVED_NAMES: 'Support,客服' }), '1');
  expect(limits?.reservedNames).toEqual(['Support', '客服']);
  expect(() => readConfig({ EVERYWIRE_RESERVED_NAMES: 'a b' })).toThrow('user names, separated by commas');
});

test('the operator sets the limits of REST requests, invitations and password reset links', () => {
  const set = { EVERYWIRE_REST_PER_MINUTE: '7', EVERYWIRE_INVITATIONS_PER_PERSON: '3', EVERYWIRE_RESET_MINUTES: '5' };
  expect(serverSettings(readConfig(set), '1').limits).toMatchObject({
    restRequestsPerMinute: 7,
    invitationsPerPersonMax: 3,
    resetMinutes: 5,
  });
});

test('the accepted host names are those of the public address, the allowed origins and the setting', () => {
  const hosts = (set: Record<string, string>) => serverSettings(readConfig(set), '1').wire?.hosts;
  expect(hosts({})).toEqual([]);
  expect(hosts({ EVERYWIRE_ORIGINS: 'https://app.example.org' })).toEqual([]);
  const set = {
    EVERYWIRE_PUBLIC_URL: 'https://chat.example.org:8443',
    EVERYWIRE_ORIGINS: 'https://app.example.org,app://-',
  };
  expect(hosts(set)).toEqual(['chat.example.org', 'app.example.org']);
  expect(hosts({ EVERYWIRE_HOSTS: 'chat.example.org,chat.example.net' })).toHaveLength(2);
  for (const wrong of ['https://chat.example.org', 'chat.example.org:8443', '999.1.1.1'])
    expect(() => readConfig({ EVERYWIRE_HOSTS: wrong })).toThrow('host names without port, separated by commas');
});

test('the operator limits the mails for password resets', () => {
  const mails = { EVERYWIRE_RESET_MAILS_PER_ADDRESS: '30', EVERYWIRE_RESET_MAILS_PER_HOUR: '60' };
  const { limits } = serverSettings(readConfig({ EVERYWIRE_RESETS_PER_MAILBOX: '7', ...mails }), '1');
  expect(limits).toMatchObject({ resetsPerMailbox: 7, addressResetRefillMs: 120_000, resetsRefillMs: 60_000 });
});
