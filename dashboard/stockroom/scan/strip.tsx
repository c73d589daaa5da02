import { useEffect, useRef, useState } from 'react'
import type { Trouble } from '../../parts/door.ts'
import { Icon } from '../../parts/icons.tsx'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { openWedge } from './wedge.ts'

/** Scan mode: open as long as the screen is, for the table's scanner, a wedge or typing. It never closes itself. */
export const ScanStrip = ({ hint }: { readonly hint: string }) => {
  const say = useSay()
  const { readCode, sounds } = useStockroom()
  const [typed, setTyped] = useState('')
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const read = async (text: string): Promise<void> => {
    setTyped('')
    const answer = await readCode(text)
    setTrouble(answer.ok ? null : answer.trouble)
    if (!answer.ok) sounds.unknown()
  }
  useWedge((text) => void read(text), setTyped)
  return (
    <section className="scan-strip">
      <span className="scan-eye">
        <Icon name="scan" size={34} />
      </span>
      <span className="scan-words">
        <b>{say('scan.ready')}</b>
        <small>{hint}</small>
      </span>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (typed.trim() !== '') void read(typed.trim())
        }}
      >
        <input
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setTyped('')
          }}
          placeholder={say('scan.type')}
          aria-label={say('scan.type')}
          maxLength={300}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          data-testid="code"
        />
        <button type="submit" className="plain-button" disabled={typed.trim() === ''} data-testid="code-send">
          {say('scan.read')}
        </button>
      </form>
      {trouble && <TroubleNote trouble={trouble} />}
    </section>
  )
}

/** Gathers what a wedge types while no field has the cursor; what is being typed is shown, so that nothing happens unseen. */
export const useWedge = (onCode: (text: string) => void, onTyped: (text: string) => void): void => {
  const latest = useRef({ onCode, onTyped })
  latest.current = { onCode, onTyped }
  useEffect(() => {
    const wedge = openWedge()
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement
      if (target.matches('input:not([type=radio]):not([type=checkbox]), textarea, select') || target.closest('dialog')) return
      const { key, code, ctrlKey, altKey, metaKey, shiftKey } = event
      const step = wedge.key({ key, code, ctrl: ctrlKey, alt: altKey, meta: metaKey, shift: shiftKey }, event.timeStamp)
      if (step.is === 'foreign') return
      // A button under the cursor must not be pressed by the Enter or the space of a code.
      event.preventDefault()
      if (step.is === 'code') latest.current.onCode(step.text)
      else latest.current.onTyped(step.is === 'typed' ? step.text : '')
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [])
}
