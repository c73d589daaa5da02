import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { type Database, openDatabase } from '@lotkeeper/edge/database.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import type { Signer } from '@lotkeeper/protocol/parts.ts'

/**
 * Counts what the production code asks of the world (SQL, files, signatures, timers, publishes) and cuts the power in front of the k-th call.
 * From then on every call fails, so nothing that is caught on the way out can still reach the disk.
 */
export interface Meter extends Disposable {
  /** From now on calls count; `at` is the call that does not happen any more, `null` for none. */
  readonly begin: (at: number | null) => void
  /** Calls are no longer counted; answers how many there were. */
  readonly end: () => number
  readonly isCut: () => boolean
  /** Looks without being counted. */
  readonly aside: <Seen>(look: () => Seen) => Seen
  /** Lets go of the files of the dead machine, without caring for what that writes. */
  readonly abandon: () => void
  readonly signer: <Own extends Signer>(signer: Own) => Own
  /** One call of a port that the caller made itself. */
  readonly call: () => void
}

/** The power went. Nothing in the production code knows it, so nothing catches it for good. */
export class PowerCut extends Error {}

/** Puts itself between the code and better-sqlite3's connection and `node:fs`, both for all of this process; disposed, both are as before. */
export const openMeter = (): Meter => {
  let counting = false
  let cutAt: number | null = null
  let calls = 0
  const opened = new Set<Database>()
  const isCut = () => counting && cutAt !== null && calls >= cutAt
  const call = () => {
    if (!counting) return
    if (isCut()) throw new PowerCut()
    calls += 1
    if (isCut()) throw new PowerCut()
  }
  const doors = doorsOf()
  const undo = [
    ...wrap(doors.statement, ['run', 'get', 'all', 'iterate'], call),
    ...wrap(doors.connection, ['exec', 'close'], call),
    ...wrap(doors.connection, ['prepare'], (connection) => void opened.add(connection as Database)),
    ...wrap(fs as unknown as Methods, FILE_CALLS, call),
  ]
  syncBuiltinESMExports()
  return {
    call,
    isCut,
    begin: (at) => {
      counting = true
      cutAt = at
      calls = 0
    },
    end: () => {
      counting = false
      return calls
    },
    aside: (look) => {
      const before = counting
      counting = false
      try {
        return look()
      } finally {
        counting = before
      }
    },
    abandon: () => {
      counting = false
      for (const connection of opened) if (connection.open) connection.close()
      opened.clear()
    },
    signer: (signer) => ({
      ...signer,
      sign: (message) => {
        call()
        return signer.sign(message)
      },
    }),
    [Symbol.dispose]: () => {
      for (const back of undo) back()
      syncBuiltinESMExports()
    },
  }
}

/** Everything by which a file comes to be other than it was. */
const FILE_CALLS = [
  ...['openSync', 'writeSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync', 'truncateSync', 'writeFileSync', 'appendFileSync'],
  ...['renameSync', 'rmSync', 'unlinkSync', 'copyFileSync', 'linkSync', 'mkdirSync'],
] as const

type Methods = Record<string, (this: unknown, ...given: unknown[]) => unknown>

/** A connection and a statement give away the prototypes of all others, those of the hub too. */
const doorsOf = () => {
  const db = openDatabase(':memory:', LEDGER_SHAPE, { synchronous: 'FULL', walPages: 0 })
  const doors = { connection: Object.getPrototypeOf(db) as Methods, statement: Object.getPrototypeOf(db.prepare('select 1')) as Methods }
  db.close()
  return doors
}

const wrap = (door: Methods, names: readonly string[], before: (self: unknown) => void): readonly (() => void)[] =>
  names.map((name) => {
    const original = door[name]
    if (!original) throw new Error(`there is no call ${name} any more`)
    door[name] = function (this: unknown, ...given: unknown[]) {
      before(this)
      return original.apply(this, given)
    }
    return () => {
      door[name] = original
    }
  })
