import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import { type ComponentType, useState } from 'react'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { goTo, hrefOf, useRoute } from '../../parts/route.ts'
import { AlarmsPage } from '../alarms/page.tsx'
import { CountPage } from '../count/page.tsx'
import { DevicesPage } from '../devices/page.tsx'
import { ExpectedPage } from '../expected/page.tsx'
import { HomePage } from '../home/page.tsx'
import { IssuePage } from '../issue/page.tsx'
import { LookPage } from '../look/page.tsx'
import { MorePage } from '../more/page.tsx'
import { MovePage } from '../move/page.tsx'
import { MovementsPage } from '../movements/page.tsx'
import { Paper } from '../parts/paper.tsx'
import { Idle } from '../people/idle.tsx'
import { Face } from '../people/tiles.tsx'
import { ReceivePage } from '../receive/page.tsx'
import { ScanFacts } from '../scan/facts.tsx'
import { PairNote } from '../scan/pair-note.tsx'
import { ScrapPage } from '../scrap/page.tsx'
import { ShipPage } from '../ship/page.tsx'
import { StockPage } from '../stock/page.tsx'
import { type BookedNote, useNodeState, useScans, useStockroom } from '../stockroom.ts'
import { TagsPage } from '../tags/page.tsx'
import { TasksPage } from '../tasks/page.tsx'
import { TransformPage } from '../transform/page.tsx'
import { useSay } from '../words.ts'
import { LanguageButton } from './language-button.tsx'
import { CertificateNote, LinkPill } from './link.tsx'
import { UndoBar } from './undo-bar.tsx'

interface FrameLine {
  readonly listening: boolean
  readonly note: (BookedNote & { readonly at: number }) | null
  readonly clearNote: () => void
}

/** What stands around every screen: whose stockroom, how the line is, the way to the four works, and ten seconds to take back. */
export const Frame = ({ listening, note, clearNote }: FrameLine) => {
  const say = useSay()
  const { page } = useRoute()
  const here = Object.hasOwn(SCREENS, page) ? (page as ScreenName) : 'home'
  const Screen = SCREENS[here].show
  const state = useNodeState()
  return (
    <div className="shell">
      <TopBar />
      {state.trouble && !listening && (
        <div className="lost" role="alert" data-testid="lost">
          <Icon name="link-off" size={26} />
          {say('frame.lost')}
        </div>
      )}
      <CertificateNote />
      <Rail here={here} />
      <main className="screen" key={here}>
        <Screen />
      </main>
      <Idle />
      {note && <UndoBar key={note.at} note={note} onGone={clearNote} />}
      {!TAKES_SCANS.includes(here) && <ScanAnywhere />}
    </div>
  )
}

const TopBar = () => {
  const say = useSay()
  const { language } = useLanguage()
  const { keeper, signOut, memory } = useStockroom()
  const [sound, setSound] = useState(memory.read('sound') !== 'off')
  const site = useNodeState().value?.site
  const switchSound = (): void => {
    memory.write('sound', sound ? 'off' : 'on')
    setSound(!sound)
  }
  return (
    <header className="bar">
      <a className="bar-site" href={hrefOf('home')}>
        <b>{site ? nameIn(site.name, language) : say('app.name')}</b>
        <small>{say('app.kind')}</small>
      </a>
      <LinkPill />
      <button
        type="button"
        className="bar-button"
        onClick={switchSound}
        aria-pressed={sound}
        aria-label={say(sound ? 'frame.sound-on' : 'frame.sound-off')}
      >
        <Icon name={sound ? 'sound' : 'mute'} size={24} />
      </button>
      <LanguageButton />
      <button
        type="button"
        className="bar-button bar-person"
        onClick={signOut}
        aria-label={say('people.switch-from', { keeper })}
        data-testid="sign-out"
      >
        <Face name={keeper} />
        <span>{keeper}</span>
        <b>{say('people.switch')}</b>
      </button>
    </header>
  )
}

