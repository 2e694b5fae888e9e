// What my institution may do about an agreement, here and now: sign, decline, give notice, renew.

import { useState } from 'preact/hooks';
import { askOnce, useAsked, type FullAgreement, type FullRecord, type Names, type Status } from '../api';
import type { EventJson } from '../hefu';
import { t } from '../language';
import { Section } from '../parts';
import { to } from '../route';
import { prepare, Signing } from '../signing';
import type { Word } from '../texts';
import { writtenDate } from '../typed';
import { declineOf, nonRenewalOf, signatureOn, terminationOf } from './acts';
import { CountsNow } from './effects';
import { today } from './new';

type Version = FullAgreement['versions'][number];
type Form = 'decline' | 'terminate' | 'non-renewal';

const kForms: Record<Form, { button: Word; act: Word }> = {
  decline: { button: 'declineVersion', act: 'refuseNow' },
  terminate: { button: 'giveNotice', act: 'noticeNow' },
  'non-renewal': { button: 'stopRenewal', act: 'noticeNow' },
};

export function AgreementActs(props: {
  agreement: FullAgreement;
  record: FullRecord | undefined;
  names: Names;
  changed: () => void;
}) {
  const { agreement, names } = props;
  const [form, setForm] = useState<Form>();
  const [job, setJob] = useState<{ act: Word; event: EventJson }>();
  const member = useAsked<Status>('/v1/status', askOnce<Status>).data?.member;
  const number = (version: Version) => agreement.versions.indexOf(version) + 1;
  const open = agreement.versions.filter(
    (version) =>
      version.verdict === 'open' &&
      version.signatures.some((one) => one.party === member && !one.signed),
  );
  const effective = agreement.versions.filter((version) => version.verdict === 'effective').at(-1);
  const bound = effective?.signers.includes(member ?? '') ? effective : undefined;
  if (!member || (open.length === 0 && !bound)) return null;
  const close = () => {
    setJob(undefined);
    setForm(undefined);
    props.changed();
  };
  if (job) {
    return (
      <Section title={t('ourTurn')}>
        <Signing names={names} act={t(job.act)} back={close}
          make={() => prepare(member, [job.event])}
          more={
            job.event.type === 'agreement-signature' && props.record ? (
              <section class="effects">
                <h2>{t('willCount')}</h2>
                <CountsNow record={props.record} />
              </section>
            ) : undefined
          } />
      </Section>
    );
  }
  const ended = bound?.phase?.state === 'ended';
  const target = form === 'decline' ? open.at(-1) : bound;
  return (
    <Section title={t('ourTurn')}>
      {open.map((version) => (
        <p class="line" key={version.id}>
          <span class="grow">
            {t('plainVersion', { number: number(version), by: version.sign_by })}
          </span>
          <button type="button" class="first"
            onClick={() =>
              setJob({ act: 'signNow', event: signatureOn(agreement, version.id, member) })
            }>
            {t('signVersion', { number: number(version) })}
          </button>
          <Toggle form="decline" now={form} set={setForm} />
        </p>
      ))}
      {bound && (
        <p class="line">
          {!ended && <Toggle form="terminate" now={form} set={setForm} />}
          {!ended && bound.renews_itself && <Toggle form="non-renewal" now={form} set={setForm} />}
          <a class="button" href={to(['new', 'collaboration-agreement'], { renew: agreement.id })}>
            {t('renew')}
          </a>
        </p>
      )}
      {form && target && (
        <ActForm key={form} form={form} days={target.notice_days}
          done={(reason, day) =>
            setJob({ act: kForms[form].act, event: eventOf(form, agreement.id, target.id, reason, day) })
          } />
      )}
    </Section>
  );
}

function Toggle(props: { form: Form; now: Form | undefined; set: (form: Form | undefined) => void }) {
  const shown = props.now === props.form;
  return (
    <button type="button" aria-expanded={shown} onClick={() => props.set(shown ? undefined : props.form)}>
      {t(kForms[props.form].button)}
    </button>
  );
}

function eventOf(form: Form, agreement: string, version: string, reason: string, day: string): EventJson {
  if (form === 'decline') return declineOf(agreement, version, reason);
  if (form === 'terminate') return terminationOf(agreement, version, day, reason);
  return nonRenewalOf(agreement, version, reason);
}

function ActForm(props: { form: Form; days: number; done: (reason: string, day: string) => void }) {
  const [reason, setReason] = useState('');
  const [day, setDay] = useState(() => today(props.days));
  const dated = props.form === 'terminate';
  const written = writtenDate(day);
  const submit = (event: Event) => {
    event.preventDefault();
    if (reason.trim() !== '' && (!dated || written)) props.done(reason.trim(), written ?? '');
  };
  return (
    <form class="form narrow" onSubmit={submit}>
      {dated && (
        <div class="field">
          <label for="effective-on">{t('lastDayNotice')}</label>
          <div class="answer">
            <input id="effective-on" type="text" class="in-date" value={day} aria-invalid={!written}
              aria-describedby="effective-hint" onInput={(event) => setDay(event.currentTarget.value)} />
            <p class={written ? 'hint' : 'wrong'} id="effective-hint">
              {written ? t('noticeHint', { days: props.days }) : t('wrongCell', { found: day, expected: t('expectDate') })}
            </p>
          </div>
        </div>
      )}
      <div class="field">
        <label for="act-reason">{t('reason')}</label>
        <div class="answer">
          <textarea id="act-reason" rows={2} required value={reason}
            onInput={(event) => setReason(event.currentTarget.value)} />
          <p class="hint">{t('reasonHint')}</p>
        </div>
      </div>
      <button type="submit" disabled={reason.trim() === '' || (dated && !written)}>
        {t('review')}
      </button>
    </form>
  );
}
