import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { useEffect, useRef, useState } from 'react'
import { newAction } from '../../parts/action.ts'
import { Icon } from '../../parts/icons.tsx'
import { type Language, nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { Choices } from '../parts/choices.tsx'
import { PickStock, useChosenRow } from '../parts/pick-stock.tsx'
import { type Answered, Refused, useAnswers } from '../parts/refused.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { Made, Used } from './lines.tsx'
import { faultsOf, type MadeLine, type TransformAct, totalsOf, type UsedLine, usuallyMade } from './made.ts'

/** Repacking, kits, splitting and merging: what is used, what is made of it, both sums in sight; booked as one act. */
export const TransformPage = () => {
  const say = useSay()
  const { language } = useLanguage()
  const [act, setAct] = useState<TransformAct>('repack')
  const [used, setUsed] = useState<readonly UsedLine[]>([])
  // Until somebody writes in it, what is made follows what is used.
  const [written, setWritten] = useState<readonly MadeLine[] | null>(null)
  const made = written ?? usuallyMade(act, used, () => act).map((line, at) => ({ ...line, id: `${line.id} ${at}` }))
  const faults = faultsOf(used, made)
  const room = used[0] && placeOf(used[0].row.place)?.room
  const add = (row: StockRow): void =>
    setUsed((now) =>
      now.some((line) => line.row.lot === row.lot) ? now : [...now, { row, units: Math.min(row.units, act === 'kit' ? 1 : row.units) }],
    )
  useNamedRow(add)
  const booking = useTransform(act, used, made, () => {
    setUsed([])
    setWritten(null)
  })
  const mayUse = (row: StockRow): boolean => {
    const place = placeOf(row.place)
    return place?.state === 'available' && row.units > 0 && (room === undefined || place.room === room)
  }
  return (
    <div className="work">
      <h1>{say('screen.transform')}</h1>
      <section className="card" data-testid="transform-card">
        <div className="four-choices">
          <Choices
            label={say('transform.act')}
            value={act}
            onChange={(next) => {
              setAct(next)
              setWritten(null)
            }}
            options={ACTS.map((one) => ({ value: one, words: say(`act.${one}`) }))}
          />
        </div>
        <p className="soft">{say(`transform.${act}-hint`)}</p>
        <Used
          lines={used}
          onChange={setUsed}
          total={totalWords(
            used.map(({ row, units }) => ({ unit: row.unit, units })),
            language,
          )}
        />
        {used.length > 0 && (
          <Made lines={made} used={used} faults={faults} onChange={setWritten} newId={newAction} total={totalWords(made, language)} />
        )}
        {faults.differs && (
          <p className="notice" data-testid="transform-differs">
            <Icon name="discrepancy" size={26} />
            {say('transform.differs', { used: numberText(sumOf(used)), made: numberText(sumOf(made)) })}
          </p>
        )}
        {booking.refused ?? (
          <button
            type="button"
            className="wide-button"
            onClick={booking.send}
            disabled={booking.sending || faults.empty || faults.differs || faults.later.length > 0 || faults.sameLot.length > 0}
            data-testid="transform-send"
          >
            <Icon name="transform" size={28} />
            {booking.sending ? say('page.sending') : say('transform.book', { act: say(`act.${act}`) })}
          </button>
        )}
      </section>
      <PickStock hint={say('transform.scan-hint')} may={mayUse} onPick={add} />
    </div>
  )
}

/** A lot named by the address, from its card in the stock, is used from the start. */
const useNamedRow = (add: (row: StockRow) => void): void => {
  const named = useChosenRow().row
  const begun = useRef(false)
  useEffect(() => {
    if (!named || begun.current) return
    begun.current = true
    add(named)
  })
}

const useTransform = (act: TransformAct, used: readonly UsedLine[], made: readonly MadeLine[], onBooked: () => void) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const transform = useBooking('transform')
  const answers = useAnswers()
  const send = async ({ override }: Answered = {}): Promise<void> => {
    const [first] = used
    if (!first) return
    const answer = await transform.send({
      ...{ act, room: placeOf(first.row.place)?.room ?? '' },
      from: used.map(({ row, units }) => ({ lot: row.lot, units })),
      to: made.map(({ item, lotNumber, expiry, units }) => ({ item, lotNumber: lotNumber.trim(), expiry, units })),
      ...(override ? { override } : {}),
    })
    if (!answer?.ok) return
    answers.clear()
    const words = made.map((line) => `${nameIn(line.itemName, language)} ${line.lotNumber} ×${numberText(line.units)}`).join('、')
    booked({ words: say('transform.booked', { act: say(`act.${act}`), made: words }), entries: answer.value.entries })
    onBooked()
  }
  const giveUp = (): void => {
    answers.clear()
    transform.clear()
  }
  return {
    send: () => void send(),
    sending: transform.state === 'sending',
    refused: transform.trouble && (
      <Refused trouble={transform.trouble} onAnswer={(answered) => void send(answers.add(answered))} onGiveUp={giveUp} />
    ),
  }
}

const totalWords = (lines: Parameters<typeof totalsOf>[0], language: Language): string =>
  totalsOf(lines)
    .map(({ unit, units }) => `${numberText(units)} ${nameIn(unit, language)}`)
    .join(' + ')

const sumOf = (lines: readonly { readonly units: number }[]): number => lines.reduce((sum, line) => sum + line.units, 0)
const ACTS: readonly TransformAct[] = ['repack', 'kit', 'split', 'merge']
