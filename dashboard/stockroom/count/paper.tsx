import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, type Text, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { Paper } from '../parts/paper.tsx'
import { ReasonField } from '../parts/reason-field.tsx'
import { Stepper } from '../parts/stepper.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { usePlaceWords, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { differenceOf, movedBook, signed } from './difference.ts'

/** What is counted: a lot at a place, with the book it is compared with and the task that asked, if one did. */
export interface CountSubject extends Pick<StockRow, 'lot' | 'place' | 'lotNumber' | 'itemName'> {
  readonly unit: Text
  readonly book: number
  readonly task?: string
  readonly asked?: string
}

/** A count: the book, what lies there, and what booking the difference would do, told before it is done. */
export const CountPaper = ({ subject, onClose }: { readonly subject: CountSubject; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const words = usePlaceWords()
  const count = useBooking('count')
  const [book, setBook] = useState(subject.book)
  const [counted, setCounted] = useState(Math.max(0, subject.book))
  const [reason, setReason] = useState('')
  const item = nameIn(subject.itemName, language)
  const unit = nameIn(subject.unit, language)
  const difference = differenceOf(counted, book)
  const moved = movedBook(count.trouble)
  const place = words(subject.place)
  const send = async (): Promise<void> => {
    const answer = await count.send({
      ...{ place: subject.place, lot: subject.lot, counted, book },
      ...(subject.task ? { task: subject.task } : {}),
      ...(reason.trim() ? { reason: reason.trim() } : {}),
    })
    if (!answer?.ok) return
    booked(
      difference.is === 'same'
        ? { words: say('count.booked', { item, n: numberText(counted) }), entries: [] }
        : {
            words: say('count.booked-differs', { item, n: numberText(counted), difference: signed(counted - book) }),
            entries: answer.value.entries,
          },
    )
    onClose()
  }
  return (
    <Paper title={say('count.title', { item })} onClose={onClose} testId="count-paper">
      <p className="lot-told">
        <span>
          {say('lot.number')} <b className="mono">{subject.lotNumber}</b>
        </span>
        <span>
          {place.whole} {place.stateWord}
        </span>
        <span>
          {say('count.book')} <b data-testid="count-book">{numberText(book)}</b> {unit}
        </span>
      </p>
      {subject.asked && <p className="soft">{say('count.asked', { reason: subject.asked })}</p>}
      <div className="quantity">
        <span className="count-label">{say('count.counted', { unit })}</span>
        <Stepper value={counted} onChange={setCounted} label={say('count.counted', { unit })} least={0} />
      </div>
      <p className={`difference difference-${difference.is}`} data-testid="count-difference" data-is={difference.is}>
        <Icon name={difference.is === 'same' ? 'ok' : 'discrepancy'} size={28} />
        <span>
          {difference.is === 'same'
            ? say('count.same')
            : say(`count.${difference.is}`, { n: numberText(difference.units), unit, place: place.whole, counted: numberText(counted) })}
        </span>
      </p>
      {difference.is !== 'same' && <Why is={difference.is} value={reason} onChange={setReason} />}
      {moved === null && count.trouble && <TroubleNote trouble={count.trouble} />}
      {moved === null ? (
        <button
          type="button"
          className={`wide-button ${difference.is === 'same' ? 'good' : 'warn'}`}
          onClick={() => void send()}
          disabled={count.state === 'sending'}
          data-testid="count-send"
        >
          <Icon name="count" size={28} />
          {count.state === 'sending'
            ? say('page.sending')
            : say(difference.is === 'same' ? 'count.book-same' : 'count.book-differs', { n: numberText(counted), unit })}
        </button>
      ) : (
        <BookMoved
          shown={book}
          book={moved}
          onAgain={() => {
            setBook(moved)
            count.clear()
          }}
        />
      )}
    </Paper>
  )
}

/** Where the difference may come from: asked, never demanded. */
const Why = ({
  is,
  value,
  onChange,
}: {
  readonly is: 'short' | 'over'
  readonly value: string
  readonly onChange: (value: string) => void
}) => {
  const say = useSay()
  const common =
    is === 'short'
      ? [say('count.why-issued'), say('count.why-broken'), say('count.why-misplaced')]
      : [say('count.why-received'), say('count.why-misplaced')]
  return <ReasonField label={say('count.why')} value={value} onChange={onChange} common={common} />
}

/** The book moved on while the keeper counted: both figures, and the way to compare again. */
const BookMoved = ({ shown, book, onAgain }: { readonly shown: number; readonly book: number; readonly onAgain: () => void }) => {
  const say = useSay()
  return (
    <div className="refused" data-testid="refused" data-code="stockroom.book-moved">
      <p className="notice" role="alert">
        <Icon name="renew" size={26} />
        <span>
          {say('count.moved', { shown: numberText(shown), book: numberText(book) })} {say('count.moved-hint')}
        </span>
      </p>
      <button type="button" className="wide-button warn" onClick={onAgain} data-testid="count-again">
        {say('count.again')}
      </button>
    </div>
  )
}
