// The auditor's list: what would make one look twice.

import { ask, askOnce, at, useAsked, useNames, type Pack, type PackEntry, type Signals } from '../api';
import { number, t, titled } from '../language';
import { Choices, Institution, Page, Read, useSome } from '../parts';
import { go, to } from '../route';
import type { Word } from '../texts';
import { RecordLink } from './indicator';
import { periodsOf, presentPeriod } from './overview';

async function readPeriods(): Promise<string[]> {
  const { packs } = await askOnce<{ packs: PackEntry[] }>('/v1/packs');
  const ids = [...new Set(packs.map((pack) => pack.id))];
  const read = await Promise.all(
    ids.map((id) => askOnce<Pack>(`/v1/packs/${encodeURIComponent(id)}`)),
  );
  return [...new Set(read.flatMap(periodsOf))].sort();
}

export function SignalsPage(props: { query: URLSearchParams }) {
  const names = useNames();
  const periods = useAsked<string[]>('periods', readPeriods);
  const period =
    props.query.get('period') ?? (periods.data ? presentPeriod(periods.data) : null);
  const kind = props.query.get('kind') ?? '';
  const signals = useAsked<Signals>(period && at('/v1/signals', { period }), ask);
  return (
    <Page
      title={t('signals')}
      lead={t('signalsIntro')}
      actions={
        periods.data && (
          <Choices
            label={t('period')}
            of={periods.data.map((one) => ({
              text: one,
              href: to(['signals'], { period: one, kind }),
              chosen: one === period,
            }))}
          />
        )
      }
    >
      <Read of={signals}>
        {(read) => {
          const kinds = new Map(read.signals.map((signal) => [signal.kind, signal.title]));
          const found = read.signals.filter((signal) => !kind || signal.kind === kind);
          return (
            <>
              <div class="filters">
                <label>
                  <span>{t('signalKind')}</span>
                  <select value={kind}
                    onChange={(e) =>
                      go(['signals'], { period: period ?? '', kind: e.currentTarget.value })
                    }>
                    <option value="">{t('anyKind')}</option>
                    {[...kinds].map(([name, title]) => (
                      <option key={name} value={name}>
                        {titled(title, name)}
                      </option>
                    ))}
                  </select>
                </label>
                <span class="quiet">{t('total', { count: found.length })}</span>
              </div>
              <List found={found} names={names} />
            </>
          );
        }}
      </Read>
    </Page>
  );
}

function List(props: { found: Signals['signals']; names: ReturnType<typeof useNames> }) {
  const some = useSome(props.found, 50);
  if (props.found.length === 0) return <p class="quiet">{t('noSignals')}</p>;
  return (
    <>
      <table class="stack">
        <caption class="unseen">{t('signals')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('signalKind')}</th>
            <th scope="col" class="end">{t('amount')}</th>
            <th scope="col">{t('institution')}</th>
            <th scope="col">{t('record')}</th>
          </tr>
        </thead>
        <tbody>
          {some.shown.map((signal) => (
            <tr key={`${signal.kind} ${signal.records.join()}`}>
              <th scope="row">
                {titled(signal.title, signal.kind)}
                {signal.detail && <small class="under quiet">{signal.detail}</small>}
              </th>
              <td class="end" data-label={t('amount')}>
                {amount(signal.amount, signal.unit)}
              </td>
              <td data-label={t('institution')}>
                <ul class="values">
                  {signal.institutions.map((id) => (
                    <li key={id}>
                      <Institution id={id} names={props.names} />
                    </li>
                  ))}
                </ul>
              </td>
              <td data-label={t('record')}>
                <ul class="values">
                  {signal.records.map((id) => (
                    <li key={id}>
                      <RecordLink id={id} names={props.names} />
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {some.button}
    </>
  );
}

function amount(size: number, unit: string): string {
  const word = `unit_${unit}` as Word;
  // Money comes in fen.
  return t(word, { amount: number(unit === 'fen' ? size / 100 : size) });
}
