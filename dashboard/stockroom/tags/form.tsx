import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { Choices } from '../parts/choices.tsx'
import { LotLine } from '../parts/lot-line.tsx'
import { countedIn } from '../parts/packs.ts'
import { ReasonField } from '../parts/reason-field.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { ScanStrip } from '../scan/strip.tsx'
import { useNodePages, useScans, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { placeOfScan, type Way } from './ways.ts'

interface TagFormLine {
  readonly way: Way
  /** The goods of a first label. */
  readonly row: StockRow | null
  readonly onDrop: () => void
}

/** Old and new label, scanned one after the other, and why; of a first label the goods and the pack it is stuck on. */
export const TagForm = ({ way, row, onDrop }: TagFormLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked, sounds } = useStockroom()
  const [old, setOld] = useState<ScanView | null>(null)
  const [fresh, setFresh] = useState<ScanView | null>(null)
  const [reason, setReason] = useState('')
  const { pack, packs, setPack } = usePacks(row)
  const retag = useBooking('retag')
  useScans((view) => {
    retag.clear()
    sounds.ok()
    if (placeOfScan(way, old) === 'old') setOld(view)
    else setFresh(view)
  })
  const asksOld = way !== 'first'
  const asksNew = way !== 'retire'
  const ready = (!asksOld || old !== null) && (!asksNew || fresh !== null) && (row === null || pack !== null) && reason.trim() !== ''
  const send = async (): Promise<void> => {
    const goods = row === null ? {} : { lot: row.lot, place: row.place, pack: pack ?? '' }
    const answer = await retag.send({ from: textOf(old), to: textOf(fresh), ...goods, reason: reason.trim() })
    if (!answer?.ok) return
    const item = row?.itemName ?? old?.item?.name
    booked({ words: say(`tags.booked-${way}`, { item: item ? nameIn(item, language) : '' }), entries: answer.value.entries })
    setOld(null)
    setFresh(null)
    setReason('')
    if (row) onDrop()
  }
  return (
    <>
      <ScanStrip hint={say(hintOf(way, old, fresh))} />
      <section className="card tag-form" data-testid="tag-form">
        {row && (
          <div className="tag-goods">
            <span>
              <small className="soft">{say('tags.on')}</small>
              <b>{nameIn(row.itemName, language)}</b>
            </span>
            <LotLine row={row} />
            <button type="button" className="plain-button" onClick={onDrop}>
              {say('tags.other-goods')}
            </button>
          </div>
        )}
        <div className="tag-slots">
          {asksOld && <Slot name="old" view={old} onClear={() => setOld(null)} />}
          {asksOld && asksNew && <Icon name="forward" size={28} />}
          {asksNew && <Slot name="new" view={fresh} onClear={() => setFresh(null)} />}
        </div>
        {row && packs.length > 0 && <Choices label={say('tags.pack')} value={pack} onChange={setPack} options={packs} />}
        <ReasonField
          label={say('tags.why')}
          value={reason}
          onChange={setReason}
          common={REASONS[way].map((one) => say(`tags.why-${one}`))}
        />
        {retag.trouble && <TroubleNote trouble={retag.trouble} />}
        <button
          type="button"
          className={`wide-button ${way === 'retire' ? 'warn' : ''}`}
          onClick={() => void send()}
          disabled={!ready || retag.state === 'sending'}
          data-testid="tag-send"
        >
          <Icon name={way === 'retire' ? 'erase' : 'tag'} size={28} />
          {retag.state === 'sending' ? say('page.sending') : say(`tags.send-${way}`)}
        </button>
        <p className="soft">{say('tags.no-units')}</p>
      </section>
    </>
  )
}

/** A label that was scanned, or the place where one is waited for. */
const Slot = ({ name, view, onClear }: { readonly name: 'old' | 'new'; readonly view: ScanView | null; readonly onClear: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <div className={`tag-slot ${view ? 'filled' : ''}`} data-testid={`tag-${name}`}>
      <span className="soft">{say(`tags.${name}`)}</span>
      {view ? (
        <>
          <b className="mono">{view.epc ?? view.serial ?? view.scan.slice(0, 40)}</b>
          <small>
            {view.item
              ? [nameIn(view.item.name, language), view.lotNumber, view.pack].filter((one) => one).join(' · ')
              : say('tags.unknown')}
          </small>
          {view.refused?.code === 'stockroom.tag-retired' && (
            <small className="tag-refused" role="alert">
              {nameIn(view.refused, language)}
            </small>
          )}
          <button type="button" className="round-button" onClick={onClear} aria-label={say('tags.clear')}>
            <Icon name="close" size={22} />
          </button>
        </>
      ) : (
        <b className="tag-waits">
          <Icon name="scan" size={24} />
          {say('tags.waits')}
        </b>
      )}
    </div>
  )
}

const usePacks = (row: StockRow | null) => {
  const { language } = useLanguage()
  const [chosen, setPack] = useState<string | null>(null)
  const { rows } = useNodePages('items', { limit: 100, ...(row ? { search: row.item } : {}) })
  const item = row ? rows?.find((one) => one.item === row.item) : undefined
  const counted = item && row ? countedIn(item, language).filter(({ units }) => units <= row.units) : []
  const packs = counted.map(({ pack, units, words }) => ({
    value: pack,
    words,
    note: `${units} ${item ? nameIn(item.unit, language) : ''}`,
  }))
  return { packs, pack: chosen ?? packs[0]?.value ?? null, setPack: (pack: string) => setPack(pack) }
}

const hintOf = (way: Way, old: ScanView | null, fresh: ScanView | null) => {
  if (way === 'retire') return old === null ? 'tags.scan-old' : 'tags.scan-again-old'
  if (way === 'replace' && old === null) return 'tags.scan-old'
  return fresh === null ? 'tags.scan-new' : 'tags.scan-again'
}

const textOf = (view: ScanView | null): string | null => (view === null ? null : (view.epc ?? view.scan))

const REASONS = {
  replace: ['torn', 'dead', 'wrong'],
  first: ['opening', 'new-pack', 'lost'],
  retire: ['thrown', 'lost', 'torn'],
} as const satisfies Record<Way, readonly string[]>
