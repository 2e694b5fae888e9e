// Verifying what one was given, in the browser: the same part of a page in the console and in the
// file that works without a server.

import { useRef, useState } from 'preact/hooks';
import {
  HefuError,
  verifyBundle,
  verifyFork,
  verifyProof,
  type BundleAnswer,
  type Check,
  type ForkAnswer,
  type ProofAnswer,
} from './hefu';
import { inspect, kFileBytesMax, type Given } from './inspect';
import { current, number, t, titled } from './language';
import { Amount, Badge, Section, type Tone } from './parts';
import type { Word } from './texts';
import { claimWords, findingWords, subjectWords } from './verdict_words';

interface Named {
  name: string;
  given: Given;
  ofNode?: boolean;
}

type Outcome =
  | { of: 'bundle'; answer: BundleAnswer }
  | { of: 'receipt'; answer: ProofAnswer }
  | { of: 'fork'; answer: ForkAnswer };

const kWords: Record<Given['kind'], Word> = {
  bundle: 'verifyBundleFile',
  receipt: 'verifyReceipt',
  fork: 'verifyFork',
  charter: 'verifyCharter',
  event: 'verifyEvent',
};

/// `nodeCharter`: asks the node for its charter; absent where there is no node.
export function Verifier(props: { nodeCharter?: () => Promise<string> }) {
  const [files, setFiles] = useState<Named[]>([]);
  const [refused, setRefused] = useState<string[]>([]);
  const [running, setRunning] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const [failed, setFailed] = useState<{ message: string; hint: string }>();
  const [over, setOver] = useState(false);
  const paste = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const subject = files.find((one) => ['bundle', 'receipt', 'fork'].includes(one.given.kind));
  const charter = files.find((one) => one.given.kind === 'charter');

  // One of each kind: a second one takes the place of the first. What is judged is one thing.
  const take = (added: Named[], wrong: string[]) => {
    const judged = (kind: string) => kind !== 'charter' && kind !== 'event';
    setFiles((had) =>
      added.reduce(
        (all, one) => [
          ...all.filter(
            (old) =>
              old.given.kind !== one.given.kind &&
              !(judged(old.given.kind) && judged(one.given.kind)),
          ),
          one,
        ],
        had,
      ),
    );
    setRefused(wrong);
    setOutcome(undefined);
    setFailed(undefined);
  };
  const takeFiles = async (list: FileList | null | undefined) => {
    const added: Named[] = [];
    const wrong: string[] = [];
    // A copy: the chooser is emptied before the first file has been read.
    for (const file of [...(list ?? [])]) {
      if (file.size > kFileBytesMax) {
        wrong.push(t('verifyTooLarge', { name: file.name }));
        continue;
      }
      const given = inspect(new Uint8Array(await file.arrayBuffer()), file.name);
      if (given) added.push({ name: file.name, given });
      else wrong.push(t('verifyUnknown', { name: file.name }));
    }
    take(added, wrong);
  };
  const takeText = () => {
    const text = paste.current?.value ?? '';
    // What is copied from a page loses its last line break, which is part of the format.
    const whole = text.trim() === '' ? '' : `${text.replace(/\r\n/g, '\n').trim()}\n`;
    const given = inspect(new TextEncoder().encode(whole), '');
    const name = t('verifyPaste');
    take(given ? [{ name: t(kWords[given.kind]), given }] : [],
      given ? [] : [t('verifyUnknown', { name })]);
    if (given && paste.current) paste.current.value = '';
  };
  const takeNode = async () => {
    try {
      const text = (await props.nodeCharter?.()) ?? '';
      take([{ name: '/v1/charter', given: { kind: 'charter', text }, ofNode: true }], []);
    } catch (why) {
      setRefused([why instanceof Error ? why.message : String(why)]);
    }
  };
  const run = async () => {
    if (!subject) return;
    setRunning(true);
    setOutcome(undefined);
    setFailed(undefined);
    try {
      setOutcome(await judge(subject.given, files));
    } catch (why) {
      setFailed(
        why instanceof HefuError
          ? { message: why.message, hint: why.hint }
          : { message: String(why), hint: '' },
      );
    }
    setRunning(false);
  };
  return (
    <>
      <div
        class={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void takeFiles(event.dataTransfer?.files);
        }}
      >
        <strong>{t('verifyDrop')}</strong>
        <p class="quiet">{t('verifyDropHint')}</p>
        <input ref={chooser} type="file" multiple class="unseen" tabIndex={-1} aria-hidden="true"
          onChange={(event) => {
            void takeFiles(event.currentTarget.files);
            event.currentTarget.value = '';
          }} />
        <button type="button" onClick={() => chooser.current?.click()}>
          {t('verifyChoose')}
        </button>
      </div>
      <details class="paste">
        <summary>{t('verifyPaste')}</summary>
        <textarea ref={paste} rows={8} aria-label={t('verifyPaste')} spellcheck={false} />
        <button type="button" onClick={takeText}>
          {t('verifyTake')}
        </button>
      </details>
      {refused.length > 0 && (
        <div class="notice bad" role="alert">
          {refused.map((one) => (
            <p key={one}>{one}</p>
          ))}
        </div>
      )}
      <dl class="facts given">
        {files.map((one) => (
          <Row key={one.given.kind} file={one}
            remove={() => {
              take([], []);
              setFiles((had) => had.filter((other) => other !== one));
            }} />
        ))}
        {!charter && (
          <>
            <dt>{t('verifyCharter')}</dt>
            <dd class="quiet">
              {t('verifyNoCharter')}{' '}
              {props.nodeCharter && (
                <button type="button" onClick={() => void takeNode()}>
                  {t('verifyNodeCharter')}
                </button>
              )}
            </dd>
          </>
        )}
      </dl>
      <p class="line">
        <button type="button" class="first" disabled={!subject || running} onClick={() => void run()}>
          {t('verifyStart')}
        </button>
        <span role="status" class="quiet">
          {running ? t('verifyRunning') : ''}
        </span>
      </p>
      {failed && (
        <div class="notice bad" role="alert">
          <strong>{failed.message}</strong>
          {failed.hint && <p class="quiet">{failed.hint}</p>}
        </div>
      )}
      {outcome && <Told outcome={outcome} />}
    </>
  );
}

