import type { SiteSummary } from '@lotkeeper/protocol/api/views.ts'
import { useRef, useState } from 'react'
import { deviceWord } from '../../parts/devices.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { agoText, numberText, spanText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { hrefOf } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useLive, useMoments } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { type Need, needsOf, toneOf, worstFirst } from './worst.ts'

/** Every site, the one that needs a person most on top. */
export const Sites = () => {
  const say = useSay()
  const sites = useLive((state) => state.view.sites)
  const calm = useCalmOrder(sites)
  return (
    <Sheet title={say('board.sites')} hint={say('board.sites-hint')} className="board-sites">
      {sites.size === 0 ? (
        <EmptyNote title={say('board.no-sites')} hint={say('board.no-sites-hint')}>
          <a className="plain-button" href={hrefOf('nodes')}>
            {say('nodes.enrol')}
          </a>
        </EmptyNote>
      ) : (
        <ul className="site-rows" {...calm.watch} data-testid="sites">
          {calm.order.map((site) => (
            <SiteRow key={site.site} site={site} />
          ))}
        </ul>
      )}
    </Sheet>
  )
}

const SiteRow = ({ site }: { readonly site: SiteSummary }) => {
  const say = useSay()
  const { language } = useLanguage()
  const needs = needsOf(site)
  return (
    <li className={`site-row tone-${toneOf(site)}`} data-testid={`site-${site.site}`} data-state={site.node.state}>
      <a href={hrefOf('stock', { site: site.site })}>
        <span className="site-name">
          <i className="tone-dot" />
          <b>{nameIn(site.name, language)}</b>
          <SiteState site={site} />
        </span>
        <span className="site-needs">
          {needs.slice(0, NEEDS_SHOWN).map((need) => (
            <NeedMark key={need.is === 'device' ? need.device : need.is} need={need} />
          ))}
          {needs.length > NEEDS_SHOWN && <span className="mark">+{needs.length - NEEDS_SHOWN}</span>}
          {needs.length === 0 && (
            <span className="mark mark-ok">
              <Icon name="ok" size={16} />
              {say('board.all-well')}
            </span>
          )}
        </span>
        <SiteNumber
          id={`${site.site}-units`}
          name={say('board.in-stock')}
          value={site.units}
          note={say('board.of-lots', { n: site.lots })}
        />
        <SiteNumber id={`${site.site}-transit`} name={say('board.transit')} value={site.inTransit} />
        <SiteNumber id={`${site.site}-waiting`} name={say('board.waiting')} value={site.node.waiting} />
        <LastMovement at={site.lastMovementAt} />
      </a>
    </li>
  )
}

const SiteNumber = ({
  id,
  name,
  value,
  note,
}: {
  readonly id: string
  readonly name: string
  readonly value: number
  readonly note?: string
}) => (
  <span className="site-number">
    <small>{name}</small>
    <b data-testid={`site-${id}`} className={value === 0 ? 'zero' : ''}>
      {numberText(value)}
    </b>
    {note && <small className="faint">{note}</small>}
  </span>
)

const LastMovement = ({ at }: { readonly at: string | null }) => {
  const say = useSay()
  const nowMs = useNowMs()
  const moments = useMoments()
  return (
    <span className="site-last" title={at ? moments.full(at) : undefined}>
      <small>{say('board.last-movement')}</small>
      <span>{at ? agoText(say, at, nowMs) : say('page.nothing')}</span>
    </span>
  )
}

const SiteState = ({ site }: { readonly site: SiteSummary }) => {
  const say = useSay()
  const nowMs = useNowMs()
  const { state, since } = site.node
  if (state === 'online') return <small className="state-good">{say('node.online')}</small>
  if (state === 'never') return <small>{say('node.never')}</small>
  return (
    <small className="state-away">
      {since ? say('node.offline-for', { span: spanText(say, nowMs - Date.parse(since)) }) : say('node.offline')}
    </small>
  )
}

const NeedMark = ({ need }: { readonly need: Need }) => {
  const say = useSay()
  const nowMs = useNowMs()
  const [icon, tone] = NEED_LOOKS[need.is]
  return (
    <span className={`mark mark-${tone}`}>
      <Icon name={icon} size={16} />
      {needWords(need, say, nowMs)}
    </span>
  )
}

const needWords = (need: Need, say: ReturnType<typeof useSay>, nowMs: number): string => {
  if (need.is === 'offline')
    return need.since ? say('need.offline', { span: spanText(say, nowMs - Date.parse(need.since)) }) : say('node.offline')
  if (need.is === 'never') return say('need.never')
  if (need.is === 'clock') return say('need.clock', { span: spanText(say, Math.abs(need.skewMs)) })
  if (need.is === 'device') return say('need.device', { device: need.device, state: deviceWord(need.state, say) })
  return say(`need.${need.is}`, { n: need.count })
}

const NEED_LOOKS: Readonly<Record<Need['is'], readonly [IconName, 'bad' | 'near' | 'quiet' | 'way']>> = {
  expired: ['expired', 'bad'],
  offline: ['link-off', 'bad'],
  device: ['warn', 'bad'],
  discrepancies: ['discrepancy', 'bad'],
  clock: ['clock', 'near'],
  near: ['near', 'near'],
  waiting: ['upload', 'way'],
  never: ['node', 'quiet'],
}
const NEEDS_SHOWN = 3

/** Worst first, but never while somebody points at the list: a row must not slip away under a finger. */
const useCalmOrder = (sites: ReadonlyMap<string, SiteSummary>) => {
  const [watched, setWatched] = useState(false)
  const order = useRef<readonly string[]>([])
  const same = order.current.length === sites.size && order.current.every((id) => sites.has(id))
  if (!watched || !same) order.current = worstFirst(sites.values()).map((site) => site.site)
  return {
    order: order.current.flatMap((id) => sites.get(id) ?? []),
    watch: {
      onPointerEnter: () => setWatched(true),
      onPointerLeave: () => setWatched(false),
      onFocus: () => setWatched(true),
      onBlur: () => setWatched(false),
    },
  }
}
