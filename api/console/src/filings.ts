// What units filed for a plan: the measures and results they commit themselves to, and the reports
// of a period, each as its author last corrected it.

import { ask, at, type ListedEvent, type RecordSummary } from './api';

export const kFilingTypes = ['target-commitment', 'progress-report'] as const;

const kLimit = 1000;
const kPagesMax = 20;

export interface Filing {
  record: string;
  type: string;
  unit: string;
  period: string; ///< of a report
  due: string;
  rows: string; ///< of the plan's table
  text: string;
  recorded: string | null; ///< when witnesses dated it; null: not yet
  late: boolean; ///< recorded after the day it was due
}

/// By the last correction of each record.
function corrected(events: readonly ListedEvent[]): Map<string, ListedEvent> {
  const opening = new Map<string, string>();
  const last = new Map<string, ListedEvent>();
  for (const one of events) {
    const before = one.event?.supersedes;
    const record = (before && opening.get(before)) ?? one.id;
    opening.set(one.id, record);
    last.set(record, one);
  }
  return last;
}

function filing(record: RecordSummary, opened: ListedEvent, last: ListedEvent): Filing {
  const fields = last.event?.fields ?? {};
  const text = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : '');
  const due = text('due_on');
  const rows = fields['task_rows'] ?? fields['task_row'];
  return {
    record: record.id,
    type: record.type,
    unit: text('reporter') || text('subject') || record.issuer,
    period: text('period'),
    due,
    rows: Array.isArray(rows) ? rows.join(', ') : rows === undefined ? '' : String(rows),
    text: text('text') || [text('measures'), text('expected_result')].filter(Boolean).join('；'),
    recorded: opened.recorded_by,
    late: due !== '' && dateOf(opened.recorded_by) > due,
  };
}

/// The day of a moment on the ledger's calendar (+08:00); '' of none.
function dateOf(moment: string | null): string {
  if (!moment) return '';
  return new Date(Date.parse(moment) + 8 * 3_600_000).toISOString().slice(0, 10);
}

/// A list page by page.
async function all<Name extends string, T>(path: string, name: Name, type: string): Promise<T[]> {
  const found: T[] = [];
  let from = '';
  for (let page = 0; page < kPagesMax; ++page) {
    const read = await ask<Record<Name, T[]> & { next: string | null }>(
      at(path, { type, limit: kLimit, from }),
    );
    found.push(...read[name]);
    if (!read.next) break;
    from = read.next;
  }
  return found;
}

async function filingsOf(type: string, pack: string): Promise<Filing[]> {
  const [records, events] = await Promise.all([
    all<'records', RecordSummary>('/v1/records', 'records', type),
    all<'events', ListedEvent>('/v1/events', 'events', type),
  ]);
  const byId = new Map(events.map((one) => [one.id, one]));
  const last = corrected(events);
  return records.flatMap((record) => {
    const opened = byId.get(record.id);
    if (!opened?.event?.programmes?.includes(pack)) return [];
    if (record.standing === 'retracted' || record.standing === 'rejected') return [];
    return [filing(record, opened, last.get(record.id) ?? opened)];
  });
}

/// All filings for a programme that stand, the last due first.
export async function filings(pack: string): Promise<Filing[]> {
  const lists = await Promise.all(kFilingTypes.map((type) => filingsOf(type, pack)));
  return lists.flat().sort((a, b) => b.due.localeCompare(a.due) || a.unit.localeCompare(b.unit));
}
