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

type Run<Asked, Value> = (action: string, asked: Asked) => Promise<Answer<Value>>

/**
 * Sends acts with their `action`. Where nobody answers it asks again, a few times by itself and then when the person does; the same content keeps
 * the same action all the while, so it books once however often it is sent. Once the other side has answered, the next act is a new one.
 */
export const openActs = <Asked, Value>(
  run: Run<Asked, Value>,
  parts: { readonly newAction: () => string; readonly wait: (ms: number) => Promise<void> },
): ((asked: Asked) => Promise<Answer<Value>>) => {
  let open: { readonly content: string; readonly action: string } | null = null
  return async (asked) => {
    const content = JSON.stringify(asked)
    const action = open?.content === content ? open.action : parts.newAction()
    open = { content, action }
    let answer = await run(action, asked)
    for (const ms of AGAIN_MS) {
      if (answer.ok || !mayRetry(answer.trouble)) break
      await parts.wait(ms)
      answer = await run(action, asked)
    }
    if (answer.ok || !mayRetry(answer.trouble)) open = null
    return answer
  }
}

/** Acts of one kind on a screen, with how the last one stands. */
export const useAct = <Asked, Value>(run: Run<Asked, Value>): Act<Asked, Value> => {
  const [shown, setShown] = useState<Pick<Act<Asked, Value>, 'state' | 'trouble' | 'value'>>(READY)
  const latest = useRef(run)
  latest.current = run
  const acts = useRef<((asked: Asked) => Promise<Answer<Value>>) | null>(null)
  acts.current ??= openActs<Asked, Value>((action, asked) => latest.current(action, asked), {
    newAction: () => newAction(),
    wait: (ms) => new Promise((go) => setTimeout(go, ms)),
  })
  const sending = useRef(false)
  const send = async (asked: Asked): Promise<Answer<Value> | null> => {
    if (sending.current || !acts.current) return null
    sending.current = true
    setShown({ state: 'sending', trouble: null, value: null })
    const answer = await acts.current(asked)
    sending.current = false
    setShown(answer.ok ? { state: 'done', trouble: null, value: answer.value } : { state: 'refused', trouble: answer.trouble, value: null })
    return answer
  }
  return { ...shown, send, clear: () => setShown(READY) }
}

const READY = { state: 'ready', trouble: null, value: null } as const
/** A blink of the Wi-Fi is bridged unseen; a longer break is said, with a button to try again. */
const AGAIN_MS: readonly number[] = [500, 1_500]
