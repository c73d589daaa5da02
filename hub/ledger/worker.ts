import { parentPort, workerData } from 'node:worker_threads'
import { openCrypto, signerOf } from '../crypto.ts'
import { openDatabase, openWithin, troubleNamed } from '../database.ts'
import { faultOf } from '../faults.ts'
import type { Parcel } from './contract.ts'
import type { Asked, ThreadOptions, Told, TroubleText } from './messages.ts'
import { type LedgerCore, openLedgerCore } from './sqlite/core.ts'
import { LEDGER_FORM } from './sqlite/form.ts'
import { openTelling } from './telling.ts'

/** The ledger's thread: opens the file, answers one message after another, tells every commit while somebody follows. */
const serve = (options: ThreadOptions): void => {
  const opened = openDatabase(options.file, LEDGER_FORM, options.mbMax)
  const crypto = openCrypto()
  const { countyKey, epoch, zone, software, transitDueMs, secondCopy = null } = options
  const own = { crypto, signer: signerOf(crypto, options.signingKey), now: Date.now, upMs: () => performance.now() }
  const core = openWithin(opened, () => openLedgerCore(opened, { ...own, countyKey, epoch, zone, software, transitDueMs, secondCopy }))
  const telling = openTelling({
    rows: (keys) => core.ask.deltaRows(keys),
    now: () => performance.now(),
    after,
    tell: (committed) => say({ committed }),
  })
  let unfollow: (() => void) | null = null
  parentPort?.on('message', (asked: Asked) => {
    if ('follow' in asked) {
      unfollow?.()
      unfollow = asked.follow ? core.follow(telling.take) : null
    } else if ('take' in asked) answer(asked.id, () => core.take(parcelsOf(asked.take)))
    else if (asked.word === 'audit') step(asked.id, core.auditSteps())
    else if (asked.word === 'close') {
      telling.close()
      answer(asked.id, core.shut)
    } else answer(asked.id, () => methodOf(core, asked.word)(...(asked.asked as never[])))
  })
  say({ opened: true })
}

type Method = (...asked: never[]) => unknown

const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

const say = (told: Told): void => parentPort?.postMessage(told)

const answer = (id: number, run: () => unknown): void => {
  try {
    say({ id, answer: run() })
  } catch (cause) {
    say({ id, trouble: troubleOf(cause) })
  }
}

/** Between two steps other questions get their turn. */
const step = (id: number, steps: Generator<void, readonly string[]>): void => {
  try {
    const next = steps.next()
    if (next.done === true) say({ id, answer: next.value })
    else setImmediate(step, id, steps)
  } catch (cause) {
    say({ id, trouble: troubleOf(cause) })
  }
}

const methodOf = (core: LedgerCore, word: string): Method => {
  const [room, name] = word.startsWith('ask.') ? [core.ask, word.slice(4)] : [core, word]
  const method = (room as unknown as Readonly<Record<string, Method>>)[name]
  if (method === undefined) throw new TypeError(`the ledger has no word ${word}`)
  return method
}

const parcelsOf = ({ heads, ends, bytes }: Extract<Asked, { readonly take: unknown }>['take']): readonly Parcel[] =>
  heads.map((head, at) => ({ ...head, payload: bytes.subarray(ends[at - 1] ?? 0, ends[at]) }))

const troubleOf = (thrown: unknown): TroubleText => {
  const cause = troubleNamed((workerData as ThreadOptions).file, thrown)
  const known = faultOf(cause)
  const error = cause instanceof Error ? cause : new Error(String(cause))
  return { code: known?.code ?? null, facts: known?.facts ?? {}, message: error.message, stack: error.stack ?? '' }
}

try {
  serve(workerData as ThreadOptions)
} catch (cause) {
  say({ broken: troubleOf(cause) })
}
