import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { deviceStanding, deviceWord } from '../../parts/devices.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { agoText, numberText, spanText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useMoments, useNode, useNodeState } from '../stockroom.ts'
import { type StockroomSay, useSay } from '../words.ts'

/** How the readers and the scanner do, in words; the figures stand below for whoever is asked for help. */
export const DevicesPage = () => {
  const say = useSay()
  const devices = useNode('devices')
  const rows = devices.value?.rows
  return (
    <div className="work">
      <h1>{say('screen.devices')}</h1>
      {devices.trouble && <TroubleNote trouble={devices.trouble} />}
      {!rows && !devices.trouble && <Waiting rows={5} />}
      {rows?.length === 0 && <EmptyNote title={say('devices.none')} hint={say('devices.none-hint')} />}
      <div className="device-cards">
        {rows?.map((device) => (
          <DeviceCard key={device.device} device={device} />
        ))}
      </div>
      <Software />
    </div>
  )
}

const DeviceCard = ({ device }: { readonly device: DeviceView }) => {
  const say = useSay()
  const nowMs = useNowMs()
  const moment = useMoments()
  const standing = deviceStanding(device.state)
  return (
    <section className={`device-card device-${standing}`} data-testid={`device-${device.device}`} data-state={device.state}>
      <header>
        <Icon name={device.kind === 'scanner' ? 'scan' : 'door'} size={32} />
        <span>
          <DeviceName device={device} />
          <small className="mono">{device.device}</small>
        </span>
        <span className={`mark ${MARKS[standing]}`}>
          <Icon name={standing === 'well' ? 'ok' : standing === 'starting' ? 'renew' : 'warn'} size={20} />
          {deviceWord(device.state, say)}
        </span>
      </header>
      <p>{sentenceOf(device, say, nowMs)}</p>
      <dl>
        <Fact name={say('devices.reads')} value={numberText(device.reads)} />
        <Fact name={say('devices.last-read')} value={device.lastReadAt ? agoText(say, device.lastReadAt, nowMs) : say('page.nothing')} />
        <Fact name={say('devices.noise')} value={numberText(device.noiseBytes)} />
        <Fact name={say('devices.crc')} value={numberText(device.crcFailures)} />
      </dl>
      {device.gaps.length > 0 && (
        <details>
          <summary>{say('devices.gaps', { n: device.gaps.length })}</summary>
          <ul className="gaps">
            {device.gaps.map((gap) => (
              <li key={gap.from}>
                {moment(gap.from, nowMs)} - {gap.to ? moment(gap.to, nowMs) : say('devices.still')} <small>{gap.why}</small>
              </li>
            ))}
          </ul>
        </details>
      )}
      <small className="faint mono">{[device.module, device.address].filter(Boolean).join(' · ')}</small>
    </section>
  )
}

/** Where it hangs, in words: `库房大门 · 外侧读写器`. */
export const DeviceName = ({ device }: { readonly device: Pick<DeviceView, 'kind' | 'door' | 'side' | 'device'> }) => {
  const say = useSay()
  const { language } = useLanguage()
  const door = useNodeState().value?.doors.find((one) => one.door === device.door)
  const kind = say(device.kind === 'scanner' ? 'device.scanner' : 'device.reader')
  const side = device.side === 'inside' || device.side === 'outside' ? say(`side.${device.side}`) : ''
  const what = language === 'en' && side ? `${side} ${kind.toLowerCase()}` : `${side}${kind}`
  return <b>{door ? `${nameIn(door.name, language)} · ${what}` : kind}</b>
}

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

const Software = () => {
  const say = useSay()
  const state = useNodeState().value
  return (
    state && (
      <p className="faint mono software">
        {[say('app.name'), state.version, state.node, `${state.head.epoch}/${state.head.seq}`].join(' · ')}
      </p>
    )
  )
}

const sentenceOf = (device: DeviceView, say: StockroomSay, nowMs: number): string => {
  const span = spanText(say, nowMs - Date.parse(device.since))
  const standing = deviceStanding(device.state)
  return say(standing === 'well' ? 'devices.well-for' : standing === 'starting' ? 'devices.starting-for' : 'devices.down-for', { span })
}

const MARKS = { well: 'mark-good', starting: 'mark-near', down: 'mark-bad', other: 'mark-bad' } as const
