// What a person has typed into a form, and what it means: the value an event states, or what is
// wrong with it, in the words `hefu sheet check` and `hefu event append` use.

import words from 'hefu:choices';
import type { EventType, Field, Names } from './api';
import { findBody } from './bodies';
import { fieldType, type FieldType } from './field_type';
import { current, t } from './language';

/// Of a list its parts, of a tuple its components by name, of one of several types which, and what
/// stands there.
export type Typed = string | Typed[] | { [part: string]: Typed };

export type Read = { empty: true } | { value: unknown } | { wrong: string };

const kEmpty: Read = { empty: true };
const kTextBytesMax = 16 * 1024;
const kIntegerMax = Number.MAX_SAFE_INTEGER;

export function nothing(type: FieldType): Typed {
  if (type.kind === 'list') return [];
  if (type.kind === 'tuple') {
    return Object.fromEntries(type.parts.map((part) => [part.name, nothing(part.type)]));
  }
  return type.kind === 'oneof' ? { which: '0', value: nothing(type.of[0] ?? { kind: 'text' }) } : '';
}

/// The word for a choice; two of one list that read alike keep their names.
export function choiceWord(value: string, among: readonly string[] = []): string {
  const word = wordOf(value);
  if (!word) return value;
  return among.filter((one) => one === word || wordOf(one) === word).length > 1 ? value : word;
}

function wordOf(value: string): string | undefined {
  const [zh, en] = words[value] ?? [];
  if (current() === 'zh') return zh;
  return en ?? (zh === undefined ? undefined : value.replaceAll('-', ' '));
}

const wrong = (found: string, expected: string): Read => ({ wrong: t('wrongCell', { found, expected }) });

