import { Drawer } from 'antd'
import { Suspense, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { hrefOf, useRoute } from '../../parts/route.ts'
import { Waiting } from '../../parts/trouble.tsx'
import { useCounty, useLive } from '../county.ts'
import { useDeskCounts } from '../desk/use-desk.ts'
import { useSay } from '../words.ts'
import { FindBox } from './find.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { LiveAge, LostBand } from './live-age.tsx'
import { Mark } from './mark.tsx'
import { PAGES, type PageName, pageNamed } from './pages.tsx'
import './frame.css'

/** What stands around every page: the menu, how old the picture is, who is signed in. */
export const Frame = () => {
  const say = useSay()
  const page = pageNamed(useRoute().page)
  const [menuOpen, setMenuOpen] = useState(false)
  const Page = PAGES[page].show
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
          <FindBox />
          <LiveAge />
          <LanguageSwitch />
          <Who />
        </header>
        <LostBand />
        <main className="body" key={page}>
          <Suspense fallback={<Waiting rows={8} />}>
            <Page />
          </Suspense>
        </main>
        <Tabs page={page} />
      </div>
    </div>
  )
}

const Brand = () => {
  const say = useSay()
  return (
    <a className="brand" href={hrefOf('board')}>
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
  return (
    <nav className="menu" aria-label={say('frame.menu')}>
      {(['see', 'catalog', 'do'] as const).map((group) => (
        <div key={group}>
          <span className="menu-group">{say(`frame.${group}`)}</span>
          {PAGE_NAMES.filter((name) => PAGES[name].group === group).map((name) => (
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
  return (
    <nav className="tabs" aria-label={say('frame.menu')}>
      {PAGE_NAMES.filter((name) => PAGES[name].tab).map((name) => (
        <PageLink key={name} name={name} here={name === page} />
      ))}
    </nav>
  )
}

const Who = () => {
  const { user, signOut } = useCounty()
  const say = useSay()
  return (
    <span className="who">
      <Icon name="person" size={18} />
      <span className="who-name">{user}</span>
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

const PAGE_NAMES = Object.keys(PAGES) as PageName[]
