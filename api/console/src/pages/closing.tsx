// How far the figures of a period are vouched for and closed: cuts, the chain of approvals from the
// departments up, statements and what was decided on them, vintages; and what is ours to do.

import { useState } from 'preact/hooks';
import {
  ask,
  at,
  useAsked,
  type ClosingAt,
  type Closings,
  type ClosingUnit,
  type CutNow,
  type Names,
  type ProposedCut,
  type Statement,
} from '../api';
import type { EventJson } from '../hefu';
import { list, t, word } from '../language';
import { Badge, institutionName, Read, Section, Short, type Tone, When } from '../parts';
import { to } from '../route';
import { prepare, Refused, Signing } from '../signing';
import { writtenDate } from '../typed';
import {
  approvalOf,
  closingOf,
  cosignatureOf,
  decisionOn,
  proposalOf,
  statementOf,
  withdrawalOf,
} from './closing_acts';

interface Job {
  act: string;
  event: EventJson;
}

/// What every part of the section needs.
interface Desk {
  closings: Closings;
  names: Names;
  self: string;
  begin: (job: Job) => void;
}

// What others sign, and what of ours still waits to be witnessed, comes while the page is open.
const kEveryMs = 10_000;

export function PeriodClosing(props: { pack: string; period: string; names: Names; self: string }) {
  const { pack, period, names, self } = props;
  const [chosen, setChosen] = useState('');
  const [job, setJob] = useState<Job>();
  const plain = useAsked<Closings>(at('/v1/closings', { pack, period }), ask, kEveryMs);
  const standing = (plain.data?.cuts ?? []).filter((cut) => cut.status === 'stands');
  const proposal = chosen || standing.at(-1)?.event || '';
  const full = useAsked<Closings>(
    proposal ? at('/v1/closings', { pack, period, proposal, node: self }) : null,
    ask,
    kEveryMs,
  );
  const again = () => {
    setJob(undefined);
    plain.again();
    full.again();
  };
  return (
    <Section title={t('closing')} note={t('closingNote')}>
      {job ? (
        <Signing names={names} act={job.act} back={again} make={() => prepare(self, [job.event])} />
      ) : (
        <Read of={plain}>
          {(read) => {
            const desk: Desk = { closings: full.data ?? read, names, self, begin: setJob };
            return (
              <>
                <Vintages of={read} names={names} />
                <Cuts cuts={standing} chosen={proposal} choose={setChosen} desk={desk} />
                {proposal && (
                  <Read of={full}>{({ at: there }) => there ? <AtCut at={there} desk={desk} /> : null}</Read>
                )}
                <Statements desk={desk} />
              </>
            );
          }}
        </Read>
      )}
    </Section>
  );
}

function Vintages(props: { of: Closings; names: Names }) {
  const { of, names } = props;
  const standing = of.closings.filter((one) => one.status === 'stands');
  if (standing.length === 0) {
    return (
      <p>
        <Badge tone="calm">{t('notClosed')}</Badge> <span class="quiet">{t('notClosedHint')}</span>
      </p>
    );
  }
  return (
    <ul class="rows">
      {standing.map((one) => (
        <li key={one.event}>
          <Badge tone="good">{t('vintage', { vintage: one.vintage })}</Badge>
          <span class="grow">
            <a href={to(['event', one.event])}>
              {t('closedBy', { by: institutionName(one.by, names), on: one.on })}
            </a>
            {one.reason && <span class="under quiet text">{one.reason}</span>}
          </span>
          <span class="quiet">
            {t(one.reproduced === false ? 'notReproduced' : one.reproduced ? 'reproducedHere' : 'notRecomputed')}
          </span>
        </li>
      ))}
    </ul>
  );
}

// ---- The cut

