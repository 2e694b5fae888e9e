// What was signed in this browser and is not witnessed yet: shown wherever one signs.

import { useState } from 'preact/hooks';
import { useNames, type Names } from './api';
import { t, titled } from './language';
import { forget, parcels, type Parcel } from './outbox';
import { Section } from './parts';
import { Delivery } from './signing';

/// "Visit + Placement × 500"
function titlesOf(parcel: Parcel, names: Names): string {
  return [...new Set(parcel.types)]
    .map((type) => {
      const count = parcel.types.filter((one) => one === type).length;
      return titled(names.types.get(type)?.title, type) + (count > 1 ? ` × ${count}` : '');
    })
    .join(' + ');
}

export function Outgoing() {
  const names = useNames();
  const [waiting, setWaiting] = useState<Parcel[]>(parcels);
  const [sending, setSending] = useState('');
  if (waiting.length === 0) return null;
  return (
    <Section title={t('outgoing')} note={t('outgoingHint')}>
      {waiting.map((parcel) =>
        sending === parcel.id ? (
          <Delivery key={parcel.id} parcel={parcel} names={names} />
        ) : (
          <p class="line" key={parcel.id}>
            <span>{titlesOf(parcel, names)}</span>
            <button type="button" onClick={() => setSending(parcel.id)}>
              {t('sendAgain')}
            </button>
            <button type="button" class="plain" disabled={!parcel.receipt}
              title={parcel.receipt ? undefined : t('notYetStored')}
              onClick={() => {
                forget(parcel.id);
                setWaiting(parcels());
              }}>
              {t('clear')}
            </button>
          </p>
        ),
      )}
    </Section>
  );
}
