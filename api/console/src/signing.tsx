// The account of what is about to be signed, the signature, and what became of it.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { askText, Refusal, type Names } from './api';
import { fieldType } from './field_type';
import { HefuError, prepareEvents, signEvents, type EventJson, type Prepared } from './hefu';
import { keyFor, rolesFor, useKeys, type Desk } from './keys';
import { current, list, moment, t, word } from './language';
import {
  deliver,
  levels,
  pack,
  receiptFile,
  together,
  type Parcel,
  type Receipt,
  type Sealed,
} from './outbox';
import { Badge, Beyond, institutionName, isBeyond, NoRight, Short, typeTitle } from './parts';
import { to } from './route';
import { choiceWord } from './typed';

/// Why something was refused, in the words of whoever refused it.
export function refused(error: unknown): { message: string; hint: string; away: boolean } {
  if (error instanceof HefuError) {
    return { message: error.message, hint: error.hint, away: error.code === 'unavailable' };
  }
  if (error instanceof Refusal) {
    const silent = error.status === 0;
    return {
      message: silent ? t('unreachable') : error.message,
      hint: silent ? t('unreachableSigned') : error.hint,
      away: false,
    };
  }
  return { message: String(error), hint: '', away: false };
}

export function Refused(props: { error: unknown; title?: string }) {
  if (props.error instanceof Refusal && props.error.right) {
    return <NoRight right={props.error.right} />;
  }
  const { message, hint, away } = refused(props.error);
  if (props.error instanceof Refusal && isBeyond(message)) return <Beyond message={message} hint={hint} />;
  return (
    <div class="notice bad" role="alert">
      <strong>{away ? t('cannotSign') : (props.title ?? t('refusedHere'))}</strong>
      <p class="text">{away ? t('noModule') : message}</p>
      {away && message && <p class="quiet text">{message}</p>}
      {hint && <p class="quiet text">{hint}</p>}
    </div>
  );
}

/// Events ready to be signed. `rest`: those that speak of the first one, whose id is known only now.
export async function prepare(
  issuer: string,
  events: readonly EventJson[],
  rest?: (first: string) => EventJson[],
): Promise<Prepared> {
  const catalogue = await askText('/v1/catalogue');
  const first = await prepareEvents({ catalogue, issuer, events: [...events] });
  const id = first.events[0]?.id;
  if (!rest || !id) return first;
  return together([first, await prepareEvents({ catalogue, issuer, events: rest(id) })]);
}

/// Which key will sign; or why none can, and where to open one.
export function Signer(props: { types: readonly string[]; names: Names }) {
  const { open } = useKeys();
  const desk = keyFor(props.types, open);
  if (desk) {
    return (
      <p class="signer">
        {t('signsAs', { member: institutionName(desk.member, props.names), role: word('role', desk.role) })}{' '}
        <span class="quiet">{desk.key.label}</span>
      </p>
    );
  }
  return (
    <div class="notice warn">
      <strong>{t('noKey')}</strong>
      <p>
        {t(open.length > 0 ? 'otherKeyNeeded' : 'keyNeeded', {
          roles: list([...new Set(props.types.flatMap(rolesFor))].map((role) => word('role', role))),
        })}{' '}
        <a href={to(['key'])}>{t('openKey')}</a>
      </p>
    </div>
  );
}

/// A value of an account: codes of institutions and ids of events with what they are known by.
function Said(props: { value: string; type: string; names: Names; known: ReadonlyMap<string, string> }) {
  const event = props.known.get(props.value);
  if (event) {
    return (
      <>
        <strong>{event}</strong> <Short hex={props.value} />
      </>
    );
  }
  const type = fieldType(props.type);
  const one = type.kind === 'list' ? type.of : type;
  if (one.kind === 'enum' && one.names.includes(props.value)) {
    return <span class="text">{choiceWord(props.value, one.names)}</span>;
  }
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(props.value)) return <span>{moment(props.value)}</span>;
  if (/^[0-9a-f]{64}$/.test(props.value)) return <code class="hash whole">{props.value}</code>;
  const named = props.value.replace(/\b[0-9A-HJ-NPQRTUWXY]{18}\b/g, (code) => {
    const name = institutionName(code, props.names);
    return name === code ? code : `${name} (${code})`;
  });
  return <span class="text">{named}</span>;
}

/// The type of the field a line is about: "field valid_to".
function typeOf(event: string, line: string, names: Names): string {
  const name = line.replace(/^(personal )?field /, '');
  return names.types.get(event)?.fields.find((field) => field.name === name)?.type ?? 'text';
}

/// What an event says, as the module read it out of the bytes that are signed.
/// `known`: what events it speaks of are, by their ids.
export function Account(props: {
  prepared: Prepared;
  names: Names;
  known: ReadonlyMap<string, string>;
}) {
  const language = current();
  return (
    <>
      {props.prepared.events.map((event) => (
        <div class="account" key={event.id}>
          <h3>{typeTitle(event.event.type, props.names)}</h3>
          <dl class="facts">
            {event.account.map((line) => (
              <>
                <dt key={`${line.name} title`}>{line.title[language] || line.title.zh || line.name}</dt>
                <dd key={line.name}>
                  <Said value={line.value[language] || line.value.zh} names={props.names}
                    known={props.known} type={typeOf(event.event.type, line.name, props.names)} />
                  {line.personal && <span class="tag">{t('sealedValue')}</span>}
                </dd>
              </>
            ))}
          </dl>
          <p class="quiet">
            {t('eventId')} <Short hex={event.id} />
          </p>
        </div>
      ))}
    </>
  );
}

