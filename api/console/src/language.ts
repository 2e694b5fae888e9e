// Which language the page speaks, and how it writes numbers, dates and spans of time.

import { texts, units, values, type Word } from './texts';

export type Language = 'zh' | 'en';

const kKept = 'hefu.language';

function kept(): string | null {
  try {
    return localStorage.getItem(kKept);
  } catch {
    return null; // storage is forbidden: the choice lasts for this visit
  }
}

function preferred(): Language {
  const choice = kept();
  if (choice === 'zh' || choice === 'en') return choice;
  return navigator.languages.some((l) => l.toLowerCase().startsWith('zh')) ? 'zh' : 'en';
}

let language: Language = preferred();

export function current(): Language {
  return language;
}

export function speak(next: Language): void {
  language = next;
  try {
    localStorage.setItem(kKept, next);
  } catch {
    // see kept()
  }
  tell();
}

/// Tells the browser: fonts, hyphenation and screen readers go by it.
export function tell(): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

/// A text of the console; `{name}` in it stands for a value.
export function t(word: Word, filled: Record<string, string | number> = {}): string {
  const text = texts[word][language === 'zh' ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(filled[name] ?? ''));
}

/// The word for a value the API names ("in-force"); the name itself where there is none.
export function word(kind: keyof typeof values, value: string): string {
  const known = (values[kind] as Record<string, readonly [string, string]>)[value];
  return known ? known[language === 'zh' ? 0 : 1] : value;
}

export interface Title {
  zh: string;
  en: string;
}

export function titled(title: Title | undefined, otherwise = ''): string {
  if (!title) return otherwise;
  return (language === 'zh' ? title.zh || title.en : title.en || title.zh) || otherwise;
}

function locale(): string {
  return language === 'zh' ? 'zh-CN' : 'en-GB';
}

/// The unit of a figure, as the pack writes it ("人次"), in the language of the page. What is only
/// counted with has no word in English.
export function unitWord(unit: string): string {
  if (language === 'zh' || !/[\u4e00-\u9fff]/.test(unit)) return unit;
  const known = units[unit as keyof typeof units];
  return known === undefined ? unit : known && ` ${known}`;
}

/// Units behind the numbers of a text ("≥ 4人次") in the language of the page.
export function measured(text: string): string {
  return text.replace(/(?<=\d)[\u4e00-\u9fff]+(?:\/[\u4e00-\u9fff]+)?/g, unitWord);
}

export function number(value: number): string {
  return value.toLocaleString(locale(), { maximumFractionDigits: 2 });
}

/// "2026-11-22 17:52", in the time of the ledger's dates: +08:00, whatever the reader's clock says.
export function moment(text: string | null | undefined): string {
  if (!text) return '—';
  const at = Date.parse(text);
  if (Number.isNaN(at)) return text;
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

/// "3 minutes ago".
export function ago(text: string | null | undefined, now = Date.now()): string {
  if (!text) return t('never');
  const seconds = Math.max(0, Math.round((now - new Date(text).getTime()) / 1000));
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  if (seconds < 60) return format.format(-seconds, 'second');
  if (seconds < 3600) return format.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86400) return format.format(-Math.floor(seconds / 3600), 'hour');
  return format.format(-Math.floor(seconds / 86400), 'day');
}

export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    ++unit;
  }
  return `${value.toLocaleString(locale(), { maximumFractionDigits: unit ? 1 : 0 })} ${units[unit]}`;
}

export function list(items: readonly string[]): string {
  return items.join(language === 'zh' ? '、' : ', ');
}
