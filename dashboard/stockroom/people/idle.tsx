import { useEffect, useRef, useState } from 'react'
import type { Node } from '../node.ts'
import { useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'

/**
 * Signs out when nobody touches the page. The node ends the session by itself; the page tells it now and then that somebody is there, and counts down
 * before it leaves. Pages beside each other on one device share one sign-in, and each other's touches.
 */
export const Idle = () => {
  const { node, signOut } = useStockroom()
  const say = useSay()
  const idleMs = useIdleMs(node)
  const { leftMs, touch } = useTouches(node, idleMs)
  const over = leftMs <= 0
  const leave = useRef(signOut)
  leave.current = signOut
  useEffect(() => {
    if (over) leave.current()
  }, [over])
  if (leftMs > HINT_MS || over) return null
  return (
    <div className="idle-hint" role="alert" data-testid="idle-hint">
      <span>{say('people.idle', { n: Math.ceil(leftMs / 1_000) })}</span>
      <button type="button" onClick={touch} data-testid="idle-stay">
        {say('people.stay')}
      </button>
    </div>
  )
}

/** What the node allows; until it has said so nobody is signed out by the page. */
const useIdleMs = (node: Node): number => {
  const [idleMs, setIdleMs] = useState(Number.POSITIVE_INFINITY)
  useEffect(() => {
    let again: ReturnType<typeof setTimeout> | null = null
    let isOver = false
    const ask = async (): Promise<void> => {
      const answer = await node.ask('people')
      if (isOver) return
      if (answer.ok) setIdleMs(answer.value.idleSeconds * 1_000)
      else again = setTimeout(() => void ask(), AGAIN_MS)
    }
    void ask()
    return () => {
      isOver = true
      if (again) clearTimeout(again)
    }
  }, [node])
  return idleMs
}

const useTouches = (node: Node, idleMs: number) => {
  const touchedMs = useRef(performance.now())
  const [leftMs, setLeftMs] = useState(idleMs)
  const touch = useRef(() => {})
  useEffect(() => {
    const channel = new BroadcastChannel('lotkeeper-touch')
    let telling: ReturnType<typeof setTimeout> | null = null
    const tell = (): void => {
      telling = null
      channel.postMessage('touch')
      void node.ask('stay')
    }
    const look = (): void => setLeftMs(idleMs - (performance.now() - touchedMs.current))
    const note = (): void => {
      touchedMs.current = performance.now()
      look()
      // The last touch is told too, so that the node never leaves before the page does.
      telling ??= setTimeout(tell, TELL_MS)
    }
    touch.current = note
    channel.onmessage = () => {
      touchedMs.current = performance.now()
    }
    const timer = setInterval(look, LOOK_MS)
    for (const name of TOUCHES) window.addEventListener(name, note, { passive: true, capture: true })
    return () => {
      clearInterval(timer)
      if (telling) clearTimeout(telling)
      channel.close()
      for (const name of TOUCHES) window.removeEventListener(name, note, { capture: true })
    }
  }, [node, idleMs])
  return { leftMs: Math.min(leftMs, idleMs), touch: () => touch.current() }
}

const TOUCHES = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const
/** Long enough to come back from the shelf. */
const HINT_MS = 60_000
const TELL_MS = 10_000
const LOOK_MS = 500
/** A page the node did not answer would never count down. */
const AGAIN_MS = 5_000
