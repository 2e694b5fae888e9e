// Supply and demand: what is offered and wanted, searched in Chinese and English; what could answer
// a listing and why; and what became of it.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import {
  ask,
  at,
  askOnce,
  useAsked,
  useNames,
  type Listing,
  type ListingCourse,
  type ListingPage as Found,
  type Names,
  type Recommendations,
  type Status,
} from '../api';
import { fieldType } from '../field_type';
import { list, t, titled, word } from '../language';
import {
  Badge,
  Copyable,
  Institution,
  institutionName,
  Page,
  Read,
  Section,
  Standing,
  typeTitle,
  type Tone,
} from '../parts';
import { go, to } from '../route';
import { choiceWord } from '../typed';

const kListing = 'supply-demand-listing';
const kPage = 20;
const kAvailabilities = [
  'open', 'upcoming', 'matched', 'expired', 'closed', 'withdrawn', 'retracted', 'rejected', 'all',
];

function availabilityTone(availability: string): Tone {
  if (availability === 'open') return 'good';
  if (availability === 'upcoming' || availability === 'matched') return 'calm';
  return availability === 'rejected' ? 'bad' : 'idle';
}

function Availability(props: { of: Listing }) {
  const { availability, standing } = props.of;
  return (
    <>
      <Badge tone={availabilityTone(availability)}>{word('availability', availability)}</Badge>
      {standing === 'disputed' && (
        <>
          {' '}
          <Standing of={standing} />
        </>
      )}
    </>
  );
}

/// Categories as the catalogue lists them.
function categories(names: Names): readonly string[] {
  const field = names.types.get(kListing)?.fields.find((one) => one.name === 'category');
  const type = fieldType(field?.type ?? 'text');
  return type.kind === 'enum' ? type.names : [];
}

function Publish() {
  return (
    <>
      <a class="button" href={to(['new', kListing], { 'f.direction': 'demand' })}>
        {t('publishDemand')}
      </a>
      <a class="button" href={to(['new', kListing], { 'f.direction': 'supply' })}>
        {t('publishSupply')}
      </a>
    </>
  );
}

