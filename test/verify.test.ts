import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runVerb } from '@lotkeeper/deploy/county/house.ts'
import { copyDatabase } from '@lotkeeper/deploy/verbs/verify-copy.ts'
import { type LedgerVerdict, verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { exitOf, showVerdict, verdictLine } from '@lotkeeper/deploy/verbs/verify-show.ts'
import { openDatabase as openNodeFile, readDatabase as readNodeFile } from '@lotkeeper/edge/database.ts'
import { announce, type Bench, draft, line, NODE, openBench, openTestHub } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { openCrypto, rawPublicKey, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase as openHubFile, readDatabase as readHubFile } from '@lotkeeper/hub/database.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { CHAIN_START, hashAfter } from '@lotkeeper/protocol/ledger/chain.ts'
import { originOf, writeCheckpoint } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { type Certificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testSigner } from './parts.ts'
import { ENTRY_DEFAULTS, testWriter } from './writer.ts'

const crypto = openCrypto()
const FORM = { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA }
const LOT = 'gauze/B1'
const OWN = `${NODE}>*`
const FIRST = '00000000000000aa'
const NEXT = '00000000000000bb'
const RECEIVED = Date.parse('2026-11-22T01:02:04.000Z')

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotkeeper-verify-test-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const certificateFor = (subject: string, publicKey: Uint8Array, issuer: string): Certificate => ({
  v: 1,
  subject,
  role: subject === 'hub' ? 'hub' : 'node',
  alg: 'Ed25519',
  signingKey: base64urlOf(publicKey),
  tlsKey: 'A'.repeat(64),
  from: '2026-01-01T00:00:00.000Z',
  serial: 1,
  incarnation: subject === 'hub' ? 1 : 0,
  issuer,
})

/** A hub's ledger with keys beside it, holding two epochs of one node: received 10, took 4; after a restart of the node took 1. */
const writeHub = async () => {
  const file = join(home, 'hub.sqlite')
  const [countyKey, hubKey] = [generateKeyPairSync('ed25519').privateKey, generateKeyPairSync('ed25519').privateKey]
  const county = signerOf(crypto, countyKey)
  mkdirSync(join(home, 'keys'))
  writeFileSync(join(home, 'keys/county.key'), countyKey.export({ type: 'pkcs8', format: 'pem' }))
  const clock = { now: Date.now, upMs: () => performance.now() }
  const facts = { zone: 'Asia/Shanghai', software: 'test', transitDueMs: 3_600_000 }
  const order = {
    crypto,
    signer: signerOf(crypto, hubKey),
    countyKey: rawPublicKey(countyKey),
    epoch: 'ee00000000000001',
    ...clock,
    ...facts,
  }
  const ledger = openLedgerHere(openHubFile(file, FORM), order)
  const signer = testSigner(new Uint8Array(32).fill(7))
  const certify = (name: string, publicKey: Uint8Array) =>
    ledger.keepCertificate(name, signCertificate(crypto, county, certificateFor(name, publicKey, county.key)))
  await certify('hub', rawPublicKey(hubKey))
  await certify(NODE, signer.publicKey)
  const give = async (writer: ReturnType<typeof testWriter>, from: number, upto: number) => {
    const payload = Buffer.from(writeBatch(writer.batch(from, upto), { source: '/test', time: '2026-11-22T01:02:04.000Z' }))
    const outcomes = await ledger.take([{ node: NODE, payload, receivedAtMs: RECEIVED + from }])
    if (isRefusal(outcomes) || outcomes[0]?.judgement !== 'taken') throw new Error(JSON.stringify(outcomes))
  }
  const first = testWriter(OWN, FIRST, signer)
  first.add({ kind: 'receive', lines: [line(LOT, `${NODE}/~transit`, `${NODE}/main/available`, 10)] })
  await give(first, 1, 2)
  first.add({ kind: 'issue', lines: [line(LOT, `${NODE}/main/available`, `${NODE}/~consumed`, 4)] })
  await give(first, 3, 3)
  const next = testWriter(OWN, NEXT, signer, { epoch: FIRST, seq: 3, hash: first.tip().headHash })
  next.add({ kind: 'issue', lines: [line(LOT, `${NODE}/main/available`, `${NODE}/~consumed`, 1)] })
  await give(next, 1, 2)
  return { file, ledger, give, next, hub: signerOf(crypto, hubKey), county: county.key }
}

/** An entry of a kind that only a later version knows. */
const addLater = (writer: ReturnType<typeof testWriter>): void => {
  const { texts, hashes } = writer as unknown as { texts: string[]; hashes: Uint8Array[] }
  const { stream, epoch } = writer.tip()
  texts.push(canonicalText({ ...ENTRY_DEFAULTS, kind: 'teleport', stream, epoch, seq: texts.length + 1 }))
  hashes.push(hashAfter(crypto, hashes.at(-1) ?? CHAIN_START, texts.at(-1) ?? ''))
}

const writeClosedHub = async () => {
  const written = await writeHub()
  await written.ledger.keepCheckpoint()
  await written.ledger.close()
  return written
}

/** A node's ledger, enrolled, told of one tag by the hub; it received the tagged pack and sent everything. */
const writeNode = () => {
  const file = join(home, 'node.sqlite')
  const hub = openTestHub()
  const bench = openBench({ path: file })
  const county = testSigner()
  const certificates = [bench.signer, { publicKey: hub.publicKey }].map(({ publicKey }, at) =>
    signCertificate(crypto, county, certificateFor(at === 0 ? NODE : 'hub', publicKey, county.key)),
  )
  mkdirSync(join(home, 'keys'))
  writeFileSync(join(home, 'keys/enrolment.json'), JSON.stringify({ countyKey: base64urlOf(county.publicKey), certificates }))
  announce(hub, { epc: '30340000000000000000E001', lot: LOT, units: 10 })
  hub.tell(bench.ledger)
  receiveTen(bench, 'a-1')
  send(bench)
  return { file, bench }
}

const receiveTen = ({ ledger }: Bench, action: string) =>
  ledger.book({ action, act: 'a' }, () => [draft('receive', {}, { lines: [line(LOT, `${NODE}/~transit`, `${NODE}/main/pending`, 10)] })])
const send = ({ ledger }: Bench) => {
  const { epoch, seq } = ledger.head()
  ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: seq })
}

