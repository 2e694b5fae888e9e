// Versions of an agreement side by side: every term, and where it differs from the version before.

import { useState } from 'preact/hooks';
import { ask, useAsked, type FullAgreement, type ListedEvent, type Names } from '../api';
import { Value } from '../fields';
import { t, titled, word } from '../language';
import { Read, Section } from '../parts';
import { to } from '../route';

export function Compare(props: { agreement: FullAgreement; names: Names }) {
  const { agreement, names } = props;
  const [onlyChanges, setOnlyChanges] = useState(false);
  const ids = agreement.versions.map((version) => version.id);
  const events = useAsked<ListedEvent[]>(`versions ${ids.join()}`, () =>
    Promise.all(ids.map((id) => ask<ListedEvent>(`/v1/events/${id}`))),
  );
  return (
    <Section title={t('compare')} note={ids.length > 1 ? t('compareHint') : undefined}>
      <Read of={events}>
        {(read) => {
          const fields = read.map(({ event }) => event?.fields ?? {});
          const type = names.types.get('collaboration-agreement');
          const known = type?.fields.map((field) => field.name) ?? [];
          const given = new Set(fields.flatMap((one) => Object.keys(one)));
          const rows = [
            ...known.filter((name) => given.has(name)),
            ...[...given].filter((name) => !known.includes(name)).sort(),
          ];
          const same = (name: string, i: number) =>
            i === 0 || JSON.stringify(fields[i]?.[name]) === JSON.stringify(fields[i - 1]?.[name]);
          const shown = onlyChanges
            ? rows.filter((name) => fields.some((_, i) => !same(name, i)))
            : rows;
          return (
            <>
              {ids.length > 1 && (
                <label class="tick">
                  <input type="checkbox" checked={onlyChanges}
                    onChange={(event) => setOnlyChanges(event.currentTarget.checked)} />
                  {t('onlyChanges')}
                </label>
              )}
              <table class="stack compare">
                <caption class="unseen">{t('compare')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('term')}</th>
                    {agreement.versions.map((version, i) => (
                      <th scope="col" key={version.id}>
                        <a href={to(['event', version.id])}>{t('versionNumber', { number: i + 1 })}</a>{' '}
                        <span class="quiet">{word('state', version.verdict)}</span>
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {shown.map((name) => {
                    const field = type?.fields.find((one) => one.name === name);
                    return (
                      <tr key={name}>
                        <th scope="row">{titled(field?.title, name)}</th>
                        {fields.map((one, i) => (
                          <td key={ids[i]} class={same(name, i) ? '' : 'changed'}
                            data-label={t('versionNumber', { number: i + 1 })}>
                            <div>
                              {!same(name, i) && <span class="mark">≠ {t('changed')} </span>}
                              <Value value={one[name]} type={field?.type ?? ''} names={names} />
                            </div>
                          </td>
                        ))}
                      </tr>
                    );
                  })}
                </tbody>
              </table>
              {shown.length === 0 && <p class="quiet">{t('noChanges')}</p>}
            </>
          );
        }}
      </Read>
    </Section>
  );
}
