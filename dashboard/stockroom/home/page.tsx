import { deviceStanding, deviceWord, shownState } from '../../parts/devices.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { hrefOf } from '../../parts/route.ts'
import { ALARM_ICONS } from '../alarms/page.tsx'
import { DeviceName } from '../devices/name.tsx'
import { LinkLevels } from '../frame/link.tsx'
import { ScanStrip } from '../scan/strip.tsx'
import { useNode, useNodeState } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** The first screen: what rings, the four works, where every entry is, how the doors do. */
export const HomePage = () => {
  const say = useSay()
  const state = useNodeState().value
  return (
    <div className="home">
      <AlarmBanner />
      {state && !state.clockTrusted && (
        <p className="notice">
          <Icon name="clock" size={26} />
          {say('home.clock', { today: state.today })}
        </p>
      )}
      <div className="home-left">
        <nav className="works" aria-label={say('home.works')}>
          <Work to="receive" icon="in" tone="good" />
          <Work to="issue" icon="out" tone="way" />
          <Work to="stock" icon="stock" tone="brand" />
          <Work to="tasks" icon="task" tone={state && state.tasks > 0 ? 'near' : 'quiet'} count={state?.tasks ?? 0} />
        </nav>
        <ScanStrip hint={say('home.scan-hint')} />
      </div>
      <div className="home-right">
        <LinkLevels />
        <Doors />
      </div>
    </div>
  )
}

interface WorkLine {
  readonly to: 'receive' | 'issue' | 'stock' | 'tasks'
  readonly icon: IconName
  readonly tone: string
  readonly count?: number
}

const Work = ({ to, icon, tone, count = 0 }: WorkLine) => {
  const say = useSay()
  return (
    <a className={`work-button tone-${tone}`} href={hrefOf(to)} data-testid={`work-${to}`}>
      <Icon name={icon} size={46} />
      <b>{say(`screen.${to}`)}</b>
      <small>{count > 0 ? say('home.tasks-n', { n: count }) : say(`home.${to}`)}</small>
      {count > 0 && <span className="work-count">{count}</span>}
    </a>
  )
}

/** What rings and nobody has taken on yet: the gravest in words, the rest as a number. */
const AlarmBanner = () => {
  const say = useSay()
  const { language } = useLanguage()
  const open = useNode('alarms').value?.rows.filter((alarm) => alarm.acknowledgedBy === null) ?? []
  const [worst] = open.toSorted((one, other) => one.severity - other.severity)
  if (!worst) return null
  return (
    <a className={`alarm-banner alarm-${worst.severity}`} href={hrefOf('alarms')} data-testid="alarm-banner">
      <Icon name={ALARM_ICONS[worst.kind]} size={32} />
      <span>
        <b>{nameIn(worst.title, language)}</b>
        {open.length > 1 && <small>{say('home.more-alarms', { n: open.length - 1 })}</small>}
      </span>
      <Icon name="forward" size={26} />
    </a>
  )
}

const Doors = () => {
  const say = useSay()
  const rows = useNode('devices').value?.rows ?? []
  if (rows.length === 0) return null
  return (
    <section className="doors">
      <h2>{say('home.devices')}</h2>
      <ul>
        {rows.map((device) => {
          const state = shownState(device)
          const standing = deviceStanding(state)
          return (
            <li key={device.device} className={`device-${standing}`}>
              <Icon name={device.kind === 'scanner' ? 'scan' : 'door'} size={26} />
              <DeviceName device={device} />
              <span
                className={`mark ${standing === 'well' ? 'mark-good' : standing === 'starting' || standing === 'ailing' ? 'mark-near' : 'mark-bad'}`}
              >
                <Icon name={standing === 'well' ? 'ok' : 'warn'} size={20} />
                {deviceWord(state, say)}
              </span>
            </li>
          )
        })}
      </ul>
      <p className="home-links">
        <a href={hrefOf('movements')}>
          <Icon name="movements" size={24} />
          {say('screen.movements')}
        </a>
        <a href={hrefOf('alarms')}>
          <Icon name="alarm" size={24} />
          {say('screen.alarms')}
        </a>
        <a href={hrefOf('devices')}>
          <Icon name="node" size={24} />
          {say('screen.devices')}
        </a>
      </p>
    </section>
  )
}
