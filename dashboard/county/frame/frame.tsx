import { Drawer } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { hrefOf, useRoute } from '../../parts/route.ts'
import { EmptyNote, Waiting } from '../../parts/trouble.tsx'
import { useCounty, useLive } from '../county.ts'
import { useDeskCounts } from '../desk/use-desk.ts'
import { may } from '../parts/may.ts'
import { useSay } from '../words.ts'
import { FindBox } from './find.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { LiveAge, LostBand } from './live-age.tsx'
import { Mark } from './mark.tsx'
import { firstPage, maySeePage } from './page-rights.ts'
import { PAGES, type PageName, pageNamed } from './pages.tsx'
import './frame.css'

/** What stands around every page: the menu, how old the picture is, who is signed in. */
export const Frame = () => {
  const say = useSay()
  const { session } = useCounty()
  const named = useRoute().page
  const page = pageNamed(named) ?? firstPage(session)
  const [menuOpen, setMenuOpen] = useState(false)
  const Page = PAGES[page].show
  const hearsLive = may(session, 'stock.see')
  return (
    <div className="frame">
      <aside className="side">
        <Brand />
        <Menu page={page} />
      </aside>
      <Drawer open={menuOpen} onClose={() => setMenuOpen(false)} placement="left" size={264} title={<Brand />} className="side-drawer">
        <Menu page={page} onGone={() => setMenuOpen(false)} />
      </Drawer>
      <div className="stage">
        <header className="head">
          <button type="button" className="quiet-button head-menu" aria-label={say('frame.menu')} onClick={() => setMenuOpen(true)}>
            <Icon name="menu" />
          </button>
          <h1>{say(`page.${page}`)}</h1>
          {may(session, 'catalogue.see') && <FindBox />}
          {hearsLive && <LiveAge />}
          <LanguageSwitch />
          <Who />
        </header>
        {hearsLive && <LostBand />}
        <main className="body" key={page}>
          {maySeePage(session, page) ? (
            <Suspense fallback={<Waiting rows={8} />}>
              <Page />
            </Suspense>
          ) : (
            <NotYours />
          )}
        </main>
        <Tabs page={page} />
      </div>
    </div>
  )
}

/** A link led to a page that is not for whoever followed it; nothing of it is asked. */
const NotYours = () => {
  const say = useSay()
  const { session } = useCounty()
  const first = firstPage(session)
  const hasPages = maySeePage(session, first)
  return (
    <section className="sheet" data-testid="page-forbidden">
      <EmptyNote title={say(hasPages ? 'frame.forbidden' : 'frame.no-pages')} hint={say('frame.forbidden-hint')}>
        {hasPages && (
          <a className="plain-button" href={hrefOf(first)}>
            {say('frame.forbidden-back')}
          </a>
        )}
      </EmptyNote>
    </section>
  )
}

const Brand = () => {
  const say = useSay()
  const { session } = useCounty()
  return (
    <a className="brand" href={hrefOf(firstPage(session))}>
      <Mark size={34} />
      <span>
        <strong>{say('app.name')}</strong>
        <small>{say('app.kind')}</small>
      </span>
    </a>
  )
}

const Menu = ({ page, onGone }: { readonly page: PageName; readonly onGone?: () => void }) => {
  const say = useSay()
  const { session } = useCounty()
  const shown = PAGE_NAMES.filter((name) => maySeePage(session, name))
  return (
    <nav className="menu" aria-label={say('frame.menu')}>
      {GROUPS.filter((group) => shown.some((name) => PAGES[name].group === group)).map((group) => (
        <div key={group}>
          <span className="menu-group">{say(`frame.${group}`)}</span>
          {shown
            .filter((name) => PAGES[name].group === group)
            .map((name) => (
              <PageLink key={name} name={name} here={name === page} onGone={onGone} />
            ))}
        </div>
      ))}
    </nav>
  )
}

const PageLink = ({
  name,
  here,
  onGone,
}: {
  readonly name: PageName
  readonly here: boolean
  readonly onGone?: (() => void) | undefined
}) => {
  const say = useSay()
  return (
    <a
      href={hrefOf(name)}
      onClick={onGone}
      className={here ? 'here' : ''}
      aria-current={here ? 'page' : undefined}
      data-testid={`menu-${name}`}
    >
      <Icon name={PAGES[name].icon} />
      <span>{say(`page.${name}`)}</span>
      {name === 'discrepancies' && <OpenDiscrepancies />}
      {name === 'desk' && <OpenAtDesk />}
    </a>
  )
}

const OpenDiscrepancies = () => <Count n={useLive((state) => state.view.openDiscrepancies)} />
const OpenAtDesk = () => <Count n={useDeskCounts().value?.open ?? 0} />
/** How many wait for a person. */
const Count = ({ n }: { readonly n: number }) => (n > 0 ? <b className="count">{n}</b> : null)

const Tabs = ({ page }: { readonly page: PageName }) => {
  const say = useSay()
  const { session } = useCounty()
  const shown = PAGE_NAMES.filter((name) => PAGES[name].tab && maySeePage(session, name))
  if (shown.length === 0) return null
  return (
    <nav className="tabs" aria-label={say('frame.menu')}>
      {shown.map((name) => (
        <PageLink key={name} name={name} here={name === page} />
      ))}
    </nav>
  )
}

const Who = () => {
  const { session, signOut } = useCounty()
  const say = useSay()
  const [open, setOpen] = useState(false)
  return (
    <span className="who">
      <button
        type="button"
        className="quiet-button"
        onClick={() => setOpen(true)}
        title={say('account.title')}
        aria-label={say('account.title')}
        data-testid="account-open"
      >
        <Icon name="person" size={18} />
        <span className="who-name">{session.name || session.user}</span>
      </button>
      <Suspense fallback={null}>{open && <AccountDrawer onClose={() => setOpen(false)} />}</Suspense>
      <button
        type="button"
        className="quiet-button"
        onClick={signOut}
        title={say('frame.sign-out')}
        aria-label={say('frame.sign-out')}
        data-testid="sign-out"
      >
        <Icon name="leave" size={18} />
      </button>
    </span>
  )
}

const AccountDrawer = lazy(async () => ({ default: (await import('../account/drawer.tsx')).AccountDrawer }))
const GROUPS = ['see', 'catalog', 'do', 'people'] as const
const PAGE_NAMES = Object.keys(PAGES) as PageName[]
