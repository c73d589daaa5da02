import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import type { Roster, RosterAskBody, RosterTold } from '@lotkeeper/protocol/wire/roster.ts'
import { rosterDigest, writeRoster } from '@lotkeeper/protocol/wire/roster.ts'
import { testParts } from './parts.ts'
import type { Sample } from './wire-records.ts'

const AT = '2026-11-23T02:00:00.000Z'
const VERSION = 1_795_399_200_000
const hash = (fill: number) => `scrypt$16384$${base64urlOf(new Uint8Array(16).fill(fill))}$${base64urlOf(new Uint8Array(32).fill(fill))}`

/** A roster as it is before it is sealed: its digest stands in a chain, so its text may never read otherwise. */
export const ROSTER_SAMPLE: Roster = {
  version: VERSION,
  at: AT,
  keepers: [
    { keeper: 'u-7Jr2', name: '王芳', pinHash: hash(1), role: 'keeper' },
    { keeper: 'u-9Qx4', name: 'Li “Sam” 强', pinHash: hash(2), role: 'assistant' },
  ],
}
const DIGEST = rosterDigest(testParts, writeRoster(ROSTER_SAMPLE) ?? '')

/** Who may sign in at a site, and that nobody may any more. */
export const HUB_ENTRIES_8: readonly Sample[] = [
  {
    kind: 'roster',
    action: `roster/qinglong/${VERSION}`,
    body: {
      ...{ version: VERSION, digest: DIGEST },
      keepers: ROSTER_SAMPLE.keepers.map(({ keeper, role }) => ({ keeper, role })),
    },
  },
  { kind: 'roster', action: `roster/qinglong/${VERSION + 1}`, body: { version: VERSION + 1, digest: 'A'.repeat(64), keepers: [] } },
]

export const ROSTER_ASKED: RosterAskBody = { told: VERSION, held: null, key: '0123456789ABCDEF' }
/** What is in the box stands for any sealed bytes. */
export const ROSTER_TOLD_SAMPLE: RosterTold = {
  at: AT,
  roster: {
    ...{ version: VERSION, digest: DIGEST },
    sealed: {
      key: '0123456789ABCDEF',
      ephemeral: base64urlOf(new Uint8Array(32).fill(9)),
      nonce: base64urlOf(new Uint8Array(12).fill(7)),
      box: base64urlOf(new Uint8Array(48).fill(5)),
    },
  },
}
