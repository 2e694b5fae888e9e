// The fields of an event, by the catalogue's titles.

import type { ComponentChildren } from 'preact';
import type { LedgerEvent, Names } from './api';
import { fieldType } from './field_type';
import { number, t, titled } from './language';
import { grouped, Institution, Short } from './parts';
import { to } from './route';
import { choiceWord } from './typed';

const kCode = /^[0-9A-HJ-NPQRTUWXY]{18}(\/.{1,100})?$/;
const kId = /^[0-9a-f]{64}$/;

/// `type`: what the catalogue says it is; a digest of a file leads nowhere, an event does.
export function Value(props: { value: unknown; type: string; names: Names }): ComponentChildren {
  const { value, type, names } = props;
  if (value === null || value === undefined || value === '') return <span class="quiet">—</span>;
  if (typeof value === 'number' && type.includes('money')) {
    return (
      <>
        {grouped((value / 100).toFixed(2))} {t('yuan')}
      </>
    );
  }
  // Years are among them, and are written without a separator.
  if (typeof value === 'number' && Number.isInteger(value) && value < 10_000) return String(value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'boolean') return value ? '✓' : '✗';
  if (typeof value === 'string') {
    if (kId.test(value)) {
      if (!type.includes('event')) return <Short hex={value} />;
      return (
        <a href={to(['event', value])}>
          <Short hex={value} />
        </a>
      );
    }
    if (kCode.test(value)) return <Institution id={value} names={names} />;
    const choices = fieldType(type);
    const among = choices.kind === 'list' ? choices.of : choices;
    if (among.kind === 'enum') return choiceWord(value, among.names);
    return <span class="text">{value}</span>;
  }
  if (Array.isArray(value)) {
    return (
      <ul class="values">
        {value.map((one, i) => (
          <li key={i}>
            <Value value={one} type={type} names={names} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul class="values">
      {Object.entries(value as Record<string, unknown>).map(([key, one]) => (
        <li key={key}>
          <span class="quiet">{key} </span>
          <Value value={one} type={type} names={names} />
        </li>
      ))}
    </ul>
  );
}

export function Fields(props: { event: LedgerEvent; names: Names }) {
  const { event, names } = props;
  const type = names.types.get(event.type);
  const order = new Map(type?.fields.map((field, i) => [field.name, i]));
  const rank = (name: string) => order.get(name) ?? order.size;
  const typeOf = (name: string) => type?.fields.find((field) => field.name === name)?.type ?? '';
  const titleOf = (name: string) =>
    titled(type?.fields.find((field) => field.name === name)?.title, name);
  const entries = Object.entries(event.fields).sort(([a], [b]) => rank(a) - rank(b));
  const commitments = Object.entries(event.commitments ?? {});
  return (
    <dl class="facts">
      {entries.map(([name, value]) => (
        <>
          <dt key={`${name} title`}>{titleOf(name)}</dt>
          <dd key={name}>
            <Value value={value} type={typeOf(name)} names={names} />
          </dd>
        </>
      ))}
      {commitments.length > 0 && (
        <>
          <dt>{t('commitments')}</dt>
          <dd>
            <ul class="values">
              {commitments.map(([name, digest]) => (
                <li key={name}>
                  {titleOf(name)} <Short hex={digest} />
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
    </dl>
  );
}
