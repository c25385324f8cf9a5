import { type ChatLimits, chatLimits } from '@everywire/chat';
import type { ChatServerOptions } from '@everywire/chat-server';
import { isWeb } from './setting-shapes.js';
import type { Config } from './settings.js';

const HOUR_MS = 3_600_000;

/** Returns the limits of the store and the server as configured. */
export function chatLimitsOf(config: Config): ChatLimits {
  return {
    ...chatLimits,
    credentialDays: config.EVERYWIRE_SIGN_IN_DAYS,
    credentialsMax: config.EVERYWIRE_SIGN_INS_PER_PERSON,
    groupMembersMax: config.EVERYWIRE_GROUP_MEMBERS,
    channelMembersMax: config.EVERYWIRE_CHANNEL_MEMBERS,
    recallMs: config.EVERYWIRE_RECALL_HOURS * HOUR_MS,
    editMs: config.EVERYWIRE_EDIT_HOURS * HOUR_MS,
    textBytesMax: config.EVERYWIRE_TEXT_BYTES,
  };
}

type FromConfig = 'place' | 'limits' | 'passwordCost' | 'trustedProxies' | 'wire';

/** Returns the configured options of the server. */
export function serverSettings(config: Config, version: string): Pick<ChatServerOptions, FromConfig> {
  const domains = config.EVERYWIRE_FLASH_DOMAINS;
  return {
    place: {
      name: config.EVERYWIRE_NAME,
      runBy: config.EVERYWIRE_RUN_BY,
      registration: config.EVERYWIRE_REGISTRATION,
      version,
    },
    limits: {
      passwordCharactersMin: config.EVERYWIRE_PASSWORD_CHARACTERS,
      passwordCharactersMax: config.EVERYWIRE_PASSWORD_CHARACTERS_MAX,
      nameCharactersMin: config.EVERYWIRE_NAME_CHARACTERS_MIN,
      nameCharactersMax: config.EVERYWIRE_NAME_CHARACTERS,
      displayNameCharactersMax: config.EVERYWIRE_DISPLAY_NAME_CHARACTERS,
      statusCharactersMax: config.EVERYWIRE_STATUS_CHARACTERS,
      labelCharactersMax: config.EVERYWIRE_LABEL_CHARACTERS,
      reservedNames: config.EVERYWIRE_RESERVED_NAMES,
      attemptsPerName: config.EVERYWIRE_ATTEMPTS_PER_NAME,
      recoveryCodes: config.EVERYWIRE_RECOVERY_CODES,
      setUpHours: config.EVERYWIRE_SET_UP_HOURS,
      openIdMinutes: config.EVERYWIRE_OIDC_MINUTES,
      clockToleranceSeconds: config.EVERYWIRE_JWT_CLOCK_SECONDS,
      preflightSeconds: config.EVERYWIRE_PREFLIGHT_SECONDS,
      passwordHashesAtOnce: config.EVERYWIRE_PASSWORD_HASHES_AT_ONCE,
      signInsPerMinute: config.EVERYWIRE_SIGN_INS_PER_MINUTE,
      restRequestsPerMinute: config.EVERYWIRE_REST_PER_MINUTE,
      answerStalledMs: config.EVERYWIRE_ANSWER_STALLED_SECONDS * 1_000,
      invitationsPerPersonMax: config.EVERYWIRE_INVITATIONS_PER_PERSON,
      resetMinutes: config.EVERYWIRE_RESET_MINUTES,
      resetsPerMailbox: config.EVERYWIRE_RESETS_PER_MAILBOX,
      addressResetRefillMs: HOUR_MS / config.EVERYWIRE_RESET_MAILS_PER_ADDRESS,
      resetsRefillMs: HOUR_MS / config.EVERYWIRE_RESET_MAILS_PER_HOUR,
      sessionsPerUserMax: config.EVERYWIRE_SESSIONS_PER_PERSON,
      commandRefillMs: 1_000 / config.EVERYWIRE_COMMANDS_PER_SECOND,
      workRefillMs: 1_000 / config.EVERYWIRE_PERSON_MS_PER_SECOND,
    },
    passwordCost: { memoryKib: config.EVERYWIRE_PASSWORD_MEMORY_KIB, passes: config.EVERYWIRE_PASSWORD_PASSES },
    trustedProxies: config.EVERYWIRE_TRUSTED_PROXIES,
    wire: {
      origins: config.EVERYWIRE_ORIGINS,
      hosts: hostsOf(config),
      jsonp: config.EVERYWIRE_JSONP === 'on',
      limits: { sessionsMax: config.EVERYWIRE_SESSIONS, freezeMs: config.EVERYWIRE_SHUTDOWN_SECONDS * 1_000 },
      ...(domains.length === 0 ? {} : { flashPolicy: { domains } }),
    },
  };
}

/**
 * Returns the accepted host names: those of the public address, the allowed origins and the setting; none without a
 * public address and the setting.
 */
function hostsOf({ EVERYWIRE_PUBLIC_URL, EVERYWIRE_ORIGINS, EVERYWIRE_HOSTS }: Config): readonly string[] {
  if (EVERYWIRE_PUBLIC_URL === '' && EVERYWIRE_HOSTS.length === 0) return [];
  const origins = [EVERYWIRE_PUBLIC_URL, ...EVERYWIRE_ORIGINS].filter(isWeb);
  return [...new Set([...origins.map((origin) => new URL(origin).hostname), ...EVERYWIRE_HOSTS])];
}
