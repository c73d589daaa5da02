import { useEffect, useState } from 'react'
import type { Trouble } from '../../parts/door.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { ALL_TEXTS } from '../words.ts'

/** Seconds until the next try after too many wrong ones, counting down; 0: nobody is waiting. */
export const useLock = (trouble: Trouble | null): number => {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    const seconds = trouble?.code === LOCKED ? Number(trouble.facts['seconds']) || 0 : 0
    const endMs = Date.now() + seconds * 1_000
    setLeft(seconds)
    if (seconds === 0) return
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((endMs - Date.now()) / 1_000))
      setLeft(rest)
      if (rest === 0) clearInterval(timer)
    }, 250)
    return () => clearInterval(timer)
  }, [trouble])
  return left
}

/** Why it did not go; while one must wait, how long still. */
export const LockNote = ({ trouble, left }: { readonly trouble: Trouble | null; readonly left: number }) => {
  if (!trouble) return null
  if (trouble.code !== LOCKED) return <TroubleNote trouble={trouble} />
  if (left === 0) return <TroubleNote trouble={{ ...trouble, ...ALL_TEXTS['lock.over'] }} />
  const { zh, en } = ALL_TEXTS['lock.wait']
  const n = String(left)
  return <TroubleNote trouble={{ ...trouble, zh: zh.replace('{n}', n), en: en.replace('{n}', n) }} />
}

const LOCKED = 'access.sign-in-locked'
