import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import { useState } from 'react'
import { newAction } from '../../parts/action.ts'
import { Icon } from '../../parts/icons.tsx'
import { hrefOf } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { leftOf } from '../expected/arrivals.ts'
import { Paper } from '../parts/paper.tsx'
import { PickItem } from '../parts/pick-item.tsx'
import { type Card, cardOf, changeCard } from '../scan/cards.ts'
import { ScanFacts } from '../scan/facts.tsx'
import { PairNote } from '../scan/pair-note.tsx'
import { ScanStrip } from '../scan/strip.tsx'
import { handView, useCards } from '../scan/use-cards.ts'
import { useNode } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { ReceiveCard } from './card.tsx'
import { MadeHere, MakeItem } from './make-item.tsx'

/** Receiving: scan one box after another, or enter one by hand; each becomes a card to look over and book. */
export const ReceivePage = () => {
  const say = useSay()
  const { cards, setCards, unknown, clearUnknown, flash, paired, parted } = useCards()
  const [byHand, setByHand] = useState(false)
  /** The unknown code an item is being made for; `hand` where there is none. */
  const [making, setMaking] = useState<ScanView | 'hand' | null>(null)
  const [done, setDone] = useState<readonly DoneLine[]>([])
  const take = (view: ScanView): void => {
    setByHand(false)
    setMaking(null)
    clearUnknown()
    setCards((now) => [cardOf(view, newAction()), ...now])
  }
  const drop = (card: Card, words?: string): void => {
    setCards((now) => now.filter((one) => one.id !== card.id))
    if (words) setDone((now) => [{ id: card.id, words }, ...now].slice(0, DONE_SHOWN))
  }
  return (
    <div className="work">
      <h1>{say('screen.receive')}</h1>
      <ScanStrip hint={say('receive.scan-hint')} />
      <ComingLink />
      {paired && <PairNote key={paired.pair?.pair} view={paired} onParted={parted} />}
      {flash && (
        <p className="flash" role="status">
          {flash}
        </p>
      )}
      {unknown && (
        <section className="card card-unknown">
          <ScanFacts view={unknown} />
          {isStranger(unknown) && (
            <button type="button" className="wide-button" onClick={() => setMaking(unknown)} data-testid="make-open">
              <Icon name="plus" size={26} />
              {say('make.open')}
            </button>
          )}
          <button type="button" className="wide-button quiet" onClick={clearUnknown}>
            {say('page.close')}
          </button>
        </section>
      )}
      {cards.map((card) => (
        <ReceiveCard
          key={card.id}
          card={card}
          onChange={(change) => setCards((now) => changeCard(now, card.id, change))}
          onDone={(words) => drop(card, words)}
        />
      ))}
      {cards.length === 0 && !unknown && <EmptyNote title={say('receive.empty')} hint={say('receive.empty-hint')} />}
      <button type="button" className="wide-button quiet" onClick={() => setByHand(true)} data-testid="by-hand">
        <Icon name="hand" size={26} />
        {say('receive.by-hand')}
      </button>
      <Done lines={done} title={say('receive.done')} />
      <MadeHere />
      {byHand && (
        <Paper title={say('receive.pick-item')} onClose={() => setByHand(false)}>
          <PickItem onPick={(item) => take(handView(item))} />
          <button
            type="button"
            className="wide-button quiet"
            onClick={() => {
              setByHand(false)
              setMaking('hand')
            }}
            data-testid="make-by-hand"
          >
            <Icon name="plus" size={24} />
            {say('make.open')}
          </button>
        </Paper>
      )}
      {making && <MakeItem scanned={making === 'hand' ? null : making} onMade={take} onClose={() => setMaking(null)} />}
    </div>
  )
}

/** A code that was read, of a thing nobody knows; one that was misread is to be scanned again. */
const isStranger = ({ refused }: ScanView): boolean => refused !== null && STRANGERS.includes(refused.code)
const STRANGERS: readonly string[] = [
  'stockroom.item-unknown',
  'stockroom.tag-unknown',
  'codes.symbology-missing',
  'codes.symbology-unknown',
  'codes.not-gs1',
]

/** The way to what is announced: there it is received without a scan. */
const ComingLink = () => {
  const say = useSay()
  const coming = useNode('expected').value?.rows.filter((row) => leftOf(row) > 0).length ?? 0
  if (coming === 0) return null
  return (
    <a className="coming" href={hrefOf('expected')} data-testid="receive-expected">
      <Icon name="truck" size={28} />
      <span>{say('expected.link', { n: coming })}</span>
      <Icon name="forward" size={24} />
    </a>
  )
}

/** What was booked on this visit, newest first; to look over, not to act on: that is what the movements are for. */
export const Done = ({ lines, title }: { readonly lines: readonly DoneLine[]; readonly title: string }) =>
  lines.length > 0 && (
    <section className="done">
      <h2>{title}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line.id}>
            <Icon name="ok" size={22} />
            {line.words}
          </li>
        ))}
      </ul>
    </section>
  )

/** One booking of this visit. */
export interface DoneLine {
  readonly id: string
  readonly words: string
}

const DONE_SHOWN = 20
