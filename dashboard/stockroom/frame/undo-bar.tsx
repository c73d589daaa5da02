import { useEffect, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useBooking } from '../parts/use-booking.ts'
import type { BookedNote } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** Ten seconds to take back what was just booked. Taking back is a reversal in the ledger: nothing is ever erased. */
export const UndoBar = ({ note, onGone }: { readonly note: BookedNote; readonly onGone: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const reverse = useBooking('reverse')
  const [leftS, setLeftS] = useState(UNDO_S)
  const [undone, setUndone] = useState<'no' | 'under-way' | 'yes'>('no')
  useEffect(() => {
    if (leftS <= 0) {
      if (undone !== 'under-way') onGone()
      return
    }
    const timer = setTimeout(() => setLeftS(leftS - 1), 1_000)
    return () => clearTimeout(timer)
  }, [leftS, undone, onGone])
  const undo = async (): Promise<void> => {
    setUndone('under-way')
    // The last step back first: an acceptance before its receipt.
    for (const entry of note.entries.toReversed()) {
      const answer = await reverse.send({ entry, reason: say('undo.reason') })
      // An entry that only keeps an override moved nothing: there is nothing to take back of it.
      if (!answer?.ok && answer?.trouble.code !== 'ledger.reverse-nothing') {
        setUndone('no')
        setLeftS(UNDO_S)
        return
      }
    }
    setUndone('yes')
    setLeftS(3)
  }
  return (
    <div className="undo" role="status" data-testid="undo-bar">
      <Icon name={undone === 'yes' ? 'undo' : 'ok'} size={28} />
      <span className="undo-words">
        <b>{undone === 'yes' ? say('undo.done') : note.words}</b>
        {reverse.trouble && <small role="alert">{nameIn(reverse.trouble, language)}</small>}
      </span>
      {note.entries.length > 0 && undone !== 'yes' && (
        <button type="button" onClick={() => void undo()} disabled={undone === 'under-way'} data-testid="undo">
          <Icon name="undo" size={24} />
          {say('undo.take-back')}
          <span className="undo-left">{leftS}</span>
        </button>
      )}
      <button type="button" className="undo-close" onClick={onGone} aria-label={say('page.close')}>
        <Icon name="close" size={24} />
      </button>
    </div>
  )
}

const UNDO_S = 10
