// Inputs, one for each kind of type the catalogue knows.

import { useId, useState } from 'preact/hooks';
import type { FieldType } from '../field_type';
import { canHash, hashFile } from '../files';
import { toHex } from '../hex';
import { t, titled } from '../language';
import { choiceWord, nothing, read, writtenDate, type Typed } from '../typed';
import { Resolved, usePause, type Setting } from './field';
import { FileButton } from './file';

interface InputProps {
  id: string;
  type: FieldType;
  typed: Typed;
  change: (typed: Typed) => void;
  setting: Setting;
  describedBy: string;
  wrong: boolean;
  label: string;
  plainDigest: boolean;
}

export function Input(props: InputProps) {
  const { type, typed } = props;
  if (type.kind === 'list') return <ListInput {...props} of={type.of} />;
  if (type.kind === 'oneof') return <OneOfInput {...props} of={type.of} />;
  if (type.kind === 'tuple') return <TupleInput {...props} parts={type.parts} />;
  const text = typeof typed === 'string' ? typed : '';
  if (type.kind === 'enum') return <Choice {...props} text={text} names={type.names} />;
  if (type.kind === 'digest') return <DigestInput {...props} text={text} />;
  return <Line {...props} text={text} />;
}

const kLongest: Record<string, number> = { date: 14, integer: 24, money: 24, decimal: 24 };
const kExamples: Record<string, string> = { date: '2025-11-08', money: '1200.50', decimal: '1.5' };

function Line(props: InputProps & { text: string }) {
  const { type, text, setting } = props;
  const listed = type.kind === 'party' || type.kind === 'event';
  const numeric = type.kind === 'integer' || type.kind === 'money' || type.kind === 'decimal';
  const line = (
    <input id={props.id} type="text" class={`in-${type.kind}`} value={text} autocomplete="off"
      spellcheck={false} maxLength={kLongest[type.kind]} placeholder={kExamples[type.kind]}
      inputMode={numeric ? 'decimal' : undefined} list={listed ? `${props.id}-list` : undefined}
      aria-invalid={props.wrong} aria-describedby={props.describedBy || undefined}
      aria-label={props.id.includes('.') ? props.label : undefined}
      onInput={(event) => props.change(event.currentTarget.value)}
      onBlur={() => {
        const date = type.kind === 'date' ? writtenDate(text) : undefined;
        if (date && date !== text) props.change(date);
      }} />
  );
  return (
    <>
      {type.kind === 'money' && (
        <span>
          {line} <span class="quiet">{t('yuan')}</span>
        </span>
      )}
      {type.kind === 'person' && (
        <span class="beside">
          {line}
          <button type="button"
            onClick={() => props.change(toHex(crypto.getRandomValues(new Uint8Array(32))))}>
            {t('newPseudonym')}
          </button>
        </span>
      )}
      {type.kind !== 'money' && type.kind !== 'person' && line}
      {type.kind === 'party' && (
        <datalist id={`${props.id}-list`}>
          {[...setting.names.institutions].map(([id, name]) => (
            <option key={id} value={titled(name, id)}>
              {id}
            </option>
          ))}
        </datalist>
      )}
      {type.kind === 'event' && (
        <datalist id={`${props.id}-list`}>
          {setting.records.map((record) => (
            <option key={record.id} value={record.id}>
              {record.label}
            </option>
          ))}
        </datalist>
      )}
      {type.kind === 'event' && <Meant id={text} setting={setting} />}
    </>
  );
}

function Meant(props: { id: string; setting: Setting }) {
  const found = props.setting.records.find((record) => record.id === props.id.trim());
  return found ? <p class="resolved">{found.label}</p> : null;
}

function Choice(props: InputProps & { text: string; names: readonly string[] }) {
  return (
    <select id={props.id} value={props.text} aria-invalid={props.wrong}
      aria-describedby={props.describedBy || undefined}
      aria-label={props.id.includes('.') ? props.label : undefined}
      onChange={(event) => props.change(event.currentTarget.value)}>
      <option value="">{t('choose')}</option>
      {props.names.map((name) => (
        <option key={name} value={name}>
          {choiceWord(name, props.names)}
        </option>
      ))}
    </select>
  );
}

