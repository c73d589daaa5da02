import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { exitOf, showVerdict, verdictLine } from '@lotkeeper/deploy/verbs/verify-show.ts'
import { openDatabase as openNodeFile, readDatabase as readNodeFile } from '@lotkeeper/edge/database.ts'
import { NODE } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { openDatabase as openHubFile, readDatabase as readHubFile } from '@lotkeeper/hub/database.ts'
import { originOf, writeCheckpoint } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { crypto, FIRST, FORM, LOT, NEXT, OWN, verdictOf, writeClosedHub, writeClosedNode } from './ledgers.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotkeeper-verify-test-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** One hub's ledger is written; every test damages a copy of its own. */
const template = mkdtempSync(join(tmpdir(), 'lotkeeper-verify-template-'))
let written: Awaited<ReturnType<typeof writeClosedHub>>
beforeAll(async () => {
  written = await writeClosedHub(template)
  // The pages that were once stretched into its WAL go: they prove nothing, and every copy and every look would carry them.
  change(written.file, 'vacuum')
})
afterAll(() => rmSync(template, { recursive: true }))
const copyHub = () => {
  cpSync(template, home, { recursive: true })
  return { ...written, file: join(home, 'hub.sqlite') }
}

const SWAPPED = `"parent":{"epoch":"${FIRST}","hash":"`
const DAMAGES = [
  {
    damage: 'a flipped byte in a body',
    sql: `update log set body = replace(body, '"units":10', '"units":11') where epoch = '${FIRST}' and seq = 2`,
    found: [`chain-broken ${OWN}/${FIRST}/2`, `position-wrong ${LOT} @ ${NODE}/main/available`, `position-wrong ${LOT} @ ${NODE}/~transit`],
  },
  {
    damage: 'a body that is no entry any more',
    sql: `update log set body = replace(body, '"lines":', '"lanes":') where epoch = '${NEXT}' and seq = 1`,
    found: [`chain-broken ${OWN}/${NEXT}/1`, `entry-unreadable ${OWN}/${NEXT}/1`, `tip-wrong ${OWN}/${NEXT}`],
  },
  {
    damage: 'a missing row',
    sql: `delete from log where epoch = '${FIRST}' and seq = 2`,
    found: [
      `leaf-missing ${OWN}/${FIRST}/1`,
      'order-broken -',
      `position-wrong ${LOT} @ ${NODE}/main/available`,
      `position-wrong ${LOT} @ ${NODE}/~transit`,
      `seal-without-entry ${OWN}/${FIRST}/2`,
      `sequence-hole ${OWN}/${FIRST}/3`,
    ],
  },
  {
    damage: 'a cut tail with its seal, positions mended',
    sql: `delete from log where epoch = '${NEXT}' and seq = 2; delete from batch_signature where epoch = '${NEXT}';
      update position set units = units + 1 where place like '%available'; update position set units = units - 1 where place like '%consumed'`,
    found: [`leaf-missing ${OWN}/${NEXT}/1`, 'order-broken -', `tip-wrong ${OWN}/${NEXT}`],
  },
  {
    damage: 'a wrong position',
    sql: `update position set units = 99 where place = '${NODE}/main/available'`,
    found: [`not-conserved ${LOT}`, `position-wrong ${LOT} @ ${NODE}/main/available`],
  },
  {
    damage: 'a lost position',
    sql: `delete from position where place = '${NODE}/~consumed'`,
    found: [`not-conserved ${LOT}`, `position-wrong ${LOT} @ ${NODE}/~consumed`],
  },
  {
    damage: 'a wrong signature',
    sql: `update batch_signature set sig = zeroblob(64) where epoch = '${FIRST}' and upto_seq = 3`,
    found: [`signature-wrong ${OWN}/${FIRST}/3`],
  },
  {
    damage: 'a swapped parent in the entry',
    sql: `update log set body = replace(body, '${SWAPPED}', '${SWAPPED}00') where epoch = '${NEXT}' and seq = 1;
      update log set body = replace(body, substr(body, instr(body, '${SWAPPED}') + ${SWAPPED.length}, 66),
        substr(body, instr(body, '${SWAPPED}') + ${SWAPPED.length}, 64)) where epoch = '${NEXT}' and seq = 1`,
    found: [`chain-broken ${OWN}/${NEXT}/1`, `parent-unknown ${OWN}/${NEXT}/1`, `tip-wrong ${OWN}/${NEXT}`],
  },
  {
    damage: 'a swapped parent in the table of epochs',
    sql: `update epoch set parent_seq = 2 where epoch = '${NEXT}'`,
    found: [`tip-wrong ${OWN}/${NEXT}`],
  },
  {
    damage: 'two entries that changed places',
    sql: `update log set seq = 9 where epoch = '${FIRST}' and seq = 2; update log set seq = 2 where epoch = '${FIRST}' and seq = 3;
      update log set seq = 3 where epoch = '${FIRST}' and seq = 9`,
    found: [
      `chain-broken ${OWN}/${FIRST}/2`,
      `chain-broken ${OWN}/${FIRST}/3`,
      `entry-misplaced ${OWN}/${FIRST}/2`,
      `entry-misplaced ${OWN}/${FIRST}/3`,
      `leaf-differs ${OWN}/${FIRST}/2`,
      `leaf-differs ${OWN}/${FIRST}/3`,
      `parent-unknown ${OWN}/${NEXT}/1`,
      `received-differs ${OWN}/${FIRST}/2`,
      `received-differs ${OWN}/${FIRST}/3`,
      `seal-without-entry ${OWN}/${FIRST}/2`,
      `seal-without-entry ${OWN}/${FIRST}/3`,
      `tip-wrong ${OWN}/${FIRST}`,
    ],
  },
]