function Row(props: { file: Named; remove: () => void }) {
  const { file } = props;
  return (
    <>
      <dt>{t(kWords[file.given.kind])}</dt>
      <dd>
        <span class="mono">{file.name}</span>{' '}
        <button type="button" class="plain" onClick={props.remove}>
          {t('verifyRemove')}
        </button>
        {file.ofNode && <small class="under quiet">{t('verifyOfNode')}</small>}
      </dd>
    </>
  );
}

async function judge(given: Given, files: Named[]): Promise<Outcome> {
  const of = <K extends Given['kind']>(kind: K) =>
    files.find((one) => one.given.kind === kind)?.given as Extract<Given, { kind: K }> | undefined;
  const charter = (of('charter') as { text: string } | undefined)?.text;
  switch (given.kind) {
    case 'bundle':
      return { of: 'bundle', answer: await verifyBundle(given.bytes, charter) };
    case 'fork':
      return { of: 'fork', answer: await verifyFork(given.text, charter) };
    default: {
      const text = (given as { text: string }).text;
      return { of: 'receipt', answer: await verifyProof(text, of('event')?.envelope, charter ?? '') };
    }
  }
}

const kTones: Record<string, Tone> = {
  good: 'good', proven: 'good', incomplete: 'warn', 'unknown-log': 'warn', bad: 'bad', 'not-proven': 'bad',
};
const kSentences: Record<Outcome['of'], Record<string, Word>> = {
  bundle: {
    good: 'verdictBundleGood', incomplete: 'verdictBundleIncomplete', bad: 'verdictBundleBad',
  },
  receipt: {
    good: 'verdictProofGood', incomplete: 'verdictProofIncomplete', bad: 'verdictProofBad',
  },
  fork: {
    proven: 'verdictForkProven', 'not-proven': 'verdictForkNot', 'unknown-log': 'verdictForkUnknown',
  },
};

/// Only levels 2 and 4 hold the events that the figures follow from.
function sentenceOf(outcome: Outcome): Word | undefined {
  const { of, answer } = outcome;
  const partly = of === 'bundle' && answer.level !== 2 && answer.level !== 4;
  return partly && answer.verdict === 'good' ? 'verdictLevelGood' : kSentences[of][answer.verdict];
}

