// How something will count, in plain words, before it is signed.

import { useAsked, type FullRecord, type Names } from '../api';
import { seenBy, type MayMove, type Seen } from '../effects';
import type { EventJson } from '../hefu';
import { list, t, titled, word } from '../language';
import { GradeTag, institutionName } from '../parts';

const kShownMax = 12;

/// Of a new record: whose word it needs, and which indicators look at records like it.
export function Effects(props: {
  moves: readonly MayMove[];
  needs: readonly string[];
  event: EventJson;
  member: string;
  names: Names;
}) {
  const { moves, needs, event, member, names } = props;
  const asked = needs
    .flatMap((field) => {
      const value = event.fields?.[field];
      return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
    })
    .filter((party) => party.split('/', 1)[0] !== member);
  return (
    <section class="effects">
      <h2>{t('willCount')}</h2>
      <p>
        {needs.length === 0
          ? t('countsAlone')
          : asked.length > 0
            ? t('countsOnceConfirmed', { parties: list(asked.map((id) => institutionName(id, names))) })
            : t('countsOnceOthers')}
      </p>
      {moves.length === 0 ? (
        <p class="quiet">{t('movesNothing')}</p>
      ) : (
        <>
          <p class="quiet">{t('mayMove', { count: moves.length })}</p>
          <ul class="moves">
            {moves.slice(0, kShownMax).map((one) => (
              <li key={`${one.pack} ${one.indicator}`}>
                <GradeTag grade={one.evidence} /> {titled(one.title, one.indicator)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/// Of a record that is there: where it counts, and where it waits for the signature.
export function CountsNow(props: { record: FullRecord }) {
  const { record } = props;
  const programmes = record.event.programmes ?? [];
  const year = record.event.occurred_on.slice(0, 4);
  const seen = useAsked<Seen[]>(
    programmes.length > 0 ? `seen ${record.id} ${year} ${programmes.join()}` : null,
    async () => (await Promise.all(programmes.map((pack) => seenBy(record.id, pack, year)))).flat(),
  ).data;
  if (programmes.length === 0) return <p class="quiet">{t('movesNothing')}</p>;
  if (!seen) {
    return (
      <p class="loading" role="status">
        {t('loading')}
      </p>
    );
  }
  const waits = seen.filter((one) => one.reason !== '');
  const counts = seen.filter((one) => one.reason === '');
  return (
    <div class="effects">
      {waits.length > 0 && (
        <>
          <p>{t('waitsFor', { year, count: waits.length })}</p>
          <ul class="moves">
            {waits.slice(0, kShownMax).map((one) => (
              <li key={one.indicator}>
                {titled(one.title, one.indicator)} <span class="quiet">{one.shown}</span>{' '}
                <span class="quiet">({word('leftOut', one.reason)})</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {counts.length > 0 && (
        <p class="quiet">
          {t('countsAlready', { titles: list(counts.map((one) => titled(one.title, one.indicator))) })}
        </p>
      )}
      {seen.length === 0 && <p class="quiet">{t('countsNowhere', { year })}</p>}
    </div>
  );
}
