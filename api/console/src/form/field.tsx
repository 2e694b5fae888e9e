// One field of a form: its title, its input, and what is wrong with what stands there.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Names } from '../api';
import type { FieldType } from '../field_type';
import { institutionName } from '../parts';
import { t } from '../language';
import { read, type Typed } from '../typed';
import type { Sealed } from '../outbox';
import { Input } from './input';

/// What inputs of one form share.
export interface Setting {
  names: Names;
  strict: boolean; ///< say what is wrong everywhere, not only where somebody has typed
  records: readonly { id: string; label: string }[]; ///< to choose events from
  addFile: (file: Sealed) => void;
}

const kPauseMs = 600;

/// True once who types has stopped to, or has left the field.
export function usePause(text: string): [boolean, () => void] {
  const [left, setLeft] = useState(false);
  const [paused, setPaused] = useState(false);
  useEffect(() => {
    setPaused(false);
    const timer = setTimeout(() => setPaused(text !== ''), kPauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return [left || paused, () => setLeft(true)];
}

export function FormField(props: {
  id: string;
  title: string;
  type: FieldType;
  required: boolean;
  personal?: boolean;
  hint?: string | undefined;
  typed: Typed;
  change: (typed: Typed) => void;
  setting: Setting;
  plainDigest?: boolean;
}) {
  const { id, type, typed, setting } = props;
  const [settled, leave] = usePause(JSON.stringify(typed));
  const result = read(type, typed, setting.names);
  const wrong =
    'wrong' in result && (settled || setting.strict)
      ? result.wrong
      : 'empty' in result && props.required && setting.strict
        ? t('missing')
        : '';
  const hint = props.hint ?? (type.kind === 'person' ? t('pseudonymHint') : undefined);
  const said = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  const grouped = type.kind === 'list' || type.kind === 'tuple' || type.kind === 'oneof';
  const label: ComponentChildren = (
    <>
      {props.title}
      {props.required && (
        <span class="must" title={t('required')}>
          <span aria-hidden="true">*</span>
          <span class="unseen">{t('required')}</span>
        </span>
      )}
      {props.personal && <span class="tag">{t('personal')}</span>}
    </>
  );
  const inside = (
    <>
      <Input id={id} type={type} typed={typed} change={props.change} setting={setting}
        describedBy={said} wrong={wrong !== ''} label={props.title}
        plainDigest={props.plainDigest ?? false} />
      <Resolved type={type} typed={typed} names={setting.names} />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong && (
        <p class="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </>
  );
  if (grouped) {
    return (
      <fieldset class="field" onFocusOut={leave} aria-describedby={said || undefined} id={`${id}-field`}>
        <legend>{label}</legend>
        <div class="answer">{inside}</div>
      </fieldset>
    );
  }
  return (
    <div class="field" onFocusOut={leave} id={`${id}-field`}>
      <label for={id}>{label}</label>
      <div class="answer">{inside}</div>
    </div>
  );
}

/// Whom a name or code means, so that one sees it before it is signed.
export function Resolved(props: { type: FieldType; typed: Typed; names: Names }) {
  if (props.type.kind !== 'party' || typeof props.typed !== 'string') return null;
  const result = read(props.type, props.typed, props.names);
  if (!('value' in result)) return null;
  const code = String(result.value);
  const name = institutionName(code, props.names);
  return (
    <p class="resolved">
      {name === code ? t('codeGood') : name} <span class="mono quiet">{code}</span>
    </p>
  );
}
