import type { DeviceView, NodeAnswer } from '@lotkeeper/protocol/api/node.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { hrefOf } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useMoments, useNode, useNodeState } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { DeviceCard } from './card.tsx'
import { DevicePast } from './past.tsx'
import { WorkPaper } from './work.tsx'
import './devices.css'

/** How the readers and the scanner do and what to do about them, the labels that are dying, and what happened; figures for whoever is asked for help. */
export const DevicesPage = () => {
  const say = useSay()
  const devices = useNode('devices')
  const [working, setWorking] = useState<string | null>(null)
  const rows = devices.value?.rows
  const worked = rows?.find(({ device }) => device === working)
  return (
    <div className="work">
      <h1>{say('screen.devices')}</h1>
      {devices.trouble && <TroubleNote trouble={devices.trouble} />}
      {!rows && !devices.trouble && <Waiting rows={5} />}
      {rows?.length === 0 && <EmptyNote title={say('devices.none')} hint={say('devices.none-hint')} />}
      <div className="device-cards">
        {rows?.map((device) => (
          <DeviceCard key={device.device} device={device} onWork={() => setWorking(device.device)} />
        ))}
      </div>
      {rows && <DyingLabels rows={rows} />}
      {rows && rows.length > 0 && <DevicePast devices={rows} />}
      {devices.value && <RingLine ring={devices.value.ring} />}
      <Software />
      {worked && <WorkPaper device={worked} onClose={() => setWorking(null)} />}
    </div>
  )
}

/** Labels to put a new one on: what they are stuck on, and how many times they were hardly heard. */
const DyingLabels = ({ rows }: { readonly rows: readonly DeviceView[] }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moment = useMoments()
  const nowMs = useNowMs()
  const dying = rows.flatMap(({ findings }) => findings).flatMap((one) => (one.label === null ? [] : [{ ...one, label: one.label }]))
  if (dying.length === 0) return null
  return (
    <section className="card dying" data-testid="dying-labels">
      <h2>{say('devices.labels')}</h2>
      <p className="soft">{nameIn(dying[0]?.remedy ?? { zh: '', en: '' }, language)}</p>
      <ul>
        {dying.map(({ finding, label, title, since }) => (
          <li key={finding}>
            <b>{label.itemName ? nameIn(label.itemName, language) : say('devices.label-unknown')}</b>
            <span>{[label.lotNumber, label.pack].filter(Boolean).join(' · ')}</span>
            <span className="mono">{label.epc}</span>
            <small>
              {nameIn(title, language)} · {say('devices.since', { at: moment(since, nowMs) })}
            </small>
          </li>
        ))}
      </ul>
      <a href={hrefOf('tags')} className="plain-button">
        <Icon name="tag" size={24} />
        {say('devices.labels-go')}
      </a>
    </section>
  )
}

const RingLine = ({ ring }: { readonly ring: NodeAnswer<'devices'>['ring'] }) => {
  const say = useSay()
  return (
    <p className={ring.dropped > 0 ? 'ring-lost' : 'soft'} data-testid="ring">
      {say('devices.ring', { kept: megabytes(ring.bytes), most: megabytes(ring.bytesMax) })}
      {ring.dropped > 0 && say('devices.ring-dropped', { n: numberText(ring.dropped) })}
    </p>
  )
}

const megabytes = (bytes: number): string => `${bytes < 10_485_760 ? (bytes / 1_048_576).toFixed(1) : Math.round(bytes / 1_048_576)} MB`

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