function DigestInput(props: InputProps & { text: string }) {
  const { setting, plainDigest } = props;
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const choose = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    const sealed = await hashFile(file, !plainDigest);
    setBusy(false);
    if (!sealed) {
      setSaid(t('fileUnread', { name: file.name }));
      return;
    }
    setting.addFile(sealed);
    setSaid(t(plainDigest ? 'fileHashed' : 'fileSealed', { name: file.name }));
    props.change(sealed.digest);
  };
  const file = useId();
  return (
    <div class="digest">
      {canHash() ? (
        <FileButton id={file} title={t('chooseFileToHash')} busy={busy}
          choose={([first]) => void choose(first)} />
      ) : (
        <p class="hint">{t('noHashes')}</p>
      )}
      <input id={props.id} type="text" class="mono in-digest" value={props.text} spellcheck={false}
        autocomplete="off" placeholder={t('orHash')} aria-invalid={props.wrong}
        aria-describedby={props.describedBy || undefined}
        onInput={(event) => {
          setSaid('');
          props.change(event.currentTarget.value);
        }} />
      <p class="resolved" role="status">
        {busy ? t('hashing') : said}
      </p>
    </div>
  );
}

function ListInput(props: InputProps & { of: FieldType }) {
  const items = Array.isArray(props.typed) ? props.typed : [];
  const { of } = props;
  if (of.kind === 'enum') {
    return (
      <div class="ticks">
        {of.names.map((name) => (
          <label key={name} class="tick">
            <input type="checkbox" checked={items.includes(name)}
              onChange={(event) =>
                props.change(
                  of.names.filter((one) =>
                    one === name ? event.currentTarget.checked : items.includes(one),
                  ),
                )
              } />
            {choiceWord(name, of.names)}
          </label>
        ))}
      </div>
    );
  }
  const shown = items.length > 0 ? items : [nothing(of)];
  const set = (i: number, next: Typed) => props.change(shown.map((one, k) => (k === i ? next : one)));
  return (
    <div class="several">
      {shown.map((item, i) => (
        <div class="one" key={i}>
          <Part {...props} id={`${props.id}.${i}`} type={of} typed={item}
            label={`${props.label} ${i + 1}`} change={(next) => set(i, next)} />
          {shown.length > 1 && (
            <button type="button" class="plain" aria-label={t('removePart', { part: i + 1 })}
              onClick={() => props.change(shown.filter((_, k) => k !== i))}>
              ✕
            </button>
          )}
        </div>
      ))}
      <button type="button" class="plain" onClick={() => props.change([...shown, nothing(of)])}>
        + {t('addPart')}
      </button>
    </div>
  );
}

/// A part of a list, a tuple or a choice of types: with what is wrong just beside it.
function Part(props: InputProps) {
  const { type, typed, setting } = props;
  const [settled, leave] = usePause(JSON.stringify(typed));
  const result = read(type, typed, setting.names);
  const leaf = type.kind !== 'tuple' && type.kind !== 'list' && type.kind !== 'oneof';
  const wrong = leaf && 'wrong' in result && (settled || setting.strict) ? result.wrong : '';
  return (
    <div class="part" onFocusOut={leave}>
      <Input {...props} wrong={wrong !== ''} describedBy={wrong ? `${props.id}-wrong` : ''} />
      <Resolved type={type} typed={typed} names={setting.names} />
      {wrong && (
        <p class="wrong" id={`${props.id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
}

function TupleInput(props: InputProps & { parts: { name: string; type: FieldType }[] }) {
  const given = typeof props.typed === 'object' && !Array.isArray(props.typed) ? props.typed : {};
  return (
    <div class="tuple">
      {props.parts.map((part) => (
        <div key={part.name}>
          <span class="quiet">{choiceWord(part.name)}</span>
          <Part {...props} id={`${props.id}.${part.name}`} type={part.type}
            label={`${props.label}: ${part.name}`} typed={given[part.name] ?? nothing(part.type)}
            change={(next) => props.change({ ...given, [part.name]: next })} />
        </div>
      ))}
    </div>
  );
}

function OneOfInput(props: InputProps & { of: readonly FieldType[] }) {
  const given = typeof props.typed === 'object' && !Array.isArray(props.typed) ? props.typed : {};
  const which = typeof given['which'] === 'string' ? given['which'] : '0';
  const chosen = props.of[Number(which)] ?? { kind: 'text' as const };
  return (
    <div class="oneof">
      <select value={which} aria-label={`${props.label}: ${t('kindOf')}`}
        onChange={(event) => {
          const next = event.currentTarget.value;
          props.change({ which: next, value: nothing(props.of[Number(next)] ?? { kind: 'text' }) });
        }}>
        {props.of.map((type, i) => (
          <option key={i} value={String(i)}>
            {kindWord(type)}
          </option>
        ))}
      </select>
      <Part {...props} id={`${props.id}.value`} type={chosen} typed={given['value'] ?? nothing(chosen)}
        change={(value) => props.change({ which, value })} />
    </div>
  );
}

function kindWord(type: FieldType): string {
  switch (type.kind) {
    case 'party':
      return t('institution');
    case 'event':
      return t('record');
    case 'person':
      return t('person');
    case 'digest':
      return t('digest');
    case 'list':
      return t('severalOf', { what: kindWord(type.of) });
    default:
      return t('text');
  }
}
