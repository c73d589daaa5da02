import type { MovementRow, SiteSummary } from '@lotkeeper/protocol/api/views.ts'
import { useEffect, useRef, useState } from 'react'
import { clip } from '../../parts/clip.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { spanText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { hrefOf } from '../../parts/route.ts'
import { useLive } from '../county.ts'
import { movementKey } from '../live/view.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { type Point, RINGS_MAX, ringOf } from './ring.ts'
import { toneOf } from './worst.ts'

/** The county as a drawing: who is connected, who needs a person, what is moving now. No borders are drawn: a map of them needs a permit. */
export const Schematic = () => {
  const say = useSay()
  const sites = useLive((state) => state.view.sites)
  const order = [...sites.values()].sort((one, other) => (one.site < other.site ? -1 : 1))
  return (
    <Sheet title={say('board.picture')} className="board-picture">
      {order.length > RINGS_MAX ? <Field sites={order} /> : <Rings sites={order} />}
      <Legend />
    </Sheet>
  )
}

const Rings = ({ sites }: { readonly sites: readonly SiteSummary[] }) => {
  const say = useSay()
  const points = ringOf(sites.length, AREA)
  const pulses = usePulses()
  return (
    <svg className="rings" viewBox={`0 -6 ${AREA.width} ${AREA.height + 36}`} role="img" aria-label={say('board.picture')}>
      {sites.map((site, index) => (
        <path key={site.site} d={lineOf(points[index])} className={`ring-line ring-line-${site.node.state}`} />
      ))}
      {pulses.map((pulse) => {
        const point = points[sites.findIndex((site) => site.site === pulse.site)]
        return point && <circle key={pulse.id} r={5} className="pulse" style={{ offsetPath: `path('${lineOf(point)}')` }} />
      })}
      <g transform={`translate(${MIDDLE.x} ${MIDDLE.y})`}>
        <circle r={34} className="ring-hub" />
        <path d="M-13 14V-5l13-10 13 10v19zM-4.5 14V4h9v10" className="ring-hub-house" />
        <text y={52} className="ring-name">
          {say('place.hub')}
        </text>
      </g>
      {sites.map((site, index) => (
        <SiteNode key={site.site} site={site} at={points[index] ?? MIDDLE} />
      ))}
    </svg>
  )
}

const SiteNode = ({ site, at }: { readonly site: SiteSummary; readonly at: Point }) => {
  const { language } = useLanguage()
  const tone = toneOf(site)
  return (
    <a href={hrefOf('stock', { site: site.site })} className={`ring-node tone-${tone}`}>
      <g transform={`translate(${at.x} ${at.y})`}>
        <circle r={21} className="ring-node-ground" />
        <path d={TONE_SHAPES[tone]} className="ring-node-shape" />
        <text y={38} className="ring-name">
          {clip(nameIn(site.name, language), 7.8)}
        </text>
        <title>{nameIn(site.name, language)}</title>
        <NodeNote site={site} />
      </g>
    </a>
  )
}

const NodeNote = ({ site }: { readonly site: SiteSummary }) => {
  const say = useSay()
  const nowMs = useNowMs()
  const { node } = site
  const words =
    node.state === 'never'
      ? say('node.never')
      : node.state === 'offline'
        ? node.since
          ? say('node.offline-for', { span: spanText(say, nowMs - Date.parse(node.since)) })
          : say('node.offline')
        : node.waiting > 0
          ? say('board.waiting-n', { n: node.waiting })
          : ''
  return (
    <text y={53} className="ring-note">
      {words}
    </text>
  )
}

/** Hundreds of sites: one square each, its name on pointing. */
const Field = ({ sites }: { readonly sites: readonly SiteSummary[] }) => {
  const { language } = useLanguage()
  return (
    <div className="field">
      {sites.map((site) => (
        <a
          key={site.site}
          href={hrefOf('stock', { site: site.site })}
          className={`tone-${toneOf(site)}`}
          title={nameIn(site.name, language)}
        >
          <span className="sr-only">{nameIn(site.name, language)}</span>
        </a>
      ))}
    </div>
  )
}

const Legend = () => {
  const say = useSay()
  return (
    <ul className="legend">
      {(['good', 'near', 'bad', 'away', 'never'] as const).map((tone) => (
        <li key={tone} className={`tone-${tone}`}>
          <svg width="20" height="20" viewBox="-12 -12 24 24" aria-hidden="true">
            <circle r={11} className="ring-node-ground" />
            <path d={TONE_SHAPES[tone]} className="ring-node-shape" transform="scale(.62)" />
          </svg>
          {say(`tone.${tone}`)}
        </li>
      ))}
    </ul>
  )
}

interface Pulse {
  readonly id: string
  readonly site: string
}

/** A dot runs to the county for each movement that has just been booked; what was there when the page opened does not run. */
const usePulses = (): readonly Pulse[] => {
  const movements = useLive((state) => state.view.movements)
  const last = useRef<MovementRow | undefined>(movements[0])
  const [pulses, setPulses] = useState<readonly Pulse[]>([])
  useEffect(() => {
    const until = last.current
      ? movements.findIndex((row) => last.current && movementKey(row) === movementKey(last.current))
      : movements.length
    last.current = movements[0]
    const fresh = movements.slice(0, Math.min(Math.max(0, until), PULSES_MAX))
    if (fresh.length === 0) return
    const added = fresh.map((row) => ({ id: movementKey(row), site: row.site }))
    setPulses((now) => [...now, ...added].slice(-PULSES_MAX))
    setTimeout(() => setPulses((now) => now.filter((pulse) => !added.includes(pulse))), PULSE_MS)
  }, [movements])
  return pulses
}

const AREA = { width: 360, height: 340 }
const MIDDLE: Point = { x: AREA.width / 2, y: AREA.height / 2 }
const lineOf = (point: Point | undefined): string => (point ? `M${point.x} ${point.y}L${MIDDLE.x} ${MIDDLE.y}` : '')
/** A sign in each dot, so that colour never speaks alone. */
const TONE_SHAPES = {
  good: 'M-8 0l5.5 6L8-6',
  near: 'M0-8v9M0 6.5v.5',
  bad: 'M-6-6L6 6M6-6L-6 6',
  away: 'M-8 0H8',
  never: 'M-7 0h.1M0 0h.1M7 0h.1',
}
const PULSES_MAX = 12
const PULSE_MS = 1_600