export function MarketPage(props: { query: URLSearchParams }) {
  const names = useNames();
  const from = (name: string) => props.query.get(name) ?? '';
  const wanted = {
    q: from('q'),
    direction: from('direction'),
    category: from('category'),
    issuer: from('issuer'),
    place: from('place'),
    availability: from('availability'),
    from: from('from'),
  };
  const found = useAsked<Found>(at('/v1/market/listings', { ...wanted, limit: kPage }), ask);
  const change = (more: Partial<typeof wanted>) => go(['market'], { ...wanted, from: '', ...more });
  return (
    <Page title={t('market')} lead={t('marketLead')} actions={<Publish />}>
      <Search key={`${wanted.q} ${wanted.place}`} text={wanted.q} place={wanted.place}
        search={(q, place) => change({ q, place })} />
      <div class="filters">
        <label>
          <span>{t('direction')}</span>
          <select value={wanted.direction}
            onChange={(e) => change({ direction: e.currentTarget.value })}>
            <option value="">{t('bothDirections')}</option>
            <option value="demand">{word('direction', 'demand')}</option>
            <option value="supply">{word('direction', 'supply')}</option>
          </select>
        </label>
        <label>
          <span>{t('category')}</span>
          <select value={wanted.category}
            onChange={(e) => change({ category: e.currentTarget.value })}>
            <option value="">{t('anyCategory')}</option>
            {categories(names).map((one) => (
              <option key={one} value={one}>
                {choiceWord(one)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('institution')}</span>
          <select value={wanted.issuer} onChange={(e) => change({ issuer: e.currentTarget.value })}>
            <option value="">{t('anyInstitution')}</option>
            {[...names.institutions.keys()].map((id) => (
              <option key={id} value={id}>
                {institutionName(id, names)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('availability')}</span>
          <select value={wanted.availability || 'open'}
            onChange={(e) => change({ availability: e.currentTarget.value })}>
            {kAvailabilities.map((one) => (
              <option key={one} value={one}>
                {word('availability', one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Read of={found}>
        {(read) => (
          <>
            <p class="quiet" role="status">
              {t('total', { count: read.total })}
              {read.words.length > 0 && ` · ${t('searchedFor', { words: list(read.words) })}`}
              {read.left_out > 0 && ` · ${t('leftOutOfSearch', { count: read.left_out })}`}
            </p>
            {read.listings.length === 0 ? (
              <p class="quiet">{t(wanted.availability ? 'noListings' : 'noOpenListings')}</p>
            ) : (
              <ListingTable listings={read.listings} names={names} />
            )}
            <p class="line">
              {wanted.from && <a href={to(['market'], { ...wanted, from: '' })}>{t('firstPage')}</a>}
              {read.next && (
                <a href={to(['market'], { ...wanted, from: read.next })}>{t('nextPage')}</a>
              )}
            </p>
          </>
        )}
      </Read>
    </Page>
  );
}

function Search(props: { text: string; place: string; search: (q: string, place: string) => void }) {
  const [text, setText] = useState(props.text);
  const [place, setPlace] = useState(props.place);
  return (
    <form class="filters" role="search" onSubmit={(event) => {
      event.preventDefault();
      props.search(text.trim(), place.trim());
    }}>
      <label class="wide">
        <span>{t('searchWords')}</span>
        <input type="search" name="q" value={text} maxLength={120} autocomplete="off"
          placeholder={t('searchWordsHint')} onInput={(e) => setText(e.currentTarget.value)} />
      </label>
      <label>
        <span>{t('place_division')}</span>
        <input type="search" name="place" value={place} maxLength={12} inputMode="numeric"
          autocomplete="off" placeholder={t('placeHint')} pattern="[0-9]*"
          onInput={(e) => setPlace(e.currentTarget.value)} />
      </label>
      <button type="submit">{t('search')}</button>
    </form>
  );
}

function ListingTable(props: { listings: readonly Listing[]; names: Names }) {
  const { names } = props;
  return (
    <table class="stack listings">
      <caption class="unseen">{t('market')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('title')}</th>
          <th scope="col">{t('direction')}</th>
          <th scope="col">{t('institution')}</th>
          <th scope="col">{t('validity')}</th>
          <th scope="col">{t('availability')}</th>
          <th scope="col" class="end">{t('matches')}</th>
        </tr>
      </thead>
      <tbody>
        {props.listings.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <a href={to(['listing', one.id])}>{one.title}</a>
              <small class="under quiet">{one.summary}</small>
              {one.found && one.found.length > 0 && (
                <small class="under">{t('foundWords', { words: list(one.found) })}</small>
              )}
            </th>
            <td data-label={t('direction')}>
              <Kind of={one} />
            </td>
            <td data-label={t('institution')}>
              <Institution id={one.issuer} names={names} />
            </td>
            <td data-label={t('validity')} class="date">
              {one.valid_from} – {one.valid_to}
            </td>
            <td data-label={t('availability')}>
              <Availability of={one} />
            </td>
            <td data-label={t('matches')} class="end">
              {one.matches.total === 0 ? '—' : t('matchesOf', one.matches)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Kind(props: { of: Listing }) {
  const { direction, category, quantity } = props.of;
  return (
    <>
      <strong>{word('direction', direction)}</strong>
      <small class="under quiet">
        {choiceWord(category)}
        {quantity !== undefined && ` × ${quantity}`}
      </small>
    </>
  );
}

// ---- One listing

export function ListingPage(props: { id: string }) {
  const names = useNames();
  const self = useAsked<Status>('/v1/status', askOnce<Status>).data?.member ?? '';
  const path = `/v1/market/listings/${encodeURIComponent(props.id)}`;
  const course = useAsked<ListingCourse>(`${path}/course`, ask);
  const listing = course.data?.listing;
  return (
    <Page title={listing?.title ?? t('listing')} path={<a href={to(['market'])}>{t('market')}</a>}
      lead={
        listing && (
          <>
            {word('direction', listing.direction)} · {choiceWord(listing.category)} ·{' '}
            <Institution id={listing.issuer} names={names} />
          </>
        )
      }>
      <Read of={course}>
        {(read) => (
          <>
            <p class="line">
              <Availability of={read.listing} />
              <span>
                {t('validity')} <strong class="date">{read.listing.valid_from} – {read.listing.valid_to}</strong>
              </span>
              {read.listing.place_division && (
                <span>
                  {t('place_division')} <strong class="mono">{read.listing.place_division}</strong>
                </span>
              )}
              {read.listing.industry_codes && (
                <span>
                  {t('industries')} <strong class="mono">{list(read.listing.industry_codes)}</strong>
                </span>
              )}
              <a href={to(['record', read.listing.id])}>{t('wholeRecord')}</a>
            </p>
            <p class="text">{read.listing.summary}</p>
            <Recommended listing={read.listing} path={path} names={names} self={self} />
            <Outcome course={read} names={names} />
            <p class="quiet">
              <Copyable text={read.listing.id} what={t('listing')} />
            </p>
          </>
        )}
      </Read>
    </Page>
  );
}

function Recommended(props: { listing: Listing; path: string; names: Names; self: string }) {
  const { listing, names } = props;
  const [pages, setPages] = useState<string[]>(['']);
  if (listing.availability !== 'open' && listing.availability !== 'upcoming') return null;
  return (
    <Section title={t('recommended')} note={t('recommendedNote')}>
      {pages.map((from) => (
        <RecommendedPage key={from} {...props} from={from} first={from === ''} names={names}
          more={(next) => setPages([...pages, next])} last={from === pages.at(-1)} />
      ))}
    </Section>
  );
}

function RecommendedPage(props: {
  listing: Listing;
  path: string;
  from: string;
  first: boolean;
  last: boolean;
  names: Names;
  self: string;
  more: (next: string) => void;
}) {
  const { listing, names } = props;
  const found = useAsked<Recommendations>(
    at(`${props.path}/recommendations`, { from: props.from, limit: kPage }),
    ask,
  );
  return (
    <Read of={found}>
      {(read) => {
        const { next } = read;
        if (props.first && read.recommendations.length === 0) {
          return <p class="quiet">{t('nothingRecommended')}</p>;
        }
        return (
          <>
            <ul class="rows items">
              {read.recommendations.map(({ listing: other, points, reasons }) => (
                <li key={other.id}>
                  <div class="grow">
                    <a href={to(['listing', other.id])}>{other.title}</a>{' '}
                    <span class="quiet">
                      {choiceWord(other.category)} · <Institution id={other.issuer} names={names} /> ·{' '}
                      <span class="date">
                        {other.valid_from} – {other.valid_to}
                      </span>
                    </span>
                    <span class="under quiet">{other.summary}</span>
                    <ul class="reasons" aria-label={t('whyRecommended')}>
                      {reasons.map((reason) => (
                        <li key={reason.kind}>
                          <Reason of={reason} /> <span class="quiet">+{reason.points}</span>
                        </li>
                      ))}
                    </ul>
                    <Propose listing={listing} other={other} self={props.self} />
                  </div>
                  <span class="date">{t('points', { points })}</span>
                </li>
              ))}
            </ul>
            {props.last && next && (
              <button type="button" class="more" onClick={() => props.more(next)}>
                {t('nextPage')}
              </button>
            )}
            {props.first && (
              <p class="note quiet">
                {t('byRule', { rule: read.rule, segmentation: read.segmentation, date: read.on })}
              </p>
            )}
          </>
        );
      }}
    </Read>
  );
}

/// The reason in the node's words; categories by their own.
function Reason(props: { of: Recommendations['recommendations'][number]['reasons'][number] }) {
  const { kind, values } = props.of;
  const text = titled(props.of);
  if (kind !== 'category' && kind !== 'related-category') return <>{text}</>;
  return (
    <>
      {text}
      {t('colon')}
      {list(values.map((one) => choiceWord(one)))}
    </>
  );
}

/// One of the two is ours: propose to talk, which the other side then confirms.
function Propose(props: { listing: Listing; other: Listing; self: string }) {
  const { listing, other, self } = props;
  if (listing.issuer !== self && other.issuer !== self) return null;
  const [ours, theirs] = listing.issuer === self ? [listing, other] : [other, listing];
  return (
    <a class="button" href={to(['new', 'listing-match'], {
      'f.listing': ours.id,
      'f.counter_listing': theirs.id,
      'f.responder': theirs.issuer,
      'f.proposed_by': 'owner',
      'f.result': 'open',
    })}>
      {t('proposeMatch')}
    </a>
  );
}

function Outcome(props: { course: ListingCourse; names: Names }) {
  const { course, names } = props;
  const titles = new Map(
    course.steps.map(({ record }) => [record.id, record.title ?? typeTitle(record.type, names)]),
  );
  const days = course.days_to_first_match;
  return (
    <Section title={t('outcome')}
      note={days === undefined ? t('noMatchYet') : t('firstMatchAfter', { days })}>
      <ol class="course">
        {course.steps.map((step) => {
          const { record } = step;
          const agreement = record.type === 'collaboration-agreement';
          return (
            <li key={record.id} class={`depth-${Math.min(step.depth, 5)}`}>
              <span class="date quiet">{record.occurred_on}</span>
              <div class="grow">
                <a href={to([pageOf(record.type), record.id])}>
                  {record.title ?? typeTitle(record.type, names)}
                </a>{' '}
                <Standing of={record.standing} />
                <span class="under quiet">
                  {record.title && `${typeTitle(record.type, names)} · `}
                  {list(step.parties.map((id) => institutionName(id, names)))}
                  {' · '}
                  {word('state', record.state)}
                  {step.result && ` · ${t('resultIs', { result: choiceWord(step.result) })}`}
                </span>
                {step.of && (
                  <Because step={step} title={titles.get(step.of) ?? ''} names={names} type={record.type} />
                )}
                {record.type === 'listing-match' && (
                  <a class="button" href={to(['new', 'collaboration-agreement'], {
                    'f.arises_from': record.id,
                  })}>
                    {t('draftAgreement')}
                  </a>
                )}
                {agreement && <a class="button" href={to(['agreement', record.id])}>{t('toAgreement')}</a>}
              </div>
            </li>
          );
        })}
      </ol>
      {!course.complete && <p class="note quiet">{t('courseCut')}</p>}
    </Section>
  );
}

function pageOf(type: string): string {
  if (type === kListing) return 'listing';
  return type === 'collaboration-agreement' ? 'agreement' : 'record';
}

/// Why a record belongs to the course: which field of which record names the other.
function Because(props: {
  step: ListingCourse['steps'][number];
  title: string;
  type: string;
  names: Names;
}): ComponentChildren {
  const { step, names } = props;
  const type = names.types.get(step.names ? props.type : 'listing-match');
  const field = titled(type?.fields.find((one) => one.name === step.field)?.title, step.field);
  return (
    <span class="under quiet">
      {t(step.names ? 'namesAs' : 'namedAs', { title: props.title, field })}
    </span>
  );
}
