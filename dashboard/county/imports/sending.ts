import type { TableKind } from '@lotkeeper/protocol/api/hub-imports.ts'
import { useContext, useEffect, useRef, useState } from 'react'
import type { Trouble } from '../../parts/door.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { useCounty } from '../county.ts'
import { importHref } from './states.ts'
import { tableTypeOf } from './table-file.ts'

/** A table on its way to the hub; who leaves the page ends it. Once it is there, its import is shown. */
export const useSending = () => {
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const [sent, setSent] = useState<number | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [isStopped, setStopped] = useState(false)
  const ending = useRef<AbortController | null>(null)
  useEffect(() => () => ending.current?.abort(), [])
  const clear = (): void => {
    setTrouble(null)
    setStopped(false)
  }
  const send = async (kind: TableKind, file: File): Promise<void> => {
    const { signal } = start(ending)
    clear()
    setSent(0)
    // An import of the same file is known by its number: the hub answers with the one that was.
    const known = await hub.ask('tableImports', { signal })
    const answer = await hub.send('startTableImport', {
      query: { kind, name: file.name.slice(-NAME_MAX) },
      bytes: file.slice(0, file.size, tableTypeOf(file.name) ?? ''),
      told: (bytes) => setSent(bytes / Math.max(1, file.size)),
      signal,
    })
    setSent(null)
    if (!answer.ok) {
      if (signal.aborted) setStopped(true)
      else setTrouble(answer.trouble)
      return
    }
    shelf.renew('tableImport')
    const { import: id } = answer.value
    const isAgain = known.ok && known.value.rows.some((one) => one.import === id)
    window.location.hash = importHref(id, isAgain ? { again: 'yes' } : {})
  }
  return { sent, trouble, isStopped, send, clear, stop: () => ending.current?.abort() }
}

const start = (ending: { current: AbortController | null }): AbortController => {
  const made = new AbortController()
  ending.current = made
  return made
}

const NAME_MAX = 200
