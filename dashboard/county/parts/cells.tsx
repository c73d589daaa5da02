import type { Text } from '../../parts/language.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { hrefOf } from '../../parts/route.ts'
import { useMoments, usePlaceWords } from '../county.ts'
import { useSay } from '../words.ts'

/** An item's name. */
export const ItemCell = ({ name, code }: { readonly name: Text; readonly code: string }) => {
  const { language } = useLanguage()
  return (
    <span className="item-cell">
      <b>{nameIn(name, language)}</b>
      <small className="mono faint">{code}</small>
    </span>
  )
}

/** A lot number that leads to the lot's journey. */
export const LotLink = ({ lot, number }: { readonly lot: string; readonly number: string }) => {
  const say = useSay()
  return (
    <a className="lot-link mono" href={hrefOf('lot', { lot })} title={say('lot.open')}>
      {number}
    </a>
  )
}

/** Units with their unit; the figure lines up with the ones above and below. */
export const UnitsCell = ({ units, unit }: { readonly units: number; readonly unit: Text }) => {
  const { language } = useLanguage()
  return (
    <span className="units-cell">
      <b>{numberText(units)}</b> <small>{nameIn(unit, language)}</small>
    </span>
  )
}

/** Room and state of a place; the site is named too where rows of several sites stand together. */
export const PlaceCell = ({ place, withSite = false }: { readonly place: string; readonly withSite?: boolean }) => {
  const say = useSay()
  const words = usePlaceWords()(place)
  return (
    <span className="place-cell">
      <span>{withSite ? words.whole : words.room}</span>
      {words.state !== null && <span className={`mark mark-state-${words.state}`}>{say(`state.${words.state}`)}</span>}
    </span>
  )
}

/** A moment on the county's clock, whole in its tooltip. */
export const MomentCell = ({ at }: { readonly at: string }) => {
  const moments = useMoments()
  const nowMs = useMinuteMs()
  return (
    <time dateTime={at} title={moments.full(at)}>
      {moments.exact(at, nowMs)}
    </time>
  )
}
