// Which indicators an event may move: those that look at its type and whose conditions it does not
// rule out. What it does move is computed from the logs, once it is there and confirmed.

import { ask, askOnce, at, type Figures, type Pack, type PackEntry, type PackIndicator } from './api';
import type { Title } from './language';

export interface MayMove {
  pack: string;
  indicator: string;
  title: Title;
  evidence: string; ///< the grade it counts from
}

export async function readPacks(): Promise<Pack[]> {
  const { packs } = await askOnce<{ packs: PackEntry[] }>('/v1/packs');
  const ids = [...new Set(packs.map((one) => one.id))];
  return Promise.all(ids.map((id) => askOnce<Pack>(`/v1/packs/${encodeURIComponent(id)}`)));
}

/// Whether a condition is certainly false: one of its parts joined by "and" asks a field for another
/// value than it has, or for a value it lacks. What is not understood here rules nothing out.
function ruledOut(where: string, fields: Record<string, unknown>): boolean {
  if (/\bor\b/.test(where)) return false;
  return where.split(/\band\b/).some((part) => {
    const has = /^\s*has\(body\.(\w+)\)\s*$/.exec(part);
    if (has?.[1]) return fields[has[1]] === undefined;
    const among = /^\s*body\.(\w+)\s*(?:==|in)\s*(\[[^\]]*\]|'[^']*')\s*$/.exec(part);
    if (!among?.[1] || !among[2] || among[1] === 'state') return false;
    const value = fields[among[1]];
    const allowed = [...among[2].matchAll(/'([^']*)'/g)].map((match) => match[1]);
    return typeof value === 'string' && !allowed.includes(value);
  });
}

export function looksAt(indicator: PackIndicator, type: string, fields: Record<string, unknown>): boolean {
  return (indicator.types ?? []).includes(type) && !ruledOut(indicator.where ?? '', fields);
}

export function mayMove(
  packs: readonly Pack[],
  type: string,
  fields: Record<string, unknown>,
  programmes: readonly string[],
): MayMove[] {
  return packs
    .filter(({ pack }) => programmes.includes(pack.id))
    .flatMap(({ pack, indicator }) =>
      indicator
        .filter((one) => looksAt(one, type, fields))
        .map((one) => ({
          pack: pack.id,
          indicator: one.id,
          title: one.title,
          evidence: one.evidence?.min ?? 'E0',
        })),
    );
}

/// How the figures of a year see one record now.
export interface Seen {
  indicator: string;
  title: Title;
  shown: string;
  reason: string; ///< not counted; empty: counted
}

export async function seenBy(record: string, pack: string, period: string): Promise<Seen[]> {
  const figures = await ask<Figures>(at('/v1/figures', { pack, period }));
  return figures.indicators.flatMap((figure) => {
    const { indicator, title, shown } = figure;
    if (figure.counted.includes(record)) return [{ indicator, title, shown, reason: '' }];
    const left = figure.left_out.find((one) => one.id === record);
    return left ? [{ indicator, title, shown, reason: left.reason }] : [];
  });
}
