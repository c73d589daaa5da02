import type { NodeAnswer } from '@lotkeeper/protocol/api/node.ts'
import { useEffect, useRef, useState } from 'react'
import { newAction } from '../../parts/action.ts'
import type { Trouble } from '../../parts/door.ts'
import { Icon } from '../../parts/icons.tsx'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { PairNote } from '../scan/pair-note.tsx'
import { useWedge } from '../scan/strip.tsx'
import { useScans, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { Known } from './known.tsx'
import { SymbolCard } from './symbol.tsx'
import { typedCode } from './typed.ts'

/** What a code says, part by part, and what this node knows of the thing. Takes any code there is; books nothing. */
export const LookPage = () => {
  const say = useSay()
  const { readCode } = useStockroom()
  const look = useLook()
  const [typed, setTyped] = useState('')
  // A wedge's codes go through the scan session, as everywhere: two symbols of one label are explained together.
  useWedge((text) => {
    setTyped('')
    void readCode(text)
  }, setTyped)
  const { answer } = look
  return (
    <div className="work look">
      <h1>{say('screen.look')}</h1>
      <p className="lead">{say('look.lead')}</p>
      <LookForm typed={typed} onTyped={setTyped} onSend={look.ask} isReading={look.isReading} />
      {look.trouble && <TroubleNote trouble={look.trouble} again={look.again} />}
      {look.isReading && !answer && <Waiting rows={5} />}
      {!answer && !look.isReading && !look.trouble && (
        <EmptyNote title={say('look.empty')} hint={say('look.empty-hint')}>
          <button type="button" className="plain-button" onClick={() => look.ask(EXAMPLE)} data-testid="look-example">
            {say('look.example')}
          </button>
        </EmptyNote>
      )}
      {answer && (
        <div className="look-answer" aria-live="polite" data-testid="look-answer">
          {look.paired && <PairNote key={look.paired.pair?.pair} view={look.paired} onParted={look.parted} />}
          {answer.symbols.map((symbol, at) => (
            <SymbolCard
              key={symbol.pieces.map(({ text }) => text).join('')}
              symbol={symbol}
              title={answer.symbols.length > 1 ? say('look.symbol', { n: at + 1 }) : null}
            />
          ))}
          <Known scan={answer.scan} />
        </div>
      )}
    </div>
  )
}

interface LookFormLine {
  readonly typed: string
  readonly onTyped: (text: string) => void
  readonly onSend: (text: string) => void
  readonly isReading: boolean
}

/** One field for a whole code: a long one is pasted, so it grows to a few lines. */
const LookForm = ({ typed, onTyped, onSend, isReading }: LookFormLine) => {
  const say = useSay()
  const send = (): void => {
    const code = typedCode(typed)
    if (code !== '') onSend(code)
  }
  return (
    <form
      className="look-form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Icon name="scan" size={34} />
      <textarea
        value={typed}
        onChange={(event) => onTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onTyped('')
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          send()
        }}
        rows={typed.length > 80 ? 4 : 2}
        placeholder={say('look.type')}
        aria-label={say('look.type')}
        aria-describedby="look-keys"
        maxLength={LENGTH_MAX}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        className="mono"
        data-testid="look-code"
      />
      <button type="submit" className="plain-button" disabled={typedCode(typed) === '' || isReading} data-testid="look-send">
        {say(isReading ? 'look.reading' : 'look.send')}
      </button>
      <small id="look-keys">{say('look.keys')}</small>
    </form>
  )
}

/** Asks what a text says; the last one asked is the one that is shown. */
const useLook = () => {
  const { node, sounds } = useStockroom()
  const [answer, setAnswer] = useState<NodeAnswer<'explain'> | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [asked, setAsked] = useState<string | null>(null)
  const [paired, setPaired] = useState<NodeAnswer<'scan'> | null>(null)
  const latest = useRef(0)
  const ask = async (text: string): Promise<void> => {
    latest.current += 1
    const turn = latest.current
    setAsked(text)
    setTrouble(null)
    const given = await node.ask('explain', { body: { action: newAction(), text } })
    if (turn !== latest.current) return
    setAsked(null)
    if (given.ok) setAnswer(given.value)
    else setTrouble(given.trouble)
    if (given.ok && given.value.symbols.every(({ refused }) => refused === null)) sounds.ok()
    else sounds.unknown()
  }
  const show = (text: string): void => {
    setPaired(null)
    void ask(text)
  }
  useScans((view) => {
    setPaired(view.pair ? view : null)
    void ask(view.scan)
  })
  useCode(show)
  return {
    ...{ answer, trouble, paired, ask: show, isReading: asked !== null && trouble === null },
    again: asked === null ? undefined : () => show(asked),
    parted: (rows: readonly NodeAnswer<'scan'>[]) => {
      setPaired(null)
      const second = rows.at(-1)
      if (second && rows.length > 1) void ask(second.scan)
    },
  }
}

/** A code that was read on another screen comes along in the address. */
const useCode = (show: (text: string) => void): void => {
  const { page, choice } = useRoute()
  const code = choice['code']
  const latest = useRef(show)
  latest.current = show
  useEffect(() => {
    if (!code) return
    replaceChoice(page, {})
    latest.current(code)
  }, [code, page])
}

/** As the node's route takes it. */
const LENGTH_MAX = 4_000
/** A label as it should be: product, last day by the month, lot and serial number. */
const EXAMPLE = '(01)06901234999990(17)280200(10)B260901(21)S7'
