import type { Sample } from './wire-records.ts'

const ACT = 'table:6e340b9cffb37a98:o0:1'
const GAUZE = 'gauze-10x10/B2509-甲'
const PLAIN = 'gauze-10x10/-'
const SHELF = 'qinglong/main/available'
const CASES = { quantity: 2, pack: '箱', factorVersion: 2 }

/** What the hub tells a site to take over of an old system, and that it takes one act back. */
export const HUB_ENTRIES_6: readonly Sample[] = [
  {
    kind: 'opening',
    action: ACT,
    actor: 'county',
    doc: 'OLD-2026-11',
    body: {
      ...{ is: 'told', doc: 'OLD-2026-11', counted: '2026-11-20', parts: 2 },
      lines: [
        { lot: GAUZE, printed: 'b2509-甲', expiry: '2028-08-31', place: SHELF, units: 100, entered: CASES, supplier: 'maker-1' },
        { lot: PLAIN, printed: '-', expiry: null, place: 'qinglong/main/held', units: 3, entered: null, supplier: null },
      ],
    },
  },
  {
    kind: 'opening',
    action: ACT,
    part: 1,
    actor: 'county',
    doc: 'OLD-2026-11',
    body: {
      ...{ is: 'told', doc: 'OLD-2026-11', counted: null, parts: 2 },
      lines: [
        {
          lot: GAUZE,
          printed: 'B2509-甲',
          expiry: '2028-08-31',
          place: 'qinglong/clinic/available',
          units: 7,
          entered: null,
          supplier: null,
        },
      ],
    },
  },
  { kind: 'opening', action: 'api:15', actor: 'county', doc: 'OLD-2026-11', body: { is: 'withdrawn', act: ACT, reason: '导错了' } },
]

const TOLD = 'hub>qinglong/ffeeddccbbaa998d'
/** What the site makes of it: a part is taken over, the rest is refused. */
export const NODE_ENTRIES_4: readonly Sample[] = [
  {
    kind: 'take-over',
    action: 'page:18',
    actor: 'keeper-1',
    doc: 'OLD-2026-11',
    refs: [`${TOLD}/1`],
    lines: [
      { lot: GAUZE, from: 'qinglong/~supplier', to: SHELF, units: 100, entered: CASES, tags: [] },
      { lot: PLAIN, from: 'qinglong/~supplier', to: 'qinglong/main/held', units: 3, entered: null, tags: [] },
    ],
    body: {
      ...{ is: 'taken', act: ACT, part: 0, opening: `${TOLD}/1` },
      lots: [
        { lot: GAUZE, printed: 'b2509-甲', expiry: '2028-08-31', produced: null },
        { lot: PLAIN, printed: '-', expiry: null, produced: null },
      ],
    },
  },
  {
    kind: 'take-over',
    action: 'page:19',
    actor: 'keeper-1',
    doc: 'OLD-2026-11',
    refs: [`${TOLD}/1`],
    body: { is: 'refused', act: ACT, opening: `${TOLD}/1`, reason: '门诊没有这批' },
  },
]
