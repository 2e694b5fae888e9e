// One event: what its author signed, where it stands, and the proof of it.

import { useEffect, useState } from 'preact/hooks';
import { ask, askText, useAsked, useNames, type ListedEvent } from '../api';
import { Fields } from '../fields';
import { bytes, number, t, word } from '../language';
import {
  Badge,
  Copyable,
  Institution,
  Page,
  Read,
  Section,
  Short,
  typeTitle,
  When,
} from '../parts';
import { pathHolds, readProof, withEnvelope, type Proof } from '../proof';
import { to } from '../route';

export function EventPage(props: { id: string }) {
  const names = useNames();
  const path = `/v1/events/${encodeURIComponent(props.id)}`;
  const event = useAsked<ListedEvent>(path, ask);
  const said = event.data?.event;
  const record = said?.record ?? props.id;
  return (
    <Page
      title={said ? typeTitle(said.type, names) : t('event')}
      lead={
        said && (
          <>
            <Institution id={said.issuer} names={names} /> · {said.occurred_on}
          </>
        )
      }
      path={
        <>
          <a href={to(['records'])}>{t('records')}</a>
          {said && (
            <a href={to(['record', record])}>
              {t('record')} <Short hex={record} />
            </a>
          )}
        </>
      }
    >
      <Read of={event}>
        {(read) => (
          <>
            <div class="columns">
              <Section title={t('signedEvent')}>
                {read.event ? <Fields event={read.event} names={names} /> : null}
              </Section>
              <Section title={t('place')}>
                <dl class="facts">
                  <dt>{t('eventId')}</dt>
                  <dd>
                    <Copyable text={read.id} what={t('eventId')} />
                  </dd>
                  <dt>{t('log')}</dt>
                  <dd class="mono">{read.log}</dd>
                  <dt>{t('leafIndex')}</dt>
                  <dd>{number(read.index)}</dd>
                  <dt>{t('createdAt')}</dt>
                  <dd>
                    <When at={read.event?.created_at} />
                  </dd>
                  <dt>{t('recordedBy')}</dt>
                  <dd>
                    <When at={read.recorded_by} />
                  </dd>
                  {read.event?.visibility && (
                    <>
                      <dt>{t('visibility')}</dt>
                      <dd>{word('visibility', read.event.visibility)}</dd>
                    </>
                  )}
                  {read.envelope && (
                    <>
                      <dt>{t('envelopeSize')}</dt>
                      <dd>{bytes(Math.floor((read.envelope.length * 3) / 4))}</dd>
                    </>
                  )}
                </dl>
              </Section>
            </div>
            <ProofSection event={read} path={`${path}/proof`} />
          </>
        )}
      </Read>
    </Page>
  );
}

function ProofSection(props: { event: ListedEvent; path: string }) {
  const text = useAsked<string>(props.path, askText);
  return (
    <Section title={t('proof')} note={t('proofHint')}>
      <Read of={text}>
        {(read) => {
          const proof = readProof(read);
          return (
            <div class="proof">
              {proof && <ProofFacts proof={proof} envelope={props.event.envelope ?? ''} />}
              <p class="line">
                <Receipt text={withEnvelope(read, props.event.envelope ?? '')}
                  name={`${props.event.id.slice(0, 16)}.tlog-proof`} />
                <span class="quiet">{t('signaturesUnchecked')}</span>
                <a href={to(['verify'])}>{t('verify')}</a>
              </p>
            </div>
          );
        }}
      </Read>
    </Section>
  );
}

/// The receipt to keep: proof and event in one file.
function Receipt(props: { text: string; name: string }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([props.text], { type: 'text/plain' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [props.text]);
  return (
    <a class="button" href={address} download={props.name}>
      {t('saveProof')}
    </a>
  );
}

function ProofFacts(props: { proof: Proof; envelope: string }) {
  const { proof } = props;
  const holds = useAsked<{ holds: boolean | undefined }>(
    `${proof.root} ${proof.index} ${props.envelope.length}`,
    async () => ({ holds: await pathHolds(proof, props.envelope).catch(() => false) }),
  ).data;
  return (
    <>
      <p class="recomputed" role="status">
        {!holds && <span class="quiet">{t('checking')}</span>}
        {holds?.holds === true && <Badge tone="good">{t('pathHolds')}</Badge>}
        {holds?.holds === false && <Badge tone="bad">{t('pathFails')}</Badge>}
        {holds && holds.holds === undefined && <Badge tone="calm">{t('pathUnchecked')}</Badge>}
      </p>
      <dl class="facts">
        <dt>{t('leafIndex')}</dt>
        <dd>{number(proof.index)}</dd>
        <dt>{t('checkpoint')}</dt>
        <dd>
          <span class="mono">{proof.origin}</span>
          <span class="quiet">
            {' · '}
            {t('treeSize')} {number(proof.size)}
          </span>
        </dd>
        <dt>{t('root')}</dt>
        <dd>
          <code class="hash whole">{proof.root}</code>
        </dd>
        <dt>{t('cosignedBy')}</dt>
        <dd>
          <ul class="values">
            {proof.signatures.map((signature) => (
              <li key={signature.name}>
                <span class="mono">{signature.name}</span>{' '}
                <span class="quiet">
                  {signature.at ? <When at={signature.at} /> : t('signedBy')}
                </span>
              </li>
            ))}
          </ul>
        </dd>
        <dt>{t('inclusion')}</dt>
        <dd>
          <details>
            <summary>{t('inclusionCount', { count: proof.hashes.length })}</summary>
            <ol class="hashes">
              {proof.hashes.map((hash) => (
                <li key={hash}>
                  <code class="hash whole">{hash}</code>
                </li>
              ))}
            </ol>
          </details>
        </dd>
      </dl>
    </>
  );
}
