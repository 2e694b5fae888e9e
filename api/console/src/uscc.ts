// Unified social credit codes (统一社会信用代码), checked as one types, in the words `hefu` uses.
// Source: GB 32100-2015, as ledger/event/uscc.cc reads it.

import { t } from './language';

const kAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const kWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const kLength = 18;

/// What is wrong with a code, or with a code and a unit ("<code>/<unit>"); undefined: nothing.
export function wrongParty(party: string): string | undefined {
  const [code = '', unit] = party.split(/\/(.*)/su, 2);
  const bytes = new TextEncoder().encode(code).length;
  if (bytes !== kLength) return t('codeLength', { count: bytes });
  for (let i = 0; i < kLength; ++i) {
    const sign = code[i] ?? '';
    if (!kAlphabet.includes(sign)) {
      const shown = /^[!-~]$/.test(sign) ? `'${sign}'` : t('codeNoLetter');
      return t('codeCharacter', { shown, place: i + 1 });
    }
  }
  const sum = kWeights.reduce((all, weight, i) => all + weight * kAlphabet.indexOf(code[i] ?? ''), 0);
  const expected = kAlphabet[(31 - (sum % 31)) % 31] ?? '';
  const found = code[kLength - 1] ?? '';
  if (found !== expected) return t('codeCheck', { code, found, expected });
  if (unit !== undefined && !/^[0-9A-Za-z_-]{1,32}$/.test(unit)) return t('codeUnit');
  return undefined;
}
