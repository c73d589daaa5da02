import type { EntryId } from '../names.ts'
import { entryOf } from '../names.ts'
import type { BodyOf } from './entry.ts'

/** Two entries of one node that are one act: its card had forgotten the first when the act came again. */
export interface ActTwice {
  readonly entry: EntryId
  readonly again: EntryId
}

/** What the node keeps of such a pair in its stream, so that its keeper and the county read of it. */
export const twiceAlarm = ({ entry, again }: ActTwice): BodyOf<'alarm'> => ({
  alarm: `${TWICE}:${placeIn(entry)}:${placeIn(again)}`,
  action: RAISED,
  reason: JSON.stringify({ is: TWICE, entry, again }),
})

/** The pair an `alarm` entry tells of, or `null`. */
export const readTwice = ({ action, reason }: BodyOf<'alarm'>): ActTwice | null => {
  if (action !== RAISED || reason === undefined) return null
  const { is, entry, again } = objectIn(reason)
  return is === TWICE && isEntryId(entry) && isEntryId(again) ? { entry, again } : null
}

/** Epoch and number of an entry: what tells it apart within its stream, in few letters. */
export const placeIn = (id: EntryId): string => id.slice(id.indexOf('/') + 1)

/** `action` of an `alarm` entry by which the node itself keeps what happened to it; every other one is a person's. */
export const RAISED = 'raised'

const TWICE = 'act-twice'

const isEntryId = (value: unknown): value is EntryId => typeof value === 'string' && entryOf(value) !== null

const objectIn = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
