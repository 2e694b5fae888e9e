// What was signed in this browser and is not witnessed yet: shown wherever one signs.

import { useState } from 'preact/hooks';
import { useNames } from './api';
import { t, titled } from './language';
import { forget, parcels, type Parcel } from './outbox';
import { Section } from './parts';
import { Delivery } from './signing';

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
            <span>{parcel.types.map((type) => titled(names.types.get(type)?.title, type)).join(' + ')}</span>
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