const writeClosedNode = (): string => {
  const { file, bench } = writeNode()
  bench.ledger.close()
  return file
}

const verdictOf = (file: string): LedgerVerdict => {
  const told = verifyFile(file)
  if ('unreadable' in told) throw new Error(told.unreadable.en)
  return told
}

describe('a ledger as its house wrote it is right', () => {
  test('a hub: every signature proved; its own stream still unsealed', async () => {
    const told = verdictOf((await writeClosedHub()).file)
    expect(told).toMatchObject({ kind: 'hub', owner: 'hub', countyKey: true, projections: 'compared' })
    expect(told.verdict).toMatchObject({ seals: 3, unproved: 0, lots: 1, findings: [] })
    expect(told.verdict.tree).toEqual({ trees: 1, leaves: 8, checkpoints: 2, beyond: 0 })
    expect([exitOf(told), showVerdict(told)]).toEqual([0, expect.stringContaining('全部正确 / all is right')])
  })

  test('a node: own entries and those of the hub', () => {
    const told = verdictOf(writeClosedNode())
    expect(told).toMatchObject({ kind: 'node', owner: NODE, countyKey: true })
    expect(told.verdict).toMatchObject({ epochs: 2, entries: 4, seals: 2, unproved: 0, unsealed: 0, lots: 1, findings: [] })
  })

  test('without keys beside it nothing is proved and nothing is wrong', () => {
    const file = writeClosedNode()
    rmSync(join(home, 'keys'), { recursive: true })
    const told = verdictOf(file)
    expect(told.verdict).toMatchObject({ seals: 2, unproved: 2, findings: [] })
    expect(showVerdict(told)).toContain('no keys/ beside the file')
    expect(showVerdict(told)).not.toContain('all is right')
  })

  test('what was held and parked counts nowhere', async () => {
    const { file, ledger, give, next } = await writeHub()
    addLater(next)
    next.add({ kind: 'issue', lines: [line(LOT, `${NODE}/main/available`, `${NODE}/~consumed`, 1)] })
    await give(next, 3, 4)
    await ledger.close()
    expect(verdictOf(file).verdict.findings).toEqual([])
  })
})

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
    const { file } = await writeClosedHub()
    change(file, sql)
    expect(foundIn(file)).toEqual(found)
  })

  test('a page of an index', async () => {
    const { file } = await writeClosedHub()
    const { db, close } = openHubFile(file, FORM)
    const page = Number(db.prepare(`select rootpage from sqlite_schema where name = 'position_by_place'`).pluck().get())
    close()
    const bytes = readFileSync(file)
    bytes.fill(0x41, page * 4_096 - 40, page * 4_096)
    writeFileSync(file, bytes)
    expect(foundIn(file)).toContain('file-damaged -')
  })

  test('checkpoints the hub signed and its ledger does not give: another root, more leaves than there are', async () => {
    const { file, hub, county } = await writeClosedHub()
    const told = (size: number) => writeCheckpoint(crypto, { origin: originOf(county, HUB_EPOCH), size, root: new Uint8Array(32) }, hub)
    for (const size of [4, 9]) change(file, 'insert into tree_head values (?, ?, zeroblob(32), ?, 0)', HUB_EPOCH, size, told(size))
    expect(foundIn(file)).toEqual([`checkpoint-beyond ${HUB_EPOCH} 9`, `checkpoint-differs ${HUB_EPOCH} 4`])
  })

  test('what a witness holds and the ledger does not give', async () => {
    const { file, hub, county } = await writeClosedHub()
    const hubHome = home
    home = join(hubHome, 'node')
    mkdirSync(home)
    const node = writeClosedNode()
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
    const { file } = await writeClosedHub()
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
      const file = writeClosedNode()
      const db = openNodeFile(file, LEDGER_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
      db.exec(sql)
      db.close()
      expect(foundIn(file)).toEqual([expect.stringContaining(found)])
    }
  })

  test('in the file of a node too', () => {
    const file = writeClosedNode()
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

/** A hub's file holds a thousand pages of zeros that were once stretched into its WAL. */
const isUsed = (page: Uint8Array): boolean => page.filter((byte) => byte !== 0).length > 64

describe('one flipped bit anywhere in the file is named, or changed nothing that was written', () => {
  test.for([
    { kind: 'hub', flips: 80 },
    { kind: 'node', flips: 40 },
  ] as const)('$kind', async ({ kind, flips }) => {
    const file = kind === 'hub' ? (await writeClosedHub()).file : writeClosedNode()
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

describe('what is no ledger is said to be none', () => {
  test.for([
    { story: 'nothing there', make: () => {}, says: 'ENOENT' },
    { story: 'a folder', make: (file: string) => mkdirSync(file), says: 'EISDIR' },
    { story: 'a text', make: (file: string) => writeFileSync(file, 'x'.repeat(5_000)), says: 'not an SQLite database' },
    {
      story: 'a database of somebody else',
      make: (file: string) =>
        openNodeFile(file, { application: 7, version: 1, schema: 'create table t (a)' }, { synchronous: 'NORMAL', walPages: 0 }).close(),
      says: 'not the ledger of a hub or a node',
    },
    {
      story: 'a ledger of later software',
      make: (file: string) => openHubFile(file, { ...FORM, version: SCHEMA_VERSION + 1 }).close(),
      says: 'database.schema-newer',
    },
    {
      story: 'a torn file',
      make: (file: string) => {
        openHubFile(file, FORM).close()
        truncateSync(file, 12_288)
      },
      says: 'malformed',
    },
  ])('$story', ({ make, says }) => {
    const file = join(home, 'x.sqlite')
    make(file)
    const told = verifyFile(file)
    expect([exitOf(told), showVerdict(told)]).toEqual([2, expect.stringContaining(says)])
    expect(JSON.parse(verdictLine(told))).toMatchObject({ file, right: false })
  })
})

describe('while its owner runs', () => {
  const linesOf = (out: string) =>
    out
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text))

  test('the file of a node is read through a copy, again and again while the node books, and nothing in it changes', async () => {
    const { file, bench } = writeNode()
    const before = [readFileSync(file), readFileSync(`${file}-wal`)]
    const once = await runVerb(['verify', file, '--json'])
    expect([once.code, linesOf(once.out)[0]]).toMatchObject([0, { right: true, owner: NODE, entries: 4 }])
    expect([readFileSync(file), readFileSync(`${file}-wal`)].map((bytes, at) => bytes.equals(before[at] ?? Buffer.alloc(0)))).toEqual([
      true,
      true,
    ])

    bench.db.pragma('wal_autocheckpoint = 20')
    let booking = true
    let booked = 0
    const looked = runVerb(['verify'], { input: `${JSON.stringify({ file })}\n`.repeat(12) }).finally(() => {
      booking = false
    })
    while (booking) {
      receiveTen(bench, `b-${booked}`)
      booked += 1
      await new Promise((done) => setTimeout(done, 1))
    }
    const told = linesOf((await looked).out)
    bench.ledger.close()
    // The owner checkpoints every few commits: a copy may fail for its haste, but never shows a ledger that is not whole.
    for (const one of told) expect(one.right || one.unreadable?.en.includes('writes faster'), JSON.stringify(one)).toBe(true)
    expect(told.some((one) => one.right && one.entries > 4)).toBe(true)
  })

  test.for([
    { story: 'once: the copy is made again', restarts: 1, copied: true },
    { story: 'each time: there is no copy', restarts: Number.POSITIVE_INFINITY, copied: false },
  ])('the owner begins its WAL anew in the middle, $story', ({ restarts, copied }) => {
    const { file, bench } = writeNode()
    let restarted = 0
    using copy = copyDatabase(file, (from, to) => {
      copyFileSync(from, to)
      if (from !== file || restarted >= restarts) return
      restarted += 1
      bench.db.pragma('wal_checkpoint(restart)')
      receiveTen(bench, `c-${restarted}`)
    })
    expect(copy !== null).toBe(copied)
    if (copy) expect(verdictOf(copy.path).verdict).toMatchObject({ entries: 5, findings: [] })
    bench.ledger.close()
  })

  test('the file of a hub is read beside the hub', async () => {
    const { file, ledger } = await writeHub()
    const { code, out } = await runVerb(['verify', file])
    await ledger.close()
    expect([code, out]).toEqual([0, expect.stringContaining('全部正确')])
  })

  test('lines that name no file, and a wrong word, are exit 2', async () => {
    const lines = await runVerb(['verify'], { input: 'nonsense\n{"file":7}\n' })
    expect([lines.code, linesOf(lines.out).map((one) => one.right)]).toEqual([2, [false, false]])
    expect(await runVerb(['verify', '--hurry', 'x'])).toMatchObject({ code: 2, out: expect.stringContaining('--json') })
  })
})
