import type { LotView } from '@lotkeeper/protocol/api/views.ts'
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { hrefOf, useRoute } from '../../parts/route.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useLive, usePlaceWords } from '../county.ts'
import { LotLink } from '../parts/cells.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { LotDays } from './days.tsx'
import { FindLot } from './find-lot.tsx'
import { Flow } from './flow.tsx'
import { Genealogy } from './genealogy.tsx'
import { Journey } from './journey.tsx'
import { Level } from './level.tsx'
import { onHand } from './levels.ts'
import { WhereIs } from './where-is.tsx'
import './lot.css'

/** One lot: where it is, where it went, on what evidence. What moves while one looks is read again. */
export const LotPage = () => {
  const say = useSay()
  const lot = useRoute().choice['lot'] ?? null
  const read = useHub('lot', lot === null ? null : { lot })
  useRenewWhenMoved(lot)
  return (
    <>
      <Sheet title={say('lot.find')} hint={say('lot.find-hint')}>
        <div className="filters">
          <FindLot lot={lot} />
        </div>
        {lot === null && <EmptyNote title={say('lot.none')} hint={say('lot.none-hint')} />}
        {read.trouble && <TroubleNote trouble={read.trouble} />}
      </Sheet>
      {lot !== null && !read.value && !read.trouble && <Waiting rows={8} />}
      {read.value && (
        <div className="lot" data-testid="lot">
          <LotHead lot={read.value} />
          <SameLots lot={read.value} />
          <LotDays lot={read.value} />
          <WhereIs lot={read.value} />
          <Flow lot={read.value} />
          <Genealogy lot={read.value.lot} />
          <Journey lot={read.value} />
          <div className="lot-side">
            <Level lot={read.value} />
            <Tags lot={read.value} />
          </div>
        </div>
      )}
    </>
  )
}

const LotHead = ({ lot }: { readonly lot: LotView }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <section className="sheet lot-head">
      <div>
        <h2>{nameIn(lot.item.name, language)}</h2>
        <small className="soft">{[lot.item.model, lot.item.item].filter(Boolean).join(' · ')}</small>
      </div>
      <LotFact name={say('column.lot')} value={<span className="mono">{lot.lotNumber}</span>} />
      <LotFact name={say('column.expiry')} value={lot.expiry ?? say('page.nothing')} note={<ExpiryMark row={lot} />} />
      <LotFact
        name={say('lot.on-hand')}
        value={
          <span data-testid="lot-on-hand">
            {numberText(onHand(lot))} <small>{nameIn(lot.item.unit, language)}</small>
          </span>
        }
      />
    </section>
  )
}

/** Where the county says that a number was written wrongly: the way to the right lot, or to what stands under other numbers. */
const SameLots = ({ lot }: { readonly lot: LotView }) => {
  const say = useSay()
  const numberOf = (one: string): string => one.slice(one.indexOf('/') + 1)
  if (lot.now === lot.lot && lot.metAs.length === 0) return null
  return (
    <p className="sheet lot-same" data-testid="lot-same">
      <Icon name="forward" size={18} />
      {lot.now !== lot.lot ? (
        <span>
          {say('lot.is-now')} <LotLink lot={lot.now} number={numberOf(lot.now)} />
        </span>
      ) : (
        <span>
          {say('lot.met-as')}
          {lot.metAs.map((one) => (
            <span key={one}>
              {' '}
              <LotLink lot={one} number={numberOf(one)} />
            </span>
          ))}
        </span>
      )}
    </p>
  )
}

const LotFact = ({ name, value, note }: { readonly name: string; readonly value: ReactNode; readonly note?: ReactNode }) => (
  <div className="lot-fact">
    <small>{name}</small>
    <b>{value}</b>
    {note}
  </div>
)

const Tags = ({ lot }: { readonly lot: LotView }) => {
  const say = useSay()
  const words = usePlaceWords()
  const placeLine = (place: string): string => [words(place).whole, words(place).stateWord].filter(Boolean).join(' ')
  const { language } = useLanguage()
  return (
    <Sheet
      title={say('lot.tags', { n: lot.tags.length })}
      aside={
        <a className="sheet-link" href={hrefOf('labels', { lot: lot.lot })} data-testid="to-labels">
          {say('labels.to-labels')}
        </a>
      }
    >
      {lot.tags.length === 0 ? (
        <EmptyNote title={say('lot.no-tags')} hint={say('lot.no-tags-hint')} />
      ) : (
        <ul className="tag-lines">
          {lot.tags.map((tag) => (
            <li key={tag.epc}>
              <Icon name="tag" size={18} />
              <a className="mono" href={hrefOf('tags', { epc: tag.epc })}>
                {tag.epc}
              </a>
              <small className="soft">
                {tag.pack} · {numberText(tag.units)} {nameIn(lot.item.unit, language)}
              </small>
              <small className="tag-place">
                {tag.place === null ? say('lot.tag-nowhere') : say('lot.tag-at', { place: placeLine(tag.place) })}
              </small>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  )
}

/** The live view says when this very lot moves; only then the journey is read again. */
const useRenewWhenMoved = (lot: string | null): void => {
  const shelf = useContext(ShelfContext)
  const newest = useLive((state) => state.view.movements.find((row) => row.lot === lot)?.entry)
  const known = useRef(newest)
  useEffect(() => {
    if (known.current !== newest && newest !== undefined) shelf.renew('lot ', 'genealogy ')
    known.current = newest
  }, [newest, shelf])
}