const change = (file: string, sql: string, ...values: readonly unknown[]): void => {
  const { db, close } = openHubFile(file, FORM)
  if (values.length > 0) db.prepare(sql).run(...values)
  else db.exec(sql)
  close()
}
const foundIn = (file: string, witness: string | null = null): readonly string[] => {
  const told = verifyFile(file, { witness })
  return 'unreadable' in told ? [told.unreadable.en] : told.verdict.findings.map(({ code, where }) => `${code} ${where}`).sort()
}

const HUB_EPOCH = 'ee00000000000001'
const FLIPPED = `cast(substr(hashes, 1, 40) || x'00' || substr(hashes, 42) as blob)`

describe('every damage is found and named', () => {
  test.for([
    {
      damage: 'a place in the order',
      sql: `update log set ord = ord + 100 where epoch = '${NEXT}' and seq = 2`,
      found: [`order-broken ${OWN}/${NEXT}/2`],
    },
    {
      damage: 'a place in the order taken twice',
      sql: `update log set ord = 1 where epoch = '${NEXT}' and seq = 2`,
      found: [`order-broken ${OWN}/${NEXT}/2`],
    },
    {
      damage: 'a time of receipt',
      sql: `update log set received_at = received_at + 1 where epoch = '${NEXT}' and seq = 2`,
      found: [`received-differs ${OWN}/${NEXT}/2`],
    },
    {
      damage: 'the name of a key',
      sql: `update batch_signature set key = '0000000000000000' where upto_seq = 3`,
      found: [`key-uncertified ${OWN}/${FIRST}/3`],
    },
    {
      damage: 'a certificate',
      sql: `update certificate set certificate = replace(certificate, '2026-01-01', '2026-01-02') where node = '${NODE}'`,
      found: [
        `certificate-wrong ${NODE} 1`,
        `key-uncertified ${OWN}/${FIRST}/2`,
        `key-uncertified ${OWN}/${FIRST}/3`,
        `key-uncertified ${OWN}/${NEXT}/2`,
      ],
    },
    {
      damage: 'an entry that is in no tree',
      sql: `delete from tree_span where epoch = '${NEXT}'`,
      found: [`leaf-missing ${OWN}/${NEXT}/1`, `leaf-missing ${OWN}/${NEXT}/2`, `tree-differs ${HUB_EPOCH} 4`],
    },
    {
      damage: 'a leaf',
      sql: `update tree_tile set hashes = ${FLIPPED}`,
      found: [`checkpoint-differs ${HUB_EPOCH} 6`, `checkpoint-differs hub>all/${HUB_EPOCH}/2`, `leaf-differs ${OWN}/${FIRST}/1`],
    },
    {
      damage: 'a leaf too few',
      sql: `update tree_tile set hashes = substr(hashes, 1, 7 * 32)`,
      found: [`leaf-differs hub>all/${HUB_EPOCH}/2`, `tree-differs ${HUB_EPOCH} 8`],
    },
    {
      damage: 'what a tree began with',
      sql: `update tree set first = 'x'`,
      found: [`leaf-differs ${HUB_EPOCH} 0`, `tree-differs ${HUB_EPOCH} 0`],
    },
    {
      damage: 'the text of a checkpoint',
      sql: `update tree_head set text = replace(text, '6', '7')`,
      found: [`checkpoint-wrong ${HUB_EPOCH} 6`],
    },
    { damage: 'what stands beside it', sql: `update tree_head set size = 5`, found: [`checkpoint-wrong ${HUB_EPOCH} 5`] },
    {
      damage: 'a sum',
      sql: `update flow set n = n + 1 where dst like '%consumed'`,
      found: ['projection-differs flow', 'projection-differs flow'],
    },
    {
      damage: 'a movement',
      sql: `delete from movement where kind = 'issue'`,
      found: ['projection-differs movement', 'projection-differs movement'],
    },
  ])('$damage', async ({ sql, found }) => {
    const { file } = copyHub()
    change(file, sql)
    expect(foundIn(file)).toEqual(found)
  })

  test('a page of an index', async () => {
    const { file } = copyHub()
    const { db, close } = openHubFile(file, FORM)
    const page = Number(db.prepare(`select rootpage from sqlite_schema where name = 'position_by_place'`).pluck().get())
    close()
    const bytes = readFileSync(file)
    bytes.fill(0x41, page * 4_096 - 40, page * 4_096)
    writeFileSync(file, bytes)
    expect(foundIn(file)).toContain('file-damaged -')
  })

  test('checkpoints the hub signed and its ledger does not give: another root, more leaves than there are', async () => {
    const { file, hub, county } = copyHub()
    const told = (size: number) => writeCheckpoint(crypto, { origin: originOf(county, HUB_EPOCH), size, root: new Uint8Array(32) }, hub)
    for (const size of [4, 9]) change(file, 'insert into tree_head values (?, ?, zeroblob(32), ?, 0)', HUB_EPOCH, size, told(size))
    expect(foundIn(file)).toEqual([`checkpoint-beyond ${HUB_EPOCH} 9`, `checkpoint-differs ${HUB_EPOCH} 4`])
  })

  test('what a witness holds and the ledger does not give', async () => {
    const { file, hub, county } = copyHub()
    const hubHome = home
    home = join(hubHome, 'node')
    mkdirSync(home)
    const node = writeClosedNode(home)
    home = hubHome
    const told = writeCheckpoint(crypto, { origin: originOf(county, HUB_EPOCH), size: 4, root: new Uint8Array(32) }, hub)
    const db = openNodeFile(node, LEDGER_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
    db.prepare('insert into checkpoint values (?, 4, ?, ?)').run(HUB_EPOCH, told, `hub>all/${HUB_EPOCH}/2`)
    db.close()
    const where = `${NODE} ${HUB_EPOCH} 4`
    expect(foundIn(file, node)).toEqual([`checkpoint-differs ${where}`, `checkpoint-missing ${where}`])
    expect(foundIn(file, file)).toEqual([expect.stringContaining(`only a node's ledger is a witness`)])
  })

  test.for(DAMAGES)('$damage', async ({ sql, found }) => {
    const { file } = copyHub()
    change(file, sql)
    const told = verdictOf(file)
    expect(told.verdict.findings.map(({ code, where }) => `${code} ${where}`).sort()).toEqual(found)
    expect(exitOf(told)).toBe(1)
    for (const { code, where, detail } of told.verdict.findings) expect(showVerdict(told)).toContain(`${where}  (${detail})  [${code}]`)
    expect(JSON.parse(verdictLine(told))).toMatchObject({ right: false, findingsMore: 0 })
  })

  test('in the file of a node too: a kind, a table', () => {
    for (const [sql, found] of [
      [`update log set kind = 'issue' where kind = 'receive'`, `kind-wrong ${OWN}`],
      [`update lot set printed = 'x'`, 'projection-differs lot'],
    ] as const) {
      rmSync(join(home, 'keys'), { recursive: true, force: true })
      rmSync(join(home, 'node.sqlite'), { force: true })
      const file = writeClosedNode(home)
      const db = openNodeFile(file, LEDGER_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
      db.exec(sql)
      db.close()
      expect(foundIn(file)).toEqual([expect.stringContaining(found)])
    }
  })

  test('in the file of a node too', () => {
    const file = writeClosedNode(home)
    const db = openNodeFile(file, LEDGER_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
    db.exec(
      `update position set units = units + 1 where place = '${NODE}/main/pending'; update batch_signature set head_hash = zeroblob(32)`,
    )
    db.close()
    const codes = verdictOf(file).verdict.findings.map(({ code }) => code)
    expect(codes.sort()).toEqual([
      'not-conserved',
      'position-wrong',
      'seal-without-entry',
      'seal-without-entry',
      'signature-wrong',
      'signature-wrong',
    ])
  })
})

/** Everything that must be as it was written. */
const truthIn = (file: string, kind: 'hub' | 'node'): string => {
  const tables = [
    'epoch',
    'log',
    'batch_signature',
    'certificate',
    'position',
    ...(kind === 'hub' ? ['tree', 'tree_span', 'tree_tile', 'tree_head'] : ['revoked']),
  ]
  const db = kind === 'hub' ? readHubFile(file, FORM) : readNodeFile(file, LEDGER_SHAPE)
  try {
    return JSON.stringify(tables.map((table) => db.prepare(`select * from ${table} not indexed`).raw().all()))
  } finally {
    db.close()
  }
}

/** A page with next to nothing in it is hardly ever read. */
const isUsed = (page: Uint8Array): boolean => page.filter((byte) => byte !== 0).length > 64

describe('one flipped bit anywhere in the file is named, or changed nothing that was written', () => {
  test.for([
    { kind: 'hub', flips: 80 },
    { kind: 'node', flips: 40 },
  ] as const)('$kind', async ({ kind, flips }) => {
    const file = kind === 'hub' ? copyHub().file : writeClosedNode(home)
    const written = truthIn(file, kind)
    const bytes = readFileSync(file)
    const pages = Array.from({ length: bytes.length / 4_096 }, (_, page) => page * 4_096).filter((from) =>
      isUsed(bytes.subarray(from, from + 4_096)),
    )
    let named = 0
    for (let turn = 0; turn < flips; turn += 1) {
      // Pages hold their rows at their ends: most flips go there, the others anywhere.
      const page = pages[Math.floor((turn / flips) * pages.length)] ?? 0
      const at = page + (turn % 3 === 0 ? (turn * 1_103) % 4_096 : 4_095 - ((turn * 131) % 400))
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (turn % 8))
      writeFileSync(file, flipped)
      const told = verifyFile(file)
      if (exitOf(told) === 0) expect(truthIn(file, kind), `byte ${at}`).toBe(written)
      else named += 1
    }
    expect(named).toBeGreaterThan(flips / 8)
  })
})
