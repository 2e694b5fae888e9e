// One agreement: its versions, who has signed each, what it is now, and every act.

import { ask, useAsked, useNames, type FullAgreement, type FullRecord } from '../api';
import { list, t, word } from '../language';
import {
  Badge,
  Institution,
  institutionName,
  Page,
  Read,
  Section,
  Short,
  When,
} from '../parts';
import { to } from '../route';
import { AgreementActs } from './agreement_acts';
import { agreementTone, stateWord } from './agreements';
import { Compare } from './compare';
import { recordTitle } from './indicator';

function State(props: { of: FullAgreement }) {
  const effective = props.of.versions.filter((version) => version.verdict === 'effective').at(-1);
  const state = stateWord({ state: props.of.state, phase: effective?.phase });
  return (
    <>
      <Badge tone={state.tone}>{state.text}</Badge>
      {effective?.term?.last && <span>{t('endsOn', { date: effective.term.last })}</span>}
    </>
  );
}

export function AgreementPage(props: { id: string }) {
  const names = useNames();
  const agreement = useAsked<FullAgreement>(`/v1/agreements/${encodeURIComponent(props.id)}`, ask);
  const record = useAsked<FullRecord>(`/v1/records/${encodeURIComponent(props.id)}`, ask).data;
  return (
    <Page
      title={record ? recordTitle(record, names) : t('agreement')}
      path={<a href={to(['agreements'])}>{t('agreements')}</a>}
      lead={
        agreement.data &&
        list((agreement.data.versions.at(-1)?.parties ?? []).map((id) => institutionName(id, names)))
      }
    >
      <Read of={agreement}>
        {(read) => (
          <>
            <p class="line">
              <State of={read} />
              <a href={to(['record', read.id])}>
                {t('record')} <Short hex={read.id} />
              </a>
            </p>
            {read.contests.map((contest) => (
              <p key={contest.id} class={`notice ${contest.open ? 'bad' : ''}`}>
                <strong>
                  {t('contests')}
                  {contest.open && ` (${t('disputeOpen')})`}
                </strong>{' '}
                {institutionName(contest.party, names)}
                {' — '}
                {contest.claim}
              </p>
            ))}
            <AgreementActs agreement={read} record={record} names={names} changed={agreement.again} />
            {[...read.versions].reverse().map((version, i) => (
              <Section
                key={version.id}
                title={t('versionNumber', { number: read.versions.length - i })}
                note={
                  <Badge tone={agreementTone(version.verdict)}>
                    {word('state', version.verdict)}
                  </Badge>
                }
              >
                <div class="columns">
                  <dl class="facts">
                    <dt>{t('proposer')}</dt>
                    <dd>
                      <Institution id={version.proposer} names={names} />
                    </dd>
                    <dt>{t('validity')}</dt>
                    <dd>
                      {version.valid_from} — {version.valid_to ?? t('openEnded')}
                      {version.renews_itself && <span class="quiet"> · {t('renewsItself')}</span>}
                    </dd>
                    {version.phase && (
                      <>
                        <dt>{t('agreementNow', { date: version.phase.on })}</dt>
                        <dd>
                          {word('phase', version.phase.state)}
                          {version.term?.last && (
                            <span class="quiet"> · {t('endsOn', { date: version.term.last })}</span>
                          )}
                        </dd>
                      </>
                    )}
                    <dt>{t('signBy')}</dt>
                    <dd>{version.sign_by}</dd>
                    <dt>{t('arbiter')}</dt>
                    <dd>
                      <Institution id={version.arbiter} names={names} />
                    </dd>
                    <dt>{t('version')}</dt>
                    <dd>
                      <a href={to(['event', version.id])}>
                        <Short hex={version.id} />
                      </a>
                      <span class="quiet"> · {t('noticeDays', { days: version.notice_days })}</span>
                    </dd>
                  </dl>
                  <ul class="rows">
                    {version.signatures.map((signature) => (
                      <li key={signature.party}>
                        <Badge tone={signature.status === 'counts' ? 'good' : 'warn'}>
                          {signature.status === 'counts' ? t('hasSigned') : t('hasNotSigned')}
                        </Badge>
                        <span class="grow">
                          <Institution id={signature.party} names={names} />
                          {signature.reason && (
                            <small class="under quiet">{signature.reason}</small>
                          )}
                        </span>
                        {signature.signature && (
                          <a href={to(['event', signature.signature])}>
                            <When at={signature.witnessed} />
                          </a>
                        )}
                      </li>
                    ))}
                  </ul>
                </div>
              </Section>
            ))}
            <Compare agreement={read} names={names} />
            <Section title={t('acts')}>
              <table class="stack">
                <caption class="unseen">{t('acts')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('act')}</th>
                    <th scope="col">{t('party')}</th>
                    <th scope="col">{t('effect')}</th>
                    <th scope="col">{t('witnessed')}</th>
                  </tr>
                </thead>
                <tbody>
                  {[...read.acts]
                    .sort((a, b) => (a.witnessed ?? '9').localeCompare(b.witnessed ?? '9'))
                    .map((act) => (
                      <tr key={act.id}>
                        <th scope="row">
                          <a href={to(['event', act.id])}>{word('act', act.kind)}</a>
                        </th>
                        <td data-label={t('party')}>
                          <Institution id={act.party} names={names} />
                        </td>
                        <td data-label={t('effect')}>
                          {word('actStatus', act.status)}
                          {act.reason && <span class="quiet"> {act.reason}</span>}
                        </td>
                        <td data-label={t('witnessed')} class="date">
                          <When at={act.witnessed} />
                        </td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </Section>
          </>
        )}
      </Read>
    </Page>
  );
}
