import type { ProvisionalView, SuggestionView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { ConfirmDrawer } from './confirm.tsx'
import type { Answer } from './detail.tsx'
import { PlainModal } from './plain.tsx'
import { RedirectModal } from './redirect.tsx'
import { RedirectLotModal } from './redirect-lot.tsx'

/** An answer that is being given, and what it was begun from. */
export interface Asking {
  readonly answer: Answer
  /** The candidate a redirect was begun from. */
  readonly to?: SuggestionView
  /** The record of the public database a confirmation was begun from. */
  readonly di?: string
}

/** The paper on which an answer is written. */
export const Answering = ({ one, asking, onClose, onDecided }: AnsweringLine) => {
  const { met } = one
  if (met.is === 'item' && asking.answer === 'redirect')
    return <RedirectModal one={one} met={met} to={asking.to ?? null} onClose={onClose} onDecided={onDecided} />
  if (met.is === 'item' && asking.answer === 'confirm')
    return <ConfirmDrawer one={one} met={met} di={asking.di ?? null} onClose={onClose} onDecided={onDecided} />
  if (met.is === 'lot' && asking.answer === 'redirect')
    return <RedirectLotModal one={one} met={met} to={asking.to?.id ?? null} onClose={onClose} onDecided={onDecided} />
  return <PlainModal one={one} answer={asking.answer === 'confirm' ? 'confirm' : 'conflict'} onClose={onClose} onDecided={onDecided} />
}

interface AnsweringLine {
  readonly one: ProvisionalView
  readonly asking: Asking
  readonly onClose: () => void
  readonly onDecided: () => void
}