function Cuts(props: {
  cuts: ProposedCut[];
  chosen: string;
  choose: (event: string) => void;
  desk: Desk;
}) {
  const { cuts, desk } = props;
  const cut = cuts.find((one) => one.event === props.chosen);
  if (!cut) {
    return (
      <div class="notice">
        <strong>{t('noCut')}</strong>
        <p class="quiet">{t('noCutHint')}</p>
        <Propose desk={desk} />
      </div>
    );
  }
  const signed = Object.keys(cut.cosigned);
  const ours = desk.self === cut.by || signed.includes(desk.self);
  return (
    <div class="line cut-line">
      {cuts.length > 1 ? (
        <label>
          <span class="quiet">{t('cut')}</span>{' '}
          <select value={props.chosen} onChange={(e) => props.choose(e.currentTarget.value)}>
            {cuts.map((one) => (
              <option key={one.event} value={one.event}>
                {t('asOf', { date: one.as_of })} · {one.event.slice(0, 12)}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <span>
          {t('cut')} {t('asOf', { date: cut.as_of })} <Short hex={cut.event} />
        </span>
      )}
      <span>{t('proposedBy', { by: institutionName(cut.by, desk.names), on: cut.on })}</span>
      <Badge tone={signed.length >= cut.quorum ? 'good' : 'warn'}>
        {t('cosignedOf', { count: signed.length, quorum: cut.quorum })}
      </Badge>
      {cut.missing.length > 0 && (
        <span class="bad-text">{t('missingLogs', { logs: list(cut.missing) })}</span>
      )}
      {!ours && <Cosign cut={cut} desk={desk} />}
      <Propose desk={desk} />
    </div>
  );
}

/// The authority fixes how far each log is read: as its node reads them now.
function Propose(props: { desk: Desk }) {
  const { closings, self, begin } = props.desk;
  const [asked, setAsked] = useState(false);
  const [asOf, setAsOf] = useState(() => lastDayOf(closings.period));
  const [error, setError] = useState<unknown>();
  if (self !== closings.authority) return null;
  if (!asked) {
    return (
      <button type="button" onClick={() => setAsked(true)}>
        {t('proposeCut')}
      </button>
    );
  }
  const date = writtenDate(asOf);
  const fits = date !== undefined && date <= today();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!date || !fits) return;
    setError(undefined);
    try {
      const [now, { packs }] = await Promise.all([
        ask<CutNow>('/v1/cut'),
        ask<{ packs: { id: string; digest: string }[] }>('/v1/packs'),
      ]);
      const digest = packs.filter((one) => one.id === closings.pack).at(-1)?.digest ?? '';
      begin({ act: t('proposeCut'), event: proposalOf(closings.pack, digest, date, now) });
    } catch (why) {
      setError(why);
    }
  };
  return (
    <form class="line propose" onSubmit={(event) => void submit(event)}>
      <label>
        <span class="quiet">{t('cutAsOf')}</span>{' '}
        <input type="text" class="in-date" value={asOf} aria-invalid={!fits} autocomplete="off"
          onInput={(event) => setAsOf(event.currentTarget.value)} />
      </label>
      <button type="submit" class="first" disabled={!fits}>
        {t('review')}
      </button>
      <button type="button" onClick={() => setAsked(false)}>
        {t('back')}
      </button>
      {error !== undefined && <Refused error={error} />}
    </form>
  );
}

/// The last day of a year, or today where that is yet to come.
function lastDayOf(period: string): string {
  const last = `${period.slice(0, 4)}-12-31`;
  return /^\d{4}$/.test(period) && last < today() ? last : today();
}

/// A cosignature says that our node holds the same logs: it is asked first.
function Cosign(props: { cut: ProposedCut; desk: Desk }) {
  const same = useAsked<{ same_here: boolean }>(`/v1/cuts/${props.cut.event}`, ask);
  if (same.data?.same_here === false) return <span class="bad-text">{t('otherLogsHere')}</span>;
  return (
    <button type="button" disabled={!same.data}
      onClick={() => props.desk.begin({ act: t('cosignCut'), event: cosignatureOf(props.cut) })}>
      {t('cosignCut')}
    </button>
  );
}

// ---- The chain of approvals

const kLevels = ['accept', 'approve', 'confirm'];

/// From the top down, each unit behind the one it belongs to.
function chain(units: readonly ClosingUnit[]): { unit: ClosingUnit; depth: number }[] {
  const out: { unit: ClosingUnit; depth: number }[] = [];
  const add = (parent: string | null, depth: number) => {
    for (const unit of units) {
      if (unit.unit === null ? depth > 0 : depth === 0 || (unit.parent ?? null) !== parent) continue;
      out.push({ unit, depth });
      if (depth < kLevels.length + 2) add(unit.unit, depth + 1);
    }
  };
  add(null, 0);
  return out;
}

function unitName(unit: string | null, names: Names): string {
  if (unit === null) return t('wholeProgramme');
  const [, department] = unit.split('/', 2);
  const name = institutionName(unit, names);
  return department && !name.endsWith(`/${department}`) ? `${name} · ${department}` : name;
}

function unitTone(unit: ClosingUnit): Tone {
  if (unit.approval) return 'good';
  return unit.waits_for.length === 0 ? 'warn' : 'calm';
}

function AtCut(props: { at: ClosingAt; desk: Desk }) {
  const { at: there, desk } = props;
  const { names, self, closings } = desk;
  const scope = { pack: closings.pack, period: closings.period };
  return (
    <>
      {there.violated.length > 0 && (
        <div class="notice bad" role="alert">
          <strong>{t('assertionsBroken')}</strong>
          <ul class="plain-list">
            {there.violated.map((one) => (
              <li key={one.id}>
                <code>{one.id}</code> {one.detail}
              </li>
            ))}
          </ul>
        </div>
      )}
      <table class="stack chain">
        <caption class="unseen">{t('approvals')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('unit')}</th>
            <th scope="col">{t('approvalLevel')}</th>
            <th scope="col">{t('status')}</th>
            <th scope="col">{t('ourTurn')}</th>
          </tr>
        </thead>
        <tbody>
          {chain(there.units).map(({ unit, depth }) => (
            <tr key={unit.unit ?? ''}>
              <th scope="row" class={`depth-${Math.min(depth, 5)}`}>
                {unitName(unit.unit, names)}
              </th>
              <td data-label={t('approvalLevel')}>{word('approvalLevel', unit.level)}</td>
              <td data-label={t('status')}>
                <Badge tone={unitTone(unit)}>
                  {t(unit.approval ? 'approved' : unit.waits_for.length === 0 ? 'ready' : 'waits')}
                </Badge>
                {!unit.approval && (
                  <small class="under">
                    {unit.waits_for.length === 0
                      ? t('readyToApprove', { by: institutionName(unit.speaker, names) })
                      : t('waitsForBelow', {
                          units: list(unit.waits_for.map((one) => unitName(one, names))),
                        })}
                  </small>
                )}
                {unit.approval && (
                  <small class="under">
                    <a href={to(['event', unit.approval])}>{t('approvalEvent')}</a>
                  </small>
                )}
              </td>
              <td data-label={t('ourTurn')}>
                {unit.speaker === self && (
                  <UnitActs unit={unit} at={there} desk={desk} scope={scope} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <NextClosing at={there} desk={desk} />
    </>
  );
}

function UnitActs(props: {
  unit: ClosingUnit;
  at: ClosingAt;
  desk: Desk;
  scope: { pack: string; period: string };
}) {
  const { unit, at: there, desk, scope } = props;
  const stated = desk.closings.statements.some(
    (one) =>
      one.by === unit.unit && one.proposal === there.proposal &&
      (one.status === 'stands' || one.status === 'waiting'),
  );
  const act = word('approvalAct', unit.level);
  return (
    <span class="actions">
      {!unit.approval && unit.waits_for.length === 0 && there.violated.length === 0 && (
        <button type="button" class="first"
          onClick={() => desk.begin({ act, event: approvalOf(scope, there, unit) })}>
          {act}
        </button>
      )}
      {unit.unit === desk.self && !stated && (
        <button type="button"
          onClick={() => desk.begin({ act: t('signStatement'), event: statementOf(scope, there, unit) })}>
          {t('signStatement')}
        </button>
      )}
      {unit.approval && (
        <WithReason button={t('withdrawApproval')}
          done={(reason) =>
            desk.begin({ act: t('withdrawApproval'), event: withdrawalOf(unit.approval ?? '', reason) })
          } />
      )}
    </span>
  );
}

/// The authority's: freezing the figures, as one more vintage.
function NextClosing(props: { at: ClosingAt; desk: Desk }) {
  const { at: there, desk } = props;
  const { next } = there;
  const late = today() >= next.earliest;
  const mine = desk.closings.authority === desk.self;
  return (
    <p class="line">
      <span class="grow">
        {t('nextVintage', { vintage: next.vintage })}{' '}
        <span class="quiet">
          {t('closesFrom', { date: next.earliest })}
          {next.refusal && ` · ${next.refusal}`}
        </span>
      </span>
      {mine && !next.refusal && late && (
        next.previous ? (
          <WithReason button={t('closeAgain')}
            done={(reason) =>
              desk.begin({ act: t('closePeriod'), event: closingOf(desk.closings, there, reason) })
            } />
        ) : (
          <button type="button"
            onClick={() =>
              desk.begin({ act: t('closePeriod'), event: closingOf(desk.closings, there, '') })
            }>
            {t('closePeriod')}
          </button>
        )
      )}
    </p>
  );
}

/// Today, on the ledger's calendar (+08:00).
function today(): string {
  return new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
}

// ---- Statements

function Statements(props: { desk: Desk }) {
  const { desk } = props;
  const { closings, names, self } = desk;
  if (closings.statements.length === 0) return null;
  return (
    <>
      <h3>{t('statements')}</h3>
      <ul class="rows items">
        {closings.statements.map((one) => (
          <li key={one.event}>
            <div class="grow">
              <a href={to(['event', one.event])}>
                {t('statedBy', { by: institutionName(one.by, names), on: one.on })}
              </a>{' '}
              <Badge tone={one.reproduced === false ? 'bad' : one.reproduced ? 'good' : 'calm'}>
                {t(one.reproduced === false ? 'notReproduced' : one.reproduced ? 'reproducedHere' : 'notRecomputed')}
              </Badge>
              {one.status !== 'stands' && (
                <span class="under bad-text">
                  {word('closingStatus', one.status)}
                  {one.why && ` · ${one.why}`}
                </span>
              )}
              {one.decisions.map((made) => (
                <span class="under quiet" key={made.event}>
                  {word('statementVerdict', made.verdict)} · <When at={made.recorded_by} />
                  {made.reason && ` · ${made.reason}`}
                </span>
              ))}
            </div>
            {closings.authority === self && !one.decision && one.status === 'stands' && (
              <Decide statement={one} desk={desk} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/// The authority decides on figures that its own node computed at the statement's cut.
function Decide(props: { statement: Statement; desk: Desk }) {
  const { statement, desk } = props;
  const there = desk.closings.at;
  const own = there?.units.find((unit) => unit.unit === statement.by);
  if (!there || there.proposal !== statement.proposal || !own) {
    return <span class="quiet">{t('chooseItsCut')}</span>;
  }
  const decide = (verdict: string, reason: string) =>
    desk.begin({
      act: word('statementAct', verdict),
      event: decisionOn(statement, own.figures, verdict, reason),
    });
  return (
    <span class="actions">
      {own.figures === statement.figures && (
        <button type="button" class="first" onClick={() => decide('accepted', '')}>
          {word('statementAct', 'accepted')}
        </button>
      )}
      <WithReason button={word('statementAct', 'returned')}
        done={(reason) => decide('returned', reason)} />
    </span>
  );
}

/// A button that asks for a reason before it acts.
function WithReason(props: { button: string; done: (reason: string) => void }) {
  const [reason, setReason] = useState<string>();
  if (reason === undefined) {
    return (
      <button type="button" onClick={() => setReason('')}>
        {props.button}
      </button>
    );
  }
  return (
    <form class="beside" onSubmit={(event) => {
      event.preventDefault();
      if (reason.trim() !== '') props.done(reason.trim());
    }}>
      <input type="text" aria-label={t('reason')} placeholder={t('reason')} value={reason} required
        onInput={(event) => setReason(event.currentTarget.value)} />
      <button type="submit" disabled={reason.trim() === ''}>
        {props.button}
      </button>
    </form>
  );
}
