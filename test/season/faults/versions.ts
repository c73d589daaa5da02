import { PLAIN } from '@lotkeeper/edge/ledger/writer.ts'
import { ENTRY_KINDS, type EntryKind } from '@lotkeeper/protocol/ledger/entry.ts'
import { roomPlace, STREAM_TO_ALL, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { tell } from '../tell.ts'
import type { Fault } from './fault.ts'

/** A newer edge with an older hub, and the reverse: entries of a kind the other side learns only when the season heals. */
export const VERSIONS = {
  'newer-edge': {
    rate: 0.008,
    most: 3,
    strike: ({ pick, nodes, records, draw }) => {
      const machine = pick(nodes.filter((run) => run.isUp()))
      if (!machine) return false
      const [from, to] = [virtualPlace(machine.node, 'supplier'), roomPlace(machine.node, 'main', 'available')]
      const lines = [{ lot: 'gauze/A1', from, to, units: 1 + Math.floor(draw() * 5), entered: null, tags: [] }]
      const occurredAtMs = machine.stockroom().now().nowMs
      const action = `later-${machine.machine}-${machine.ledger().head().epoch}-${machine.ledger().head().seq}`
      const draft = { ...PLAIN, kind: LATER as EntryKind, occurredAtMs, lines, body: {} }
      const booked = upgraded(() => machine.ledger().book({ action, act: 'later' }, () => [draft]))
      if (isRefusal(booked)) return false
      // Where the power went in the middle of it nobody was answered: it may stand or not.
      if (!machine.crashed()) records.answered(machine.node, action, { ...booked, entries: [], unexplained: 0, confirms: null })
      // What the parked entry brought is used in entries the hub reads before it.
      for (const kind of ['entry-parked', 'room-negative']) records.allow(kind, machine.node)
      return true
    },
  },
  'newer-hub': {
    rate: 0.008,
    most: 3,
    strike: async (world) => {
      if (!world.hub.isUp()) return false
      const action = `later-hub-${Math.floor(world.draw() * 1e9)}`
      const told = upgraded(() => tell(world, action, { stream: STREAM_TO_ALL, kind: LATER as EntryKind, doc: null, lines: [], body: {} }))
      world.records.allow('entry-parked', null)
      // Cut off, it may stand all the same: whoever parked it has to be started anew.
      return CARRIED_OUT.includes(await told)
    },
  },
} as const satisfies Record<string, Fault>

/** From here on everybody knows the kind, until `forgetLater`. */
export const knowLater = (): void => {
  KINDS[LATER] = { writer: 'any', moves: true, body: ENTRY_KINDS.receive.body }
}
export const forgetLater = (): void => {
  delete KINDS[LATER]
}

const CARRIED_OUT = ['told', 'told, cut off']
const LATER = 'of-a-later-version'
const KINDS = ENTRY_KINDS as unknown as Record<string, unknown>

/** Runs something on the newer side; what it calls is done before anybody else is asked. */
const upgraded = <Answer>(run: () => Answer): Answer => {
  const known = LATER in KINDS
  knowLater()
  try {
    return run()
  } finally {
    if (!known) forgetLater()
  }
}