function Told(props: { outcome: Outcome }) {
  const { of, answer } = props.outcome;
  const sentence = sentenceOf(props.outcome);
  return (
    <div class="verdict" data-verdict={answer.verdict}>
      <Section title={t('verifyResult')}>
        <p class="sentence" role="status">
          <Badge tone={kTones[answer.verdict] ?? 'bad'}>{sentence ? t(sentence) : answer.verdict}</Badge>
        </p>
        {of === 'bundle' && <Level answer={answer as BundleAnswer} />}
        {of === 'fork' && <Fork answer={answer as ForkAnswer} />}
      </Section>
      {of !== 'fork' && <Checks of={(answer as BundleAnswer | ProofAnswer).checks} />}
      {of === 'bundle' && <Numbers of={(answer as BundleAnswer).figures} />}
    </div>
  );
}

const kLevels: Word[] = ['levelDeclared', 'levelAttested', 'levelSlices', 'levelSamples', 'levelWhole'];

function Level(props: { answer: BundleAnswer }) {
  const { level, claim, verdict } = props.answer;
  const words = kLevels[level];
  if (verdict === 'bad' || !words) return null;
  return (
    <dl class="facts">
      <dt>{t('verifyLevel')}</dt>
      <dd>
        {t(words)}
        {claim && <small class="under quiet">{claimWords(claim, current())}</small>}
      </dd>
    </dl>
  );
}

function Fork(props: { answer: ForkAnswer }) {
  const { answer } = props;
  return (
    <dl class="facts">
      <dt>{t('log')}</dt>
      <dd class="mono">{answer.origin || '—'}</dd>
      {[answer.first, answer.second].map(
        (one) => one && (
          <>
            <dt>{t('checkpoint')}</dt>
            <dd class="mono">{t('verifySigned', { size: one.size, root: one.root })}</dd>
          </>
        ),
      )}
      {answer.reason && (
        <>
          <dt>{t('verifyFinding')}</dt>
          <dd>{answer.reason}</dd>
        </>
      )}
    </dl>
  );
}

function Checks(props: { of: Check[] }) {
  const groups: [Check['outcome'], Word, Tone][] = [
    ['bad', 'verifyBad', 'bad'],
    ['not-checked', 'verifyUnchecked', 'calm'],
    ['good', 'verifyGood', 'good'],
  ];
  return (
    <>
      {groups.map(([outcome, title, tone]) => {
        const found = props.of.filter((check) => check.outcome === outcome);
        if (found.length === 0) return null;
        // A damaged file can hold thousands of faults; the first ones tell what is wrong.
        const shown = found.slice(0, 100);
        return (
          <Section key={outcome} title={t(title)} note={t('verifyCount', { count: found.length })}>
            <table class="stack checks">
              <caption class="unseen">{t(title)}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('verifySubject')}</th>
                  <th scope="col">{t('verifyFinding')}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((check, i) => (
                  <tr key={i}>
                    <th scope="row">
                      <Badge tone={tone}>{subjectWords(check.subject, current())}</Badge>
                    </th>
                    <td data-label={t('verifyFinding')}>{findingWords(check.text, current())}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Section>
        );
      })}
    </>
  );
}

function Numbers(props: { of: BundleAnswer['figures'] }) {
  const figures = props.of;
  if (!figures) return null;
  return (
    <Section title={t('verifyFigures')}
      note={`${titled(figures.pack.title, figures.pack.id)} · ${figures.period}`}>
      <table class="stack">
        <caption class="unseen">{t('verifyFigures')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('indicator')}</th>
            <th scope="col" class="end">{t('verifyFinding')}</th>
            <th scope="col" class="end">{t('confirmedCount')}</th>
          </tr>
        </thead>
        <tbody>
          {figures.indicators.map((figure) => (
            <tr key={figure.indicator}>
              <th scope="row">{titled(figure.title, figure.indicator)}</th>
              <td class="end" data-label={t('verifyFinding')}>
                <Amount shown={figure.shown} />
              </td>
              <td class="end" data-label={t('confirmedCount')}>
                {number(figure.ladder.confirmed)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
