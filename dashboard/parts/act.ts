import { useRef, useState } from 'react'
import { newAction } from './action.ts'
import { type Answer, mayRetry, type Trouble } from './door.ts'

/** One act of a person on its way: each shows that it is sending, done or refused. */
export interface Act<Asked, Value> {
  readonly state: 'ready' | 'sending' | 'done' | 'refused'
  readonly trouble: Trouble | null
  readonly value: Value | null
  /** Sends it; the answer also comes back to the caller. A second tap while sending is the same act and sends nothing. */
  readonly send: (asked: Asked) => Promise<Answer<Value> | null>
  readonly clear: () => void
}

/**
 * Sends acts with their `action`. When nobody answered, the same content sent again carries the same action, so it books once however often a
 * person taps; once the other side has answered, the next act is a new one.
 */
export const useAct = <Asked, Value>(run: (action: string, asked: Asked) => Promise<Answer<Value>>): Act<Asked, Value> => {
  const [shown, setShown] = useState<Pick<Act<Asked, Value>, 'state' | 'trouble' | 'value'>>(READY)
  const open = useRef<{ readonly content: string; readonly action: string } | null>(null)
  const sending = useRef(false)
  const send = async (asked: Asked): Promise<Answer<Value> | null> => {
    if (sending.current) return null
    sending.current = true
    setShown({ state: 'sending', trouble: null, value: null })
    const content = JSON.stringify(asked)
    const action = open.current?.content === content ? open.current.action : newAction()
    open.current = { content, action }
    const answer = await run(action, asked)
    sending.current = false
    if (answer.ok || !mayRetry(answer.trouble)) open.current = null
    setShown(answer.ok ? { state: 'done', trouble: null, value: answer.value } : { state: 'refused', trouble: answer.trouble, value: null })
    return answer
  }
  return { ...shown, send, clear: () => setShown(READY) }
}

const READY = { state: 'ready', trouble: null, value: null } as const
