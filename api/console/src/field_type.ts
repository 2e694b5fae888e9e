// Types of fields, as the catalogue writes them. Source: ledger/event/field_type.h.

export type FieldType =
  | { kind: Plain }
  | { kind: 'enum'; names: string[] }
  | { kind: 'list'; of: FieldType }
  | { kind: 'tuple'; parts: { name: string; type: FieldType }[] }
  | { kind: 'oneof'; of: FieldType[] };

const kPlain = [
  'text',
  'integer',
  'decimal',
  'date',
  'money',
  'party',
  'event',
  'digest',
  'key',
  'bytes',
  'person',
] as const;
export type Plain = (typeof kPlain)[number];

const kDepthMax = 8;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): FieldType | undefined {
    const type = this.any(0);
    return this.rest() === '' ? type : undefined;
  }

  private rest(): string {
    return this.text.slice(this.at).trim();
  }

  private skip(sign: string): boolean {
    while (this.text[this.at] === ' ') ++this.at;
    if (this.text[this.at] !== sign) return false;
    ++this.at;
    return true;
  }

  private word(): string {
    while (this.text[this.at] === ' ') ++this.at;
    const found = /^[a-z0-9_]*/.exec(this.text.slice(this.at))?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private any(depth: number): FieldType | undefined {
    if (depth > kDepthMax) return undefined;
    const word = this.word();
    const plain = kPlain.find((one) => one === word);
    if (plain) return { kind: plain };
    if (word === 'enum') {
      const end = this.text.indexOf('}', this.at);
      if (!this.skip('{') || end < 0) return undefined;
      const names = this.text.slice(this.at, end).split(',').map((name) => name.trim());
      this.at = end + 1;
      return { kind: 'enum', names };
    }
    if (!this.skip('<')) return undefined;
    const parts: { name: string; type: FieldType }[] = [];
    do {
      const name = word === 'tuple' ? this.word() : '';
      if (word === 'tuple' && !this.skip(':')) return undefined;
      const type = this.any(depth + 1);
      if (!type) return undefined;
      parts.push({ name, type });
    } while (this.skip(','));
    const first = parts[0]?.type;
    if (!this.skip('>') || !first) return undefined;
    if (word === 'list') return { kind: 'list', of: first };
    if (word === 'tuple') return { kind: 'tuple', parts };
    return word === 'oneof' ? { kind: 'oneof', of: parts.map((part) => part.type) } : undefined;
  }
}

const kRead = new Map<string, FieldType>();

/// A type this page has no input for is given as text; what is typed is judged when it is signed.
export function fieldType(text: string): FieldType {
  const known = kRead.get(text);
  if (known) return known;
  const type = new Reader(text).whole() ?? { kind: 'text' };
  kRead.set(text, type);
  return type;
}
