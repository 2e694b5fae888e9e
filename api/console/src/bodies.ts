// Institutions by name or by code: members of the federation, and bodies that were registered.

import type { Names } from './api';
import { t, titled } from './language';
import type { Read } from './typed';
import { wrongParty } from './uscc';

const kSuggestionsMax = 3;

/// Names are compared without spaces and without regard to how brackets are written.
function comparable(name: string): string {
  return name.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
}

function shared(a: string, b: string): number {
  const left = [...b];
  let count = 0;
  for (const sign of a) {
    const at = left.indexOf(sign);
    if (at >= 0) {
      left.splice(at, 1);
      ++count;
    }
  }
  return count;
}

/// A credit code, a code with a unit, or a name that one body has. Source of the words:
/// tools/sheet/institutions.cc.
export function findBody(text: string, names: Names): Read {
  const [name = '', unit] = text.normalize('NFKC').trim().split(/\/(.*)/su, 2);
  const rest = unit === undefined ? '' : `/${unit.trim()}`;
  const code = name.trim().toUpperCase();
  if (/^[0-9A-Z]{12,}$/.test(code)) {
    const wrong = wrongParty(code + rest);
    return wrong ? { wrong } : { value: code + rest };
  }
  const wanted = comparable(name);
  const found = [...names.institutions].filter(
    ([, title]) => comparable(title.zh) === wanted || comparable(title.en) === wanted,
  );
  const [only] = found;
  if (only && found.length === 1) {
    const wrong = wrongParty(only[0] + rest);
    return wrong ? { wrong } : { value: only[0] + rest };
  }
  if (found.length > 1) return { wrong: t('bodySeveral', { codes: found.map(([id]) => id).join(' / ') }) };
  const near = [...names.institutions.values()]
    .map((title) => ({ name: titled(title), count: shared(comparable(titled(title)), wanted) }))
    .filter((one) => one.count * 2 > wanted.length)
    .sort((a, b) => b.count - a.count)
    .slice(0, kSuggestionsMax)
    .map((one) => one.name);
  return { wrong: near.length > 0 ? t('bodyNear', { names: near.join(' / ') }) : t('bodyUnknown') };
}
