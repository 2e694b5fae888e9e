import { render } from 'preact';
import { useState } from 'preact/hooks';
import { useAsked, type Status } from './api';
import { useKeys } from './keys';
import { current, list, speak, t, tell, titled, word, type Language } from './language';
import { Page } from './parts';
import { to, usePlace, type Place } from './route';
import type { Word } from './texts';
import { AccountPage } from './pages/account';
import { AgreementPage } from './pages/agreement';
import { AgreementsPage } from './pages/agreements';
import { AuditPage, AuditsPage } from './pages/audits';
import { EventPage } from './pages/event';
import { InboxPage } from './pages/inbox';
import { IndicatorPage } from './pages/indicator';
import { KeyPage } from './pages/key';
import { ListingPage, MarketPage } from './pages/market';
import { NewPage } from './pages/new';
import { OperationsPage } from './pages/operations';
import { OverviewPage } from './pages/overview';
import { RecordPage } from './pages/record';
import { RecordsPage } from './pages/records';
import { ReportPage } from './pages/report';
import { ReportsPage } from './pages/reports';
import { SheetPage } from './pages/sheet';
import { SignalsPage } from './pages/signals';
import { VerifyPage } from './pages/verify';
import { takeHefuFromNode } from './load_hefu';
import { useSession } from './session';
import { SignInPage } from './sign_in';

const kNavigation: { word: Word; path: string; holds: string[] }[] = [
  { word: 'overview', path: '', holds: ['', 'indicator'] },
  { word: 'inbox', path: 'inbox', holds: ['inbox'] },
  { word: 'newRecord', path: 'new', holds: ['new', 'sheet'] },
  { word: 'market', path: 'market', holds: ['market', 'listing'] },
  { word: 'reports', path: 'reports', holds: ['reports', 'report'] },
  { word: 'agreements', path: 'agreements', holds: ['agreements', 'agreement'] },
  { word: 'records', path: 'records', holds: ['records', 'record', 'event'] },
  { word: 'audits', path: 'audits', holds: ['audits', 'audit'] },
  { word: 'signals', path: 'signals', holds: ['signals'] },
  { word: 'verify', path: 'verify', holds: ['verify'] },
  { word: 'operations', path: 'operations', holds: ['operations'] },
];

function pageOf(place: Place) {
  const [name = '', one = '', two = '', three = ''] = place.path;
  switch (name) {
    case '':
      return <OverviewPage query={place.query} />;
    case 'indicator':
      return <IndicatorPage key={place.path.join()} pack={one} period={two} indicator={three}
        unit={place.query.get('unit') ?? ''} />;
    case 'agreements':
      return <AgreementsPage />;
    case 'agreement':
      return <AgreementPage key={one} id={one} />;
    case 'records':
      return <RecordsPage query={place.query} />;
    case 'market':
      return <MarketPage query={place.query} />;
    case 'listing':
      return <ListingPage key={one} id={one} />;
    case 'record':
      return <RecordPage key={one} id={one} />;
    case 'event':
      return <EventPage key={one} id={one} />;
    case 'inbox':
      return <InboxPage />;
    case 'new':
      return <NewPage key={`${one} ${place.query.toString()}`} type={one} query={place.query} />;
    case 'sheet':
      return <SheetPage key={one} type={one} />;
    case 'key':
      return <KeyPage />;
    case 'account':
      return <AccountPage />;
    case 'audits':
      return <AuditsPage />;
    case 'audit':
      return <AuditPage key={one} id={one} />;
    case 'signals':
      return <SignalsPage query={place.query} />;
    case 'reports':
      return <ReportsPage query={place.query} />;
    case 'report':
      return <ReportPage key={one} form={one} query={place.query} />;
    case 'operations':
      return <OperationsPage />;
    case 'verify':
      return <VerifyPage />;
    default:
      return (
        <Page title={t('notFound')}>
          <p>
            <a href={to([])}>{t('overview')}</a>
          </p>
        </Page>
      );
  }
}

/// Which key is open, on every page; where to open or lock one.
function KeyState() {
  const open = useKeys().open.filter((desk) => desk.here);
  return (
    <a class={`key-state ${open.length > 0 ? 'open' : ''}`} href={to(['key'])}>
      {open.length === 0
        ? t('noKeyOpen')
        : t('keyOpen', { roles: list(open.map((desk) => word('role', desk.role || 'unknown'))) })}
    </a>
  );
}

/// Who is signed in, on every page; where to sign out.
function WhoIsIn() {
  const { session } = useSession();
  if (!session?.account) return null;
  return (
    <a class="signed-in" href={to(['account'])} aria-label={t('signedInAs', { account: session.account })}>
      {session.account}
    </a>
  );
}

function App() {
  const [language, setLanguage] = useState<Language>(current());
  const place = usePlace();
  const { wanted, again } = useSession();
  const status = useAsked<Status>('/v1/status').data;
  const other: Language = language === 'zh' ? 'en' : 'zh';
  const name = place.path[0] ?? '';
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => {
        event.preventDefault();
        document.querySelector<HTMLElement>('h1')?.focus();
      }}>
        {t('skip')}
      </a>
      <header class="bar">
        <a class="brand" href={to([])}>
          <svg class="seal" viewBox="0 0 32 32" aria-hidden="true">
            <rect x="1" y="1" width="30" height="30" rx="2" />
            <path d="M16 4v5l-3 3.500 6 5-6 5 3 3.500v4M6 9h5M6 16h5M6 23h5M21 9h5M21 16h5M21 23h5" />
          </svg>
          <span>{t('brand')}</span>
        </a>
        <nav class="main" aria-label={t('navigation')}>
          {kNavigation.map((item) => (
            <a key={item.word} href={to(item.path ? [item.path] : [])}
              aria-current={item.holds.includes(name) ? 'page' : undefined}>
              {t(item.word)}
            </a>
          ))}
        </nav>
        <div class="who">
          {status && (
            <span class="member" title={status.member}>
              {titled({ zh: status.name_zh, en: status.name_en }, status.member)}
            </span>
          )}
          <WhoIsIn />
          <KeyState />
          <button type="button" class="plain" lang={other === 'zh' ? 'zh-CN' : 'en'}
            onClick={() => {
              speak(other);
              setLanguage(other);
            }}>
            {t('otherLanguage')}
          </button>
        </div>
      </header>
      {/* What was asked and typed waits where it is while somebody signs in. */}
      {wanted && <SignInPage />}
      {(!wanted || again) && <div hidden={wanted}>{pageOf(place)}</div>}
      <footer class="foot">
        <span>{status ? status.name : t('tagline')}</span>
        <span>{t('signsInPage')}</span>
      </footer>
    </>
  );
}

takeHefuFromNode();
tell();
const root = document.getElementById('app');
if (root) render(<App />, root);
