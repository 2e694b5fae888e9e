// Acts by which a period's figures are vouched for and closed, as `hefu cut`, `hefu approval`,
// `hefu statement` and `hefu period` make them (ledger/closing/acts.cc).

import type { ClosingAt, ClosingUnit, Closings, CutNow, ProposedCut, Statement } from '../api';
import type { EventJson } from '../hefu';

type Scope = { pack: string; period: string };

function scopeOf(of: Scope, at: ClosingAt): Record<string, unknown> {
  return {
    pack: of.pack,
    pack_digest: at.pack_digest,
    period: of.period,
    proposal: at.proposal,
    cut: at.cut,
  };
}

/// Only what is there: an empty field is left out of an event.
function filled(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== '' && value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/// Of the cut the node reads now; `pack_digest`: of the pack's last version.
export function proposalOf(pack: string, pack_digest: string, as_of: string, now: CutNow): EventJson {
  return { type: 'cut-proposal', fields: filled({ pack, pack_digest, as_of, ...now.proposal }) };
}

export function cosignatureOf(cut: ProposedCut): EventJson {
  return { type: 'cut-cosignature', fields: { proposal: cut.event, cut: cut.cut } };
}

export function approvalOf(of: Scope, at: ClosingAt, unit: ClosingUnit): EventJson {
  return {
    type: 'figure-approval',
    fields: filled({
      ...scopeOf(of, at),
      unit: unit.unit,
      level: unit.level,
      figures: unit.figures,
      rests_on: [...unit.rests_on].sort(),
    }),
  };
}

export function withdrawalOf(approval: string, reason: string): EventJson {
  return { type: 'approval-withdrawal', fields: { approval, reason } };
}

export function statementOf(of: Scope, at: ClosingAt, unit: ClosingUnit): EventJson {
  return { type: 'statement', fields: { ...scopeOf(of, at), figures: unit.figures } };
}

/// `figures`: as our own node computes them at the statement's cut.
export function decisionOn(
  statement: Statement,
  figures: string,
  verdict: string,
  reason: string,
): EventJson {
  return {
    type: 'statement-decision',
    fields: filled({ statement: statement.event, figures, verdict, reason }),
  };
}

export function closingOf(of: Closings, at: ClosingAt, reason: string): EventJson {
  const { next } = at;
  return {
    type: 'period-closing',
    fields: filled({
      ...scopeOf(of, at),
      cosignatures: [...next.cosignatures].sort(),
      figures: next.figures,
      vintage: next.vintage,
      previous: next.previous,
      reason,
    }),
  };
}
