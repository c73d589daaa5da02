import { randomBytes } from 'node:crypto'
import { type Database, storageTroubleOf } from '../database.ts'
import { type AuditNote, detailDigest, type Head, linked, NO_HASH } from './chain.ts'
import type { ToldHead } from './head.ts'

/** The chain as it is written. */
export interface Chain {
  readonly head: () => Head
  /** Appends all or none, in one commit. */
  readonly append: (notes: readonly AuditNote[]) => void
}

/** The chain from where it stands. One that no longer has the row it was known to end with goes on under another epoch and says so in its next row. */
export const openChain = (db: Database, told: ToldHead, now: () => number): Chain => {
  const last = lastIn(db)
  let head: Head = last ?? { epoch: newEpoch(), seq: 0, hash: NO_HASH }
  const addRow = db.prepare('insert into chain (seq, body, hash, at, who, act, subject) values (?, ?, ?, ?, ?, ?, ?)')
  const addDetail = db.prepare('insert into detail (seq, salt, json) values (?, ?, ?)')
  const append = (notes: readonly AuditNote[], from: Head = head) => {
    let next = from
    db.transaction(() => {
      for (const note of notes) {
        const [salt, json] = [randomBytes(SALT_BYTES).toString('hex'), note.detail ? detailText(note.detail) : null]
        const digest = json === null ? null : detailDigest(salt, json)
        const { said, body, hash } = linked(next, note, { at: new Date(now()).toISOString(), digest })
        next = { epoch: next.epoch, seq: said.seq, hash }
        addRow.run(said.seq, body, hash, said.at, said.who, said.act, said.subject)
        if (json !== null) addDetail.run(said.seq, salt, json)
      }
    }).immediate()
    head = next
    told.write(head)
  }
  const before = told.read()
  const marker = told.kept || last === null ? markerFor(db, last, before) : null
  // On a full disk the hub starts all the same; the marker is written with the first row there is room for.
  const fresh: Head = marker === null ? head : { ...head, epoch: newEpoch() }
  let begun = marker === null
  const begin = () => {
    if (begun || marker === null) return
    append([marker], fresh)
    begun = true
  }
  try {
    begin()
  } catch (cause) {
    if (storageTroubleOf(cause) !== 'full') throw cause
  }
  return {
    head: () => head,
    append: (notes) => {
      begin()
      append(notes)
    },
  }
}

/** What the first row of another epoch says; `null`: the chain goes on. */
const markerFor = (db: Database, last: Head | null, told: Head | null): AuditNote | null => {
  const found = told ? db.prepare<[number], string>('select hash from chain where seq = ?').pluck().get(told.seq) : undefined
  if (told && found === told.hash) return null
  const said = told ? `${told.epoch}:${told.seq}:${told.hash}` : null
  if (last === null && told === null) return { who: null, kind: 'hub', act: BEGAN, outcome: 'ok' }
  return { who: null, kind: 'hub', act: told ? RESTORED : HEAD_LOST, subject: said, outcome: 'ok' }
}

/** Named acts of the chain itself. */
const BEGAN = 'audit-began'
const RESTORED = 'audit-restored'
const HEAD_LOST = 'audit-head-lost'

const detailText = (detail: object): string => {
  const json = JSON.stringify(detail)
  return json.length > DETAIL_LENGTH_MAX ? JSON.stringify(shortened(detail)) : json
}

/** The largest parts go first, until it fits. */
const shortened = (detail: object): object => {
  const parts = Object.entries(detail).map(([name, part]) => [name, part, (JSON.stringify(part) ?? '').length] as const)
  let left = parts.reduce((sum, [, , length]) => sum + length, 0)
  const dropped = new Set<string>()
  for (const [name, , length] of parts.toSorted((one, other) => other[2] - one[2])) {
    if (left <= DETAIL_LENGTH_MAX - SLACK) break
    dropped.add(name)
    left -= length
  }
  return Object.fromEntries(parts.map(([name, part]) => [name, dropped.has(name) ? '…' : part]))
}

const lastIn = (db: Database): Head | null => {
  const row = db
    .prepare<[], { readonly seq: number; readonly body: string; readonly hash: string }>(
      'select seq, body, hash from chain order by seq desc limit 1',
    )
    .get()
  if (!row) return null
  return { epoch: epochIn(row.body), seq: row.seq, hash: row.hash }
}

/** A last row that was made unreadable must not keep the hub from starting: verifying names it. */
const epochIn = (body: string): string => {
  try {
    return String((JSON.parse(body) as { readonly epoch?: unknown }).epoch)
  } catch {
    return newEpoch()
  }
}

const newEpoch = (): string => randomBytes(8).toString('hex')

const SALT_BYTES = 16
/** Largest detail kept: a bounded record before and after takes a few kilobytes. */
const DETAIL_LENGTH_MAX = 32_768
/** Names and signs around the parts. */
const SLACK = 2_048
