// Records by type, institution and state, or by id.

import { useState } from 'preact/hooks';
import { ask, at, useAsked, useNames, type RecordSummary } from '../api';
import { list, t, titled, word } from '../language';
import { Institution, institutionName, Page, Read, Standing, typeTitle } from '../parts';
import { go, to } from '../route';

const kPage = 50;

export function RecordsPage(props: { query: URLSearchParams }) {
  const names = useNames();
  const wanted = {
    type: props.query.get('type') ?? '',
    party: props.query.get('party') ?? '',
    state: props.query.get('state') ?? '',
    from: props.query.get('from') ?? '',
  };
  const records = useAsked<{ records: RecordSummary[]; next: string | null }>(
    at('/v1/records', { ...wanted, limit: kPage }),
    ask,
  );
  const types = [...names.types.values()].filter((type) => type.lifecycle).sort((a, b) =>
    titled(a.title, a.name).localeCompare(titled(b.title, b.name)),
  );
  const states = names.types.get(wanted.type)?.lifecycle?.states ?? [];
  const change = (field: string, value: string) => {
    const next: Record<string, string> = { ...wanted, from: '', [field]: value };
    if (field === 'type') next['state'] = '';
    go(['records'], next);
  };
  return (
    <Page title={t('records')}>
      <div class="filters">
        <ById />
        <label>
          <span>{t('type')}</span>
          <select value={wanted.type} onChange={(e) => change('type', e.currentTarget.value)}>
            <option value="">{t('anyType')}</option>
            {types.map((type) => (
              <option key={type.name} value={type.name}>
                {titled(type.title, type.name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('institution')}</span>
          <select value={wanted.party} onChange={(e) => change('party', e.currentTarget.value)}>
            <option value="">{t('anyInstitution')}</option>
            {[...names.institutions.keys()].map((id) => (
              <option key={id} value={id}>
                {institutionName(id, names)}
              </option>
            ))}
          </select>
        </label>
        {states.length > 0 && (
          <label>
            <span>{t('state')}</span>
            <select value={wanted.state} onChange={(e) => change('state', e.currentTarget.value)}>
              <option value="">{t('anyState')}</option>
              {states.map((state) => (
                <option key={state} value={state}>
                  {word('state', state)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <Read of={records}>
        {(read) =>
          read.records.length === 0 ? (
            <p class="quiet">{t('noRecords')}</p>
          ) : (
            <>
              <table class="stack">
                <caption class="unseen">{t('records')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('title')}</th>
                    <th scope="col">{t('institution')}</th>
                    <th scope="col">{t('occurred')}</th>
                    <th scope="col">{t('state')}</th>
                    <th scope="col">{t('standing')}</th>
                    <th scope="col">{t('awaits')}</th>
                  </tr>
                </thead>
                <tbody>
                  {read.records.map((record) => (
                    <tr key={record.id}>
                      <th scope="row">
                        <a href={to(['record', record.id])}>
                          {record.title ?? typeTitle(record.type, names)}
                        </a>
                        <small class="under quiet">
                          {record.title && `${typeTitle(record.type, names)} · `}
                          <span class="mono">{record.id.slice(0, 8)}</span>
                        </small>
                      </th>
                      <td data-label={t('institution')}>
                        <Institution id={record.issuer} names={names} />
                      </td>
                      <td data-label={t('occurred')} class="date">
                        {record.occurred_on}
                      </td>
                      <td data-label={t('state')}>{word('state', record.state)}</td>
                      <td data-label={t('standing')}>
                        <Standing of={record.standing} />
                      </td>
                      <td data-label={t('awaits')} class="quiet">
                        {list(record.missing.map((id) => institutionName(id, names))) || '—'}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <p class="line">
                {wanted.from && (
                  <a href={to(['records'], { ...wanted, from: '' })}>{t('firstPage')}</a>
                )}
                {read.next && (
                  <a href={to(['records'], { ...wanted, from: read.next })}>{t('nextPage')}</a>
                )}
              </p>
            </>
          )
        }
      </Read>
    </Page>
  );
}

function ById() {
  const [text, setText] = useState('');
  const [bad, setBad] = useState(false);
  const look = async (event: Event) => {
    event.preventDefault();
    const id = text.trim().toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(id)) {
      setBad(true);
      return;
    }
    setBad(false);
    const isRecord = await ask(`/v1/records/${id}`).then(
      () => true,
      () => false,
    );
    go([isRecord ? 'record' : 'event', id]);
  };
  return (
    <form class="by-id" onSubmit={look}>
      <label>
        <span>{t('searchId')}</span>
        <input type="search" value={text} spellcheck={false} autocomplete="off"
          placeholder={t('searchIdHint')} aria-invalid={bad}
          aria-describedby={bad ? 'bad-id' : undefined}
          onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <button type="submit">{t('search')}</button>
      {bad && (
        <span id="bad-id" class="bad-text" role="alert">
          {t('badId')}
        </span>
      )}
    </form>
  );
}
