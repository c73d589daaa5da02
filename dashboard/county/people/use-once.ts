import { useRef, useState } from 'react'
import type { Answer, Trouble } from '../../parts/door.ts'

/** One question of a form that holds a secret: sent once and never again by itself, for a second try with a used code would count as a wrong one. */
export interface Once<Asked, Value> {
  readonly sending: boolean
  readonly trouble: Trouble | null
  readonly value: Value | null
  readonly send: (asked: Asked) => Promise<Answer<Value> | null>
  readonly clear: () => void
}

export const useOnce = <Asked, Value>(run: (asked: Asked) => Promise<Answer<Value>>): Once<Asked, Value> => {
  const [shown, setShown] = useState<Pick<Once<Asked, Value>, 'sending' | 'trouble' | 'value'>>(READY)
  const sending = useRef(false)
  const send = async (asked: Asked): Promise<Answer<Value> | null> => {
    if (sending.current) return null
    sending.current = true
    setShown({ ...READY, sending: true })
    const answer = await run(asked)
    sending.current = false
    setShown(answer.ok ? { ...READY, value: answer.value } : { ...READY, trouble: answer.trouble })
    return answer
  }
  return { ...shown, send, clear: () => setShown(READY) }
}

const READY = { sending: false, trouble: null, value: null } as const
