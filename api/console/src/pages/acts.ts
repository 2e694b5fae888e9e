// Acts about agreements, as `hefu agreement` makes them (tools/agreement.cc).

import type { FullAgreement } from '../api';
import type { EventJson } from '../hefu';

/// Our signature of a version. It cites each version of the same base that we signed before: it
/// counts only if they are provably dead (rule R3 of ledger/agreement).
export function signatureOn(agreement: FullAgreement, id: string, member: string): EventJson {
  const version = agreement.versions.find((one) => one.id === id);
  const base = version?.base ?? '';
  const releases = agreement.versions
    .filter((other) => (other.base ?? '') === base && other.id !== id)
    .filter((other) => other.signatures.some((one) => one.party === member && one.signature))
    .map((other) => other.id);
  return {
    type: 'agreement-signature',
    record: agreement.id,
    fields: { version: id, attempt: version?.attempt ?? 1, releases },
  };
}

export function declineOf(agreement: string, version: string, reason: string): EventJson {
  return { type: 'agreement-decline', record: agreement, fields: { version, reason } };
}

export function terminationOf(
  agreement: string,
  version: string,
  effective_on: string,
  reason: string,
): EventJson {
  return { type: 'agreement-termination', record: agreement, fields: { version, effective_on, reason } };
}

export function nonRenewalOf(agreement: string, version: string, reason: string): EventJson {
  return { type: 'agreement-non-renewal', record: agreement, fields: { version, reason } };
}
