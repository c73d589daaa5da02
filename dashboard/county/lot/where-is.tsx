import type { LotView } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { usePlaceWords } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'

/** Where a lot's units are now: rooms first, then the way, then where they ended. */
export const WhereIs = ({ lot }: { readonly lot: LotView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const words = usePlaceWords()
  const rows = lot.whereIs.filter((one) => !isOrigin(one)).toSorted(roomsFirst)
  const most = Math.max(1, ...rows.map((one) => Math.abs(one.units)))
  return (
    <Sheet title={say('lot.where-is')} className="where-is">
      {rows.length === 0 ? (
        <EmptyNote title={say('lot.nowhere')} />
      ) : (
        <ul className="where-lines">
          {rows.map((one) => {
            const said = words(one.place)
            const kind = kindOf(one.place)
            return (
              <li key={one.place} className={`where-${kind}`}>
                <Icon name={WHERE_ICONS[kind]} />
                <span className="where-name">
                  <b>{said.whole}</b>
                  {said.state && <span className={`mark mark-state-${said.state}`}>{say(`state.${said.state}`)}</span>}
                </span>
                <span className="where-bar">
                  <i style={{ width: `${(Math.abs(one.units) / most) * 100}%` }} />
                </span>
                <span className="where-units">
                  <b>{numberText(one.units)}</b> <small>{nameIn(lot.item.unit, language)}</small>
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </Sheet>
  )
}

type WhereKind = 'room' | 'way' | 'end' | 'trouble'
const kindOf = (place: string): WhereKind => {
  const virtual = placeOf(place)?.virtual
  if (virtual == null) return 'room'
  if (virtual === 'transit') return 'way'
  return virtual === 'unexplained' || virtual === 'adjusted' ? 'trouble' : 'end'
}
const WHERE_ICONS: Readonly<Record<WhereKind, IconName>> = { room: 'home', way: 'truck', end: 'out', trouble: 'warn' }
const ORDER: readonly WhereKind[] = ['room', 'way', 'trouble', 'end']
const roomsFirst = (one: LotView['whereIs'][number], other: LotView['whereIs'][number]): number =>
  ORDER.indexOf(kindOf(one.place)) - ORDER.indexOf(kindOf(other.place)) || other.units - one.units

/** Where it began, at a supplier or out of other lots, only mirrors what came of it: a person asks where things are, not where they are not. */
const isOrigin = ({ place, units }: LotView['whereIs'][number]): boolean => {
  const virtual = placeOf(place)?.virtual
  return virtual === 'supplier' || (virtual === 'transformed' && units < 0)
}
