import { useEffect, useRef, useState } from 'react'
import type { Answer, Trouble } from './door.ts'
import { useAnswer } from './shelf.ts'

/** Pages of a list, in the order the other side gives them. */
export interface Pages<Row> {
  readonly rows: readonly Row[] | undefined
  readonly trouble: Trouble | null
  readonly asking: boolean
  /** Asks for the next page; null when there is none. */
  readonly more: (() => void) | null
  readonly renew: () => void
}

type AskPage<Row> = (
  cursor: string | undefined,
  signal: AbortSignal,
) => Promise<Answer<{ readonly rows: readonly Row[]; readonly next: string | null }>>

/** A list by pages: a new key starts it over; later pages are added below and never move what is being read. */
export const usePages = <Row>(key: string, askPage: AskPage<Row>): Pages<Row> => {
  const [round, setRound] = useState(0)
  const [later, setLater] = useState<Later<Row>>({ of: '', rows: [], next: null, asking: false, trouble: null })
  const first = useAnswer(`${key} #${round}`, (signal) => askPage(undefined, signal))
  const latest = useRef(askPage)
  latest.current = askPage
  const shown = useRef<readonly Row[] | undefined>(undefined)
  const mine = later.of === `${key} #${round}` ? later : null
  const next = mine ? mine.next : (first.value?.next ?? null)
  const rows = first.value && (mine ? [...first.value.rows, ...mine.rows] : first.value.rows)
  useEffect(() => {
    if (rows) shown.current = rows
  }, [rows])
  const more = (): void => {
    if (next === null || mine?.asking) return
    const of = `${key} #${round}`
    const before = mine?.rows ?? []
    setLater({ of, rows: before, next, asking: true, trouble: null })
    void latest
      .current(next, new AbortController().signal)
      .then((answer) =>
        setLater((now) =>
          now.of !== of
            ? now
            : answer.ok
              ? { of, rows: [...before, ...answer.value.rows], next: answer.value.next, asking: false, trouble: null }
              : { of, rows: before, next, asking: false, trouble: answer.trouble },
        ),
      )
  }
  return {
    rows: rows ?? (first.asking ? shown.current : undefined),
    trouble: mine?.trouble ?? first.trouble,
    asking: first.asking || (mine?.asking ?? false),
    more: next === null ? null : more,
    renew: () => setRound((now) => now + 1),
  }
}

interface Later<Row> {
  readonly of: string
  readonly rows: readonly Row[]
  readonly next: string | null
  readonly asking: boolean
  readonly trouble: Trouble | null
}