const Rail = ({ here }: { readonly here: ScreenName }) => {
  const say = useSay()
  const state = useNodeState().value
  // A rarer act has no place of its own there: it is found behind the entry that leads to it.
  const entry = SCREENS[here].at === 'more' ? 'more' : null
  const counts: Partial<Record<ScreenName, number>> = { tasks: state?.tasks ?? 0, alarms: state?.alarms ?? 0 }
  return (
    <nav className="rail" aria-label={say('frame.menu')}>
      {RAIL_NAMES.map((name) => (
        <a
          key={name}
          href={hrefOf(name)}
          className={`${name === here || name === entry ? 'here' : ''} ${SCREENS[name].at === 'tab' ? '' : 'rail-more'}`}
          aria-current={name === here ? 'page' : undefined}
          data-testid={`go-${name}`}
        >
          <Icon name={SCREENS[name].icon} size={26} />
          <span>{say(`screen.${name}`)}</span>
          {(counts[name] ?? 0) > 0 && <b className={`badge badge-${name}`}>{counts[name]}</b>}
        </a>
      ))}
    </nav>
  )
}

/** A code read while no screen waits for one: what it says, and the two things one does with a box. */
const ScanAnywhere = () => {
  const say = useSay()
  const [view, setView] = useState<ScanView | null>(null)
  const { sounds } = useStockroom()
  useScans((scan) => {
    if (scan.refused || !scan.item) sounds.unknown()
    else sounds.ok()
    setView(scan)
  })
  if (!view) return null
  const take = (screen: ScreenName): void => {
    setView(null)
    goTo(screen, { code: view.scan })
  }
  return (
    <Paper title={say('scan.read-this')} onClose={() => setView(null)} testId="scan-anywhere">
      <PairNote view={view} onParted={([first]) => first && setView(first)} />
      <ScanFacts view={view} />
      {view.item && (
        <div className="two-buttons">
          <button type="button" className="wide-button good" onClick={() => take('receive')}>
            <Icon name="in" size={26} />
            {say('screen.receive')}
          </button>
          <button type="button" className="wide-button way" onClick={() => take('issue')}>
            <Icon name="out" size={26} />
            {say('screen.issue')}
          </button>
        </div>
      )}
      <button type="button" className="wide-button quiet" onClick={() => take('look')} data-testid="look-into">
        <Icon name="search" size={24} />
        {say('look.into')}
      </button>
    </Paper>
  )
}

interface ScreenLine {
  readonly icon: IconName
  /** Where it is found: in the bar at the foot of a phone too, only in the rail of a tablet, or behind `more`. */
  readonly at: 'tab' | 'rail' | 'more'
  readonly show: ComponentType
}

const SCREENS = {
  home: { icon: 'home', at: 'tab', show: HomePage },
  receive: { icon: 'in', at: 'tab', show: ReceivePage },
  issue: { icon: 'out', at: 'tab', show: IssuePage },
  stock: { icon: 'stock', at: 'tab', show: StockPage },
  tasks: { icon: 'task', at: 'tab', show: TasksPage },
  more: { icon: 'more', at: 'tab', show: MorePage },
  alarms: { icon: 'alarm', at: 'rail', show: AlarmsPage },
  movements: { icon: 'movements', at: 'rail', show: MovementsPage },
  devices: { icon: 'node', at: 'rail', show: DevicesPage },
  expected: { icon: 'truck', at: 'more', show: ExpectedPage },
  count: { icon: 'count', at: 'more', show: CountPage },
  ship: { icon: 'upload', at: 'more', show: ShipPage },
  move: { icon: 'place', at: 'more', show: MovePage },
  transform: { icon: 'transform', at: 'more', show: TransformPage },
  scrap: { icon: 'erase', at: 'more', show: ScrapPage },
  tags: { icon: 'tag', at: 'more', show: TagsPage },
  look: { icon: 'scan', at: 'more', show: LookPage },
} as const satisfies Record<string, ScreenLine>
type ScreenName = keyof typeof SCREENS
const RAIL_NAMES = (Object.keys(SCREENS) as ScreenName[]).filter((name) => SCREENS[name].at !== 'more')
/** Screens that take codes themselves. */
const TAKES_SCANS: readonly ScreenName[] = ['receive', 'issue', 'stock', 'count', 'ship', 'move', 'transform', 'scrap', 'tags', 'look']