/// Full-width digits and signs as half-width ones.
function halfWidth(text: string): string {
  return text
    .replace(/[！-～]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ')
    .trim();
}

const bare = (text: string) => halfWidth(text).replace(/[¥￥元,\s]/g, '');

function readInteger(text: string): Read {
  const digits = bare(text);
  const value = Number(digits);
  if (/^-?\d+$/.test(digits) && Math.abs(value) <= kIntegerMax) return { value };
  return wrong(text, t('expectInteger'));
}

function readDecimal(text: string): Read {
  const digits = bare(text);
  if (/^-?\d{1,15}(\.\d{1,9})?$/.test(digits)) return { value: trimmedDecimal(digits) };
  return wrong(text, digits.endsWith('%') ? t('expectNoPercent') : t('expectDecimal'));
}

/// "1.50" as "1.5", which is its one form.
function trimmedDecimal(text: string): string {
  const [whole = '0', rest = ''] = text.split('.');
  const digits = rest.replace(/0+$/, '');
  const short = whole.replace(/^(-?)0+(?=\d)/, '$1');
  return digits ? `${short}.${digits}` : short.replace(/^-0$/, '0');
}

/// Yuan as typed, in fen.
function readMoney(text: string): Read {
  const parts = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(bare(text));
  if (!parts) return wrong(text, t('expectMoney'));
  const fen = Number(parts[2]) * 100 + Number((parts[3] ?? '').padEnd(2, '0'));
  if (fen > kIntegerMax) return wrong(text, t('tooLarge'));
  return { value: parts[1] && fen ? -fen : fen };
}

/// A date as people write it, as YYYY-MM-DD: 2025/11/8, 2025年11月8日, 20251108.
export function writtenDate(text: string): string | undefined {
  let plain = halfWidth(text).replace(/[年月/.]/g, '-').replace(/日$/, '');
  if (/^\d{8}$/.test(plain)) plain = `${plain.slice(0, 4)}-${plain.slice(4, 6)}-${plain.slice(6)}`;
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(plain);
  if (!parts) return undefined;
  const date = `${parts[1]}-${parts[2]?.padStart(2, '0')}-${parts[3]?.padStart(2, '0')}`;
  const at = new Date(`${date}T00:00:00Z`);
  const year = Number(parts[1]);
  const exists = !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === date;
  return exists && year >= 1900 && year <= 2199 ? date : undefined;
}

function readHex(text: string, what: string): Read {
  const hex = halfWidth(text).toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? { value: hex } : wrong(text, t('expectHex', { what }));
}

function readPlain(type: FieldType, text: string, names: Names): Read {
  if (text.trim() === '') return kEmpty;
  switch (type.kind) {
    case 'integer':
      return readInteger(text);
    case 'decimal':
      return readDecimal(text);
    case 'money':
      return readMoney(text);
    case 'date': {
      const date = writtenDate(text);
      return date ? { value: date } : wrong(text, t('expectDate'));
    }
    case 'party':
      return findBody(text, names);
    case 'enum':
      return type.names.includes(text) ? { value: text } : wrong(text, t('expectChoice'));
    case 'event':
      return readHex(text, t('event'));
    case 'digest':
      return readHex(text, t('digest'));
    case 'person':
      return readHex(text, t('pseudonym'));
    default: {
      const value = text.normalize('NFC').trim();
      const bytes = new TextEncoder().encode(value).length;
      return bytes > kTextBytesMax ? { wrong: t('textTooLong', { bytes }) } : { value };
    }
  }
}

export function read(type: FieldType, typed: Typed | undefined, names: Names): Read {
  if (typed === undefined) return kEmpty;
  if (type.kind === 'list') return readList(type.of, Array.isArray(typed) ? typed : [], names);
  if (typeof typed === 'string') return readPlain(type, typed, names);
  if (Array.isArray(typed)) return kEmpty;
  if (type.kind === 'oneof') {
    const chosen = type.of[Number(typed['which'])];
    return chosen ? read(chosen, typed['value'], names) : kEmpty;
  }
  if (type.kind !== 'tuple') return kEmpty;
  const parts = type.parts.map((part) => [part.name, read(part.type, typed[part.name], names)] as const);
  if (parts.every(([, one]) => 'empty' in one)) return kEmpty;
  const value: Record<string, unknown> = {};
  for (const [name, one] of parts) {
    if ('wrong' in one) return one;
    if ('empty' in one) return { wrong: t('partMissing', { part: name }) };
    value[name] = one.value;
  }
  return { value };
}

function readList(type: FieldType, typed: readonly Typed[], names: Names): Read {
  const value: unknown[] = [];
  for (const one of typed) {
    const part = read(type, one, names);
    if ('wrong' in part) return part;
    if ('value' in part) value.push(part.value);
  }
  return value.length > 0 ? { value } : kEmpty;
}

/// Fields of an event by what is typed; `wrong` names what keeps it from being signed.
export function readFields(type: EventType, typed: Record<string, Typed>, names: Names) {
  const fields: Record<string, unknown> = {};
  const personal: Record<string, unknown> = {};
  const faults = new Map<string, string>();
  for (const field of type.fields) {
    const one = read(fieldType(field.type), typed[field.name], names);
    if ('value' in one) (field.personal ? personal : fields)[field.name] = one.value;
    if ('wrong' in one) faults.set(field.name, one.wrong);
    if ('empty' in one && isNeeded(field)) faults.set(field.name, t('missing'));
  }
  return { fields, personal, faults };
}

export function isNeeded(field: Field): boolean {
  return field.required === true;
}

/// A value of an event as one would have typed it: to pre-fill a form.
export function typedOf(type: FieldType, value: unknown): Typed {
  if (value === undefined || value === null) return nothing(type);
  if (type.kind === 'list') {
    return Array.isArray(value) ? value.map((one) => typedOf(type.of, one)) : [];
  }
  if (type.kind === 'tuple') {
    const given = value as Record<string, unknown>;
    return Object.fromEntries(type.parts.map((part) => [part.name, typedOf(part.type, given[part.name])]));
  }
  if (type.kind === 'oneof') {
    const which = type.of.findIndex((one) => (one.kind === 'list') === Array.isArray(value));
    const chosen = type.of[Math.max(which, 0)] ?? { kind: 'text' };
    return { which: String(Math.max(which, 0)), value: typedOf(chosen, value) };
  }
  if (type.kind === 'money' && typeof value === 'number') return (value / 100).toFixed(2);
  return String(value);
}
