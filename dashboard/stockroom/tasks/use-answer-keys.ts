import { useEffect, useRef, useState } from 'react'

/** Which of the cards the keyboard speaks to: the first, or where the arrows went; when it is settled, the one that takes its place. */
export const useCurrent = (cards: readonly string[]): string | null => {
  const [at, setAt] = useState(0)
  const count = cards.length
  useEffect(() => {
    const move = (event: KeyboardEvent): void => {
      const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (by === 0 || isBusy(event)) return
      event.preventDefault()
      setAt((now) => Math.max(0, Math.min(count - 1, Math.min(now, count - 1) + by)))
    }
    window.addEventListener('keydown', move)
    return () => window.removeEventListener('keydown', move)
  }, [count])
  return cards[Math.min(at, count - 1)] ?? null
}

/**
 * A figure chooses the answer of that number. A scanner types figures too, many in a few milliseconds: one counts only when no other key came just
 * before it or comes just after.
 */
export const useAnswerKeys = (isCurrent: boolean, answers: number, choose: (at: number) => void): void => {
  const chosen = useRef(choose)
  chosen.current = choose
  useEffect(() => {
    if (!isCurrent) return
    let waiting: ReturnType<typeof setTimeout> | undefined
    let lastMs = Number.NEGATIVE_INFINITY
    const press = (event: KeyboardEvent): void => {
      const isAlone = event.timeStamp - lastMs > TYPED_MS
      lastMs = event.timeStamp
      clearTimeout(waiting)
      const at = Number(event.key) - 1
      if (!isAlone || isBusy(event) || event.repeat || !(at >= 0 && at < answers)) return
      waiting = setTimeout(() => chosen.current(at), TYPED_MS)
    }
    window.addEventListener('keydown', press)
    return () => {
      clearTimeout(waiting)
      window.removeEventListener('keydown', press)
    }
  }, [isCurrent, answers])
}

/** Between two keys of a scanner lies less than this; nobody who reads a task presses two keys within it. */
const TYPED_MS = 150

/** Keys that belong to a field, to a paper on top, or to the browser. */
const isBusy = (event: KeyboardEvent): boolean =>
  event.ctrlKey ||
  event.altKey ||
  event.metaKey ||
  (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]') !== null) ||
  document.querySelector('dialog[open]') !== null