const kReceiptsShown = 20;
const kNothingKnown: ReadonlyMap<string, string> = new Map();

/// From an account to a receipt. `make` prepares anew whenever `key` changes.
export function Signing(props: {
  make: () => Promise<Prepared>;
  names: Names;
  files?: Sealed[];
  draft?: string;
  keepPersonal?: boolean;
  act: string; ///< on the button
  known?: ReadonlyMap<string, string>;
  more?: ComponentChildren; ///< what it will count for
  back: () => void;
  done?: (receipt: Receipt) => void;
}) {
  const { open } = useKeys();
  const [prepared, setPrepared] = useState<Prepared>();
  const [parcel, setParcel] = useState<Parcel>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const pressed = useRef(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    let wanted = true;
    props.make().then(
      (made) => wanted && setPrepared(made),
      (why: unknown) => wanted && setError(why),
    );
    heading.current?.focus();
    return () => {
      wanted = false;
    };
  }, []);
  const sign = async (desk: Desk) => {
    if (!prepared || pressed.current) return;
    pressed.current = true;
    setBusy(true);
    setError(undefined);
    try {
      const signed = await signEvents(desk.key, prepared.events);
      setParcel(
        pack(prepared.events, prepared.disclosures, signed, {
          files: props.files ?? [],
          keepPersonal: props.keepPersonal ?? false,
          ...(props.draft ? { draft: props.draft } : {}),
        }),
      );
    } catch (why) {
      setError(why);
    }
    pressed.current = false;
    setBusy(false);
  };
  if (parcel) return <Delivery parcel={parcel} names={props.names} done={props.done} />;
  const types = prepared?.events.map((one) => one.event.type) ?? [];
  const desk = keyFor(types, open);
  return (
    <div class="signing">
      <h2 ref={heading} tabIndex={-1}>
        {t('aboutToSign')}
      </h2>
      {error !== undefined && <Refused error={error} />}
      {!prepared && error === undefined && (
        <p class="loading" role="status">
          {t('preparing')}
        </p>
      )}
      {prepared && (
        <>
          <Account prepared={prepared} names={props.names} known={props.known ?? kNothingKnown} />
          {props.more}
          <p class="notice">{t('forEver')}</p>
          <Signer types={types} names={props.names} />
        </>
      )}
      <p class="line">
        {prepared && desk && (
          <button type="button" class="first" disabled={busy} onClick={() => void sign(desk)}>
            {props.act}
          </button>
        )}
        <button type="button" onClick={props.back}>
          {t('back')}
        </button>
      </p>
    </div>
  );
}

/// A parcel on its way: how safe it is by now, and its receipt.
export function Delivery(props: {
  parcel: Parcel;
  names: Names;
  done?: ((receipt: Receipt) => void) | undefined;
}) {
  const { parcel, names } = props;
  const [receipt, setReceipt] = useState<Receipt | undefined>(parcel.receipt);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const run = () => {
    setBusy(true);
    setError(undefined);
    deliver(parcel, setReceipt)
      .then((last) => props.done?.(last), setError)
      .finally(() => setBusy(false));
  };
  useEffect(() => {
    heading.current?.focus();
    run();
  }, []);
  const [shown, setShown] = useState(kReceiptsShown);
  const reached = receipt ? levels.indexOf(receipt.level) : -1;
  return (
    <div class="delivery">
      <h2 ref={heading} tabIndex={-1}>
        {t(reached >= 0 ? 'submitted' : error === undefined ? 'signed' : 'notArrived')}
      </h2>
      <ol class="steps" aria-live="polite">
        {levels.map((level, i) => (
          <li key={level} class={i <= reached ? 'reached' : ''}>
            <Badge tone={i <= reached ? 'good' : 'calm'}>{word('level', level)}</Badge>{' '}
            <span class="quiet">{word('levelMeans', level)}</span>
          </li>
        ))}
      </ol>
      {error !== undefined && <Refused error={error} title={t('notTaken')} />}
      {!busy && error === undefined && reached >= 0 && reached < levels.length - 1 && (
        <p class="notice">{t('laterWitnessed')}</p>
      )}
      {receipt && (
        <ul class="plain-list">
          {receipt.receipts.slice(0, shown).map((one, i) => (
            <li key={one.event}>
              <a href={to(['event', one.event])}>{typeTitle(parcel.types[i] ?? '', names)}</a>{' '}
              <span class="quiet">
                {receipt.origin} #{one.index}
              </span>
            </li>
          ))}
          {receipt.receipts.length > shown && (
            <li>
              <button type="button" class="plain" onClick={() => setShown(receipt.receipts.length)}>
                {t('more', { count: receipt.receipts.length - shown })}
              </button>
            </li>
          )}
        </ul>
      )}
      <p class="line">
        {receipt && <Download parcel={parcel} receipt={receipt} />}
        {!busy && reached < levels.length - 1 && (
          <button type="button" onClick={run}>
            {t('sendAgain')}
          </button>
        )}
        <span class="quiet">{t('signedAt', { at: moment(parcel.signed_at) })}</span>
      </p>
    </div>
  );
}

function Download(props: { parcel: Parcel; receipt: Receipt }) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(receiptFile(props.parcel, props.receipt));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [props.receipt]);
  return (
    <a class="button" href={url} download={`${props.parcel.id.slice(0, 16)}.receipt.json`}>
      {t('downloadReceipt')}
    </a>
  );
}
