import type { ServerLimits } from '../limits.js';
import {
  type AdmissionOptions,
  type AdmissionRefusal,
  type AdmissionRequest,
  type Applicant,
  createAdmission,
} from '../sessions/admission.js';
import { reasonOf } from '../sessions/authentication.js';
import type { WireServerOptions } from '../wire-server.js';
import type { Claims } from '../wire-session.js';
import type { RawLinkKind } from './raw-link.js';
import { areTopicsPossible } from './raw-request.js';

/** A request for a raw link. */
export interface RawAsking extends AdmissionRequest {
  readonly kind: RawLinkKind;
  readonly topics: readonly string[];
}

/** Options of `createRawAdmission`. */
export interface RawAdmissionOptions extends Omit<AdmissionOptions, 'onFailed'> {
  readonly onRawLink: NonNullable<WireServerOptions['onRawLink']>;
  readonly limits: ServerLimits;
}

/** Decides whether a raw link (a connection without the client library) is accepted, and which topics it gets. */
export interface RawAdmission {
  /** Decides on one request, and calls `applicant` with the granted topics or the reason of the refusal. */
  ask(asking: RawAsking, applicant: Applicant<readonly string[]>): void;
  /** Refuses pending requests with matching claims, because the application may have decided before the revocation (SN-21). */
  revoke(match: (claims: Claims) => boolean): void;
  /** Returns the number of pending requests. */
  pending(): number;
}

/** Creates the admission, which asks the application for the identity and the topics of a raw link. */
export function createRawAdmission(options: RawAdmissionOptions): RawAdmission {
  const { onRawLink, limits, onNotice } = options;
  const admission = createAdmission<readonly string[]>({
    ...options,
    onFailed: (error) => onNotice('raw_link_failed', `authenticate or onRawLink: ${reasonOf(error)}`),
  });

  /** Returns the topics that the application grants, or the reason of the refusal. */
  async function grant(
    { kind, topics, origin, remoteAddress }: RawAsking,
    claims: Claims,
  ): Promise<readonly string[] | AdmissionRefusal> {
    const granted = await onRawLink({ kind, claims, topics, origin, remoteAddress });
    if (granted === null || granted.length === 0) return 'refused';
    return areTopicsPossible(granted, kind, limits) ? granted : 'topic_invalid';
  }

  return {
    ask(asking, applicant): void {
      if (areTopicsPossible(asking.topics, asking.kind, limits))
        admission.ask(asking, (claims) => grant(asking, claims), applicant);
      else applicant.refused('topic_invalid');
    },
    revoke: admission.revoke,
    pending: admission.pending,
  };
}
