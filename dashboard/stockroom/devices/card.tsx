import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { deviceStanding, deviceWord, shownState } from '../../parts/devices.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { agoText, numberText, spanText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { useMoments } from '../stockroom.ts'
import { type StockroomSay, useSay } from '../words.ts'
import { DeviceName } from './name.tsx'

type Antenna = DeviceView['antennas'][number]
type Finding = DeviceView['findings'][number]
type Trouble = DeviceView['troubles'][number]

/** One device: how it does and since when, what to do about it, and what its antennas hear beside what is usual. */
export const DeviceCard = ({ device, onWork }: { readonly device: DeviceView; readonly onWork: () => void }) => {
  const say = useSay()
  const nowMs = useNowMs()
  const state = shownState(device)
  const standing = deviceStanding(state)
  const findings = device.findings.filter(({ label }) => label === null)
  return (
    <section className={`device-card device-${standing}`} data-testid={`device-${device.device}`} data-state={state}>
      <header>
        <Icon name={device.kind === 'scanner' ? 'scan' : 'door'} size={32} />
        <span>
          <DeviceName device={device} />
          <small className="mono">{device.device}</small>
        </span>
        <span className={`mark ${MARKS[standing]}`}>
          <Icon name={standing === 'well' ? 'ok' : standing === 'starting' ? 'renew' : 'warn'} size={20} />
          {deviceWord(state, say)}
        </span>
      </header>
      <p>{sentenceOf(device, state, { say, nowMs })}</p>
      {findings.map((finding) => (
        <FindingNote key={finding.finding} finding={finding} />
      ))}
      {device.troubles.map((trouble) => (
        <TroubleNote key={trouble.code} trouble={trouble} />
      ))}
      {device.antennas.length > 0 && <Antennas antennas={device.antennas} />}
      <p className="device-facts">
        {[
          `${say('devices.reads')} ${numberText(device.reads)}`,
          device.lastReadAt && `${say('devices.last-read')} ${agoText(say, device.lastReadAt, nowMs)}`,
          device.dropped > 0 && `${say('devices.dropped')} ${numberText(device.dropped)}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <footer>
        <button type="button" className="plain-button" onClick={onWork} data-testid={`work-${device.device}`}>
          <Icon name="permit" size={24} />
          {say('devices.work')}
        </button>
        <details>
          <summary>{say('devices.more')}</summary>
          <dl>
            <Fact name={say('devices.noise')} value={numberText(device.noiseBytes)} />
            <Fact name={say('devices.crc')} value={numberText(device.crcFailures)} />
            <Fact name={say('devices.dropped')} value={numberText(device.dropped)} />
          </dl>
          <small className="faint mono">{[device.module, device.address].filter(Boolean).join(' · ')}</small>
        </details>
      </footer>
    </section>
  )
}

const FindingNote = ({ finding }: { readonly finding: Finding }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moment = useMoments()
  const nowMs = useNowMs()
  return (
    <div className={`finding finding-${finding.severity}`} data-testid="finding" data-code={finding.code}>
      <b>{nameIn(finding.title, language)}</b>
      <p>
        <span className="finding-do">{say('devices.do')}</span>
        {nameIn(finding.remedy, language)}
      </p>
      <small>
        <time dateTime={finding.since}>{say('devices.since', { at: moment(finding.since, nowMs) })}</time>
      </small>
    </div>
  )
}

/** What was set and is not so: it works, but not as wished. */
const TroubleNote = ({ trouble }: { readonly trouble: Trouble }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <div className="finding finding-3" data-testid="trouble" data-code={trouble.code}>
      <b>{nameIn(trouble.title, language)}</b>
      <p>
        <span className="finding-do">{say('devices.do')}</span>
        {nameIn(trouble.remedy, language)}
      </p>
    </div>
  )
}

const Antennas = ({ antennas }: { readonly antennas: readonly Antenna[] }) => {
  const say = useSay()
  return (
    <div className="antennas">
      <small>{say('devices.antennas')}</small>
      <ul>
        {antennas.map((antenna) => (
          <AntennaLine key={antenna.antenna} antenna={antenna} />
        ))}
      </ul>
    </div>
  )
}

/** The bar is what it hears now; the stroke across it is what is usual. */
const AntennaLine = ({ antenna }: { readonly antenna: Antenna }) => {
  const say = useSay()
  const { reads, usualReads, unit, peak, usualPeak, learning } = antenna
  const most = Math.max(reads ?? 0, usualReads ?? 0, 1)
  const part = (value: number) => `${Math.round((value / most) * 100)}%`
  const isLow = reads !== null && usualReads !== null && reads < usualReads * 0.6
  return (
    <li data-testid={`antenna-${antenna.antenna}`}>
      <b>
        {say('devices.antenna', { n: antenna.antenna })}
        {(antenna.side === 'inside' || antenna.side === 'outside') && <small>{say(`side.${antenna.side}`)}</small>}
      </b>
      <span className={`antenna-bar ${isLow ? 'low' : ''}`} aria-hidden="true">
        {reads !== null && <span style={{ width: part(reads) }} />}
        {usualReads !== null && <i style={{ left: part(usualReads) }} />}
      </span>
      <span>
        {reads === null ? say('devices.no-walk') : say('devices.heard', { n: numberText(Math.round(reads)) })}
        {usualReads !== null && <small>{say('devices.usual', { n: numberText(Math.round(usualReads)) })}</small>}
      </span>
      {peak !== null && (
        <span>
          {say(`devices.level-${unit}`, { n: levelText(peak) })}
          {usualPeak !== null && <small>{say('devices.usual-level', { n: levelText(usualPeak) })}</small>}
        </span>
      )}
      {learning > 0 && <small className="antenna-learning">{say('devices.learning', { n: learning })}</small>}
    </li>
  )
}

const levelText = (level: number): string => `${Math.round(level)}`.replace('-', '−')

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

const sentenceOf = (
  { since, state: own }: DeviceView,
  shown: string,
  { say, nowMs }: { readonly say: StockroomSay; readonly nowMs: number },
): string => {
  const span = spanText(say, nowMs - Date.parse(since))
  const standing = deviceStanding(own)
  if (standing === 'well') return say(shown === own ? 'devices.well-for' : 'devices.ailing-for', { span })
  return say(standing === 'starting' ? 'devices.starting-for' : 'devices.down-for', { span })
}

const MARKS = { well: 'mark-good', starting: 'mark-near', ailing: 'mark-near', down: 'mark-bad', other: 'mark-bad' } as const
