import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { ScanPair } from '@lotkeeper/protocol/api/node-scans.ts'
import { useEffect, useRef, useState } from 'react'
import { newAction } from '../../parts/action.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useStockroom } from '../stockroom.ts'
import { type StockroomSay, useSay } from '../words.ts'

/**
 * That a label may have a second symbol, and how long it is waited for; that two were joined; or why they were not. A button and Escape end the wait,
 * or take the two apart: `onParted` gets each scan by itself.
 */
export const PairNote = ({ view, onParted }: { readonly view: ScanView; readonly onParted: (rows: readonly ScanView[]) => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { node } = useStockroom()
  const { pair } = view
  const leftMs = useLeft(pair)
  const isShown = pair !== undefined && (pair.state === 'joined' || leftMs > 0)
  const part = async (): Promise<void> => {
    if (!pair) return
    const answer = await node.ask('partScans', { body: { action: newAction(), pair: pair.pair } })
    // A node that was started meanwhile waits for nobody: the note goes all the same.
    onParted(answer.ok ? answer.value.rows : [])
  }
  useEscape(isShown, () => void part())
  if (!pair || !isShown) return null
  const differs = pair.differs.map((one) => nameIn(one, language)).join(say('pair.and'))
  return (
    <div className={`pair-note pair-${pair.state}`} role="status" data-testid="pair-note" data-state={pair.state}>
      <Icon name={pair.state === 'joined' ? 'ok' : pair.state === 'apart' ? 'warn' : 'scan'} size={26} />
      <span className="pair-words">
        <b>{wordsOf(say, pair, differs)}</b>
        {pair.state !== 'joined' && <Left leftMs={leftMs} windowMs={pair.windowMs} />}
      </span>
      <button type="button" className="plain-button" onClick={() => void part()} data-testid="pair-part">
        {say(pair.state === 'joined' ? 'pair.part' : 'pair.end')} <kbd>{say('pair.key')}</kbd>
      </button>
    </div>
  )
}

const Left = ({ leftMs, windowMs }: { readonly leftMs: number; readonly windowMs: number }) => {
  const say = useSay()
  return (
    <span className="pair-left">
      <progress max={windowMs} value={leftMs} aria-hidden="true" />
      <small>{say('pair.left', { n: Math.ceil(leftMs / 1_000) })}</small>
    </span>
  )
}

const wordsOf = (say: StockroomSay, { state, wants }: ScanPair, differs: string): string => {
  if (state === 'joined') return say('pair.joined')
  if (state === 'apart') return say('pair.apart', { what: differs })
  return say(wants === 'key' ? 'pair.open-key' : 'pair.open-parts')
}

/** What is left of the wait, counted from when the scan was shown: no clock of the node is needed. */
const useLeft = (pair: ScanPair | undefined): number => {
  const [now, setNow] = useState(() => performance.now())
  const since = useRef({ name: pair?.pair, at: now })
  if (since.current.name !== pair?.pair) since.current = { name: pair?.pair, at: performance.now() }
  const leftMs = Math.max(0, (pair?.leftMs ?? 0) - Math.max(0, now - since.current.at))
  const isRunning = leftMs > 0
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNow(performance.now()), LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [isRunning])
  return leftMs
}

/** Escape belongs to a paper that lies on top, and to a field that holds something, before it belongs to the pair. */
const useEscape = (isOn: boolean, run: () => void): void => {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    if (!isOn) return
    const onKey = (event: KeyboardEvent): void => {
      const field = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement ? event.target.value : ''
      if (event.key !== 'Escape' || event.defaultPrevented || field !== '' || document.querySelector('dialog[open]')) return
      latest.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [isOn])
}

const LOOK_EVERY_MS = 200
