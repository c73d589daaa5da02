import type { SiteSummary } from '@lotkeeper/protocol/api/views.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { numberText } from '../../parts/moments.ts'
import { hrefOf } from '../../parts/route.ts'
import { useLive } from '../county.ts'
import { useSay } from '../words.ts'

/** The county's figures; each leads to the rows it was counted from. */
export const Figures = () => {
  const say = useSay()
  const sites = useLive((state) => state.view.sites)
  const open = useLive((state) => state.view.openDiscrepancies)
  const all = [...sites.values()]
  const online = all.filter((site) => site.node.state === 'online').length
  const expired = sum(all, (site) => site.expired)
  const near = sum(all, (site) => site.near)
  const waiting = sum(all, (site) => site.node.waiting)
  return (
    <section className="figures" aria-label={say('board.figures')}>
      <Figure
        id="online"
        icon="node"
        name={say('board.online')}
        href={hrefOf('nodes')}
        value={`${online}`}
        of={`/ ${all.length}`}
        tone={online < all.length ? 'near' : 'good'}
      />
      <Figure id="lots" icon="stock" name={say('board.lots')} href={hrefOf('stock')} value={numberText(sum(all, (site) => site.lots))} />
      <Figure
        id="transit"
        icon="truck"
        name={say('board.transit')}
        href={hrefOf('tags')}
        value={numberText(sum(all, (site) => site.inTransit))}
        of={say('board.units')}
      />
      <Figure
        id="expired"
        icon="expired"
        name={say('board.expired')}
        href={hrefOf('expiring', { within: 'expired' })}
        value={numberText(expired)}
        tone={expired > 0 ? 'bad' : 'good'}
      />
      <Figure
        id="near"
        icon="near"
        name={say('board.near')}
        href={hrefOf('expiring')}
        value={numberText(near)}
        tone={near > 0 ? 'near' : 'good'}
      />
      <Figure
        id="waiting"
        icon="upload"
        name={say('board.waiting')}
        href={hrefOf('nodes')}
        value={numberText(waiting)}
        tone={waiting > 0 ? 'near' : 'good'}
      />
      <Figure
        id="discrepancies"
        icon="discrepancy"
        name={say('board.discrepancies')}
        href={hrefOf('discrepancies')}
        value={numberText(open)}
        tone={open > 0 ? 'bad' : 'good'}
      />
    </section>
  )
}

interface FigureLine {
  readonly id: string
  readonly icon: IconName
  readonly name: string
  readonly href: string
  readonly value: string
  readonly of?: string
  readonly tone?: 'good' | 'near' | 'bad'
}

const Figure = ({ id, icon, name, href, value, of, tone }: FigureLine) => (
  <a className={`figure figure-${tone ?? 'plain'}`} href={href} data-testid={`figure-${id}`}>
    <span className="figure-name">
      <Icon name={icon} size={18} />
      {name}
    </span>
    <span className="figure-value">
      <b data-testid={`figure-${id}-value`}>{value}</b>
      {of && <small>{of}</small>}
    </span>
  </a>
)

const sum = (sites: readonly SiteSummary[], of: (site: SiteSummary) => number): number => sites.reduce((total, site) => total + of(site), 0)
