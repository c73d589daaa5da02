import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportInto } from '@lotkeeper/deploy/verbs/export.ts'
import { importLedger } from '@lotkeeper/deploy/verbs/import-file.ts'
import { sentenceOf } from '@lotkeeper/deploy/verbs/ledger-file.ts'
import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { adoptNext, keepEnrolled, nextFolder, openKeyFolder, openKeys as openNodeKeys } from '@lotkeeper/edge/join/keys.ts'
import { openKeys as openHubKeys } from '@lotkeeper/hub/access/keys.ts'
import { openStanding } from '@lotkeeper/hub/access/standing.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { testParts } from '../parts.ts'
import type { FileScenario } from './files.ts'
import { hubFile, nodeFile, openHubHouse, openNodeHouse, START_MS } from './houses.ts'
import { announceAct, bring, prepareHub } from './hub-scenarios.ts'
import type { Meter } from './meter.ts'
import { bookAct, lineOf, PENDING, TRANSIT } from './node-scenarios.ts'

const EXPORTED = 'ledger.ndjson'
const TARGET = 'new'

/** An exported ledger becomes a file: the whole of it, or none that anybody could start on. */
const imported = (kind: 'node' | 'hub', write: (folder: string) => Promise<void>): FileScenario => {
  const from = (folder: string) => (kind === 'node' ? nodeFile(folder) : hubFile(folder))
  const made = (folder: string) => from(join(folder, TARGET))
  return {
    name: `the ledger of a ${kind} is imported`,
    prepare: async (folder) => {
      await write(folder)
      exportInto(from(folder), join(folder, EXPORTED))
    },
    run: async (folder) => {
      const stands = existsSync(made(folder))
      const lines = readFileSync(join(folder, EXPORTED), 'utf8').trimEnd().split('\n')
      await importLedger(linesOf(lines), join(folder, TARGET)).catch((refused: unknown) => {
        // Where a ledger stands the repeat is refused, and clears away what is left of the first.
        if (!stands || sentenceOf(refused) === null) throw refused
      })
    },
    breaches: async (folder, ended) => {
      if (!existsSync(made(folder))) return ended ? ['nothing was imported'] : []
      const verdict = verifyFile(made(folder))
      const rest = ended ? readdirSync(join(folder, TARGET)).filter((name) => name.startsWith('.import-')) : []
      const wrong =
        'unreadable' in verdict ? [verdict.unreadable.en] : verdict.verdict.findings.map(({ code, where }) => `${code} at ${where}`)
      exportInto(made(folder), join(folder, 'again.ndjson'))
      const same = readFileSync(join(folder, 'again.ndjson')).equals(readFileSync(join(folder, EXPORTED)))
      return [...wrong, ...rest.map((name) => `${name} was left`), ...(same ? [] : ['another ledger than was exported'])]
    },
  }
}
async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

/** What a hub would have answered, without the wire: there is one set of keys or the other, and never parts of both. */
const nodeKeys: FileScenario = {
  name: 'a node takes new keys',
  prepare: async (folder) => enrol(folder, 'old'),
  run: async (folder, meter) => {
    if (adoptNext(folder) || textIn(folder, 'tls.crt') === 'new') return
    enrol(nextFolder(folder), 'new', meter.call)
    adoptNext(folder)
  },
  breaches: async (folder, ended) => {
    const { signing, enrolled } = openNodeKeys(folder)
    const set = textIn(folder, 'tls.crt')
    const parts = [enrolled?.tls.certificate, enrolled?.page.certificate, enrolled?.authority, textIn(folder, 'key.of')]
    const mixed = parts.filter((part) => part !== set).map((part) => `${part} beside ${set}`)
    const certified = enrolled?.certificates[0]?.certificate === base64urlOf(testParts.sha256(testParts.utf8(signing)))
    return [...mixed, ...(certified ? [] : ['the certificate is of another key']), ...(ended && set !== 'new' ? ['no new keys'] : [])]
  },
}

const textIn = (folder: string, name: string): string =>
  // What stands beside the certificate of the page is certified with it.
  readFileSync(join(folder, name === 'key.of' ? 'page.crt' : name), 'utf8')

const enrol = (folder: string, set: 'old' | 'new', ask = () => {}): void => {
  const { signing } = openNodeKeys(folder)
  const files = openKeyFolder(folder)
  for (const name of ['tls.key', 'page.key']) files.text(name, () => set)
  ask()
  const certificate = base64urlOf(testParts.sha256(testParts.utf8(signing)))
  keepEnrolled(folder, {
    ...{ tlsCertificate: set, pageCertificate: set, authority: set, countyKey: base64urlOf(new Uint8Array(32)) },
    certificates: [{ certificate, signature: set }],
  })
}

const TURN = { action: 'turn-1', reason: 'yearly' }

const hubKeys: FileScenario = {
  name: 'a hub takes a new key',
  prepare: async (folder) => {
    const hub = await startHub(folder, 0)
    await hub.ledger.close()
  },
  run: async (folder, meter) => {
    const hub = await startHub(folder, 1, meter)
    const turned = await hub.standing.rotateHubKey(TURN, 'county')
    if (isRefusal(turned)) throw new Error(turned.en)
    await hub.ledger.close()
  },
  breaches: async (folder, ended) => {
    const { keys, ledger } = await startHub(folder, ended ? 3 : 2)
    const { signer, serial, certificate } = keys.identity.now()
    const broken: string[] = []
    if (!(await ledger.standing()).certificates.some((known) => known.certificate === certificate.certificate))
      broken.push('the hub speaks with a certificate that its own ledger does not know')
    const turned = await ledger.ask.acted(TURN.action)
    const told = (await ledger.ask.acted(`hub-certificate/${serial}`)) ?? turned
    if (serial > 1 && !told) broken.push('nobody was told of the certificate')
    // A key that was prepared is spoken with at the next start; the repeat of an act that nobody was told of then turns once more.
    if (ended && (serial < 2 || serial > 3 || !turned)) broken.push(`the key was turned ${serial - 1} times`)
    const [tip] = (await ledger.tips(['hub>all'])).slice(-1)
    const batch = tip && (await ledger.batch({ stream: tip.stream, epoch: tip.epoch, from: 1, upto: tip.held }))
    if (batch && batch.key !== signer.key && ended) broken.push('it seals with another key than it has')
    await ledger.close()
    const verdict = verifyFile(hubFile(folder))
    const findings =
      'unreadable' in verdict ? [verdict.unreadable.en] : verdict.verdict.findings.map(({ code, where }) => `${code} at ${where}`)
    return [...broken, ...findings]
  },
}

/** A start of the hub as far as it concerns who it is. */
const startHub = async (folder: string, life: number, meter: Meter | null = null) => {
  const keys = await openHubKeys(join(folder, 'keys'), testParts, [], START_MS)
  const { signer } = keys.identity.now()
  const epoch = `00000000000000a${life}`
  const clock = { now: () => START_MS + life * 1_000, monotonic: () => 0 }
  const own = { crypto: testParts, countyKey: keys.county.publicKey, now: clock.now, upMs: clock.monotonic }
  const facts = { epoch, zone: 'Asia/Shanghai', software: 'crash', transitDueMs: 86_400_000 }
  const ledger: HubLedger = openLedgerHere(openDatabase(hubFile(folder), LEDGER_FORM), {
    ...own,
    ...facts,
    signer: meter ? meter.signer(signer) : signer,
  })
  const timers = {
    after: (_ms: number, act: () => void) => {
      meter?.call()
      queueMicrotask(act)
      return () => {}
    },
  }
  const standing = openStanding({ parts: { crypto: testParts, clock, timers }, identity: keys.identity, ledger, told: () => meter?.call() })
  await standing.open()
  return { keys, ledger, standing }
}

const writeNode = async (folder: string): Promise<void> => {
  const house = openNodeHouse(folder, 0)
  for (const action of ['in-1', 'in-2']) await bookAct(action, 'receive', lineOf(TRANSIT, PENDING, 20))(house)
  await house.close()
}
const writeHub = async (folder: string): Promise<void> => {
  await prepareHub(folder)
  const house = openHubHouse(folder, 0.5)
  await bring([1, 4])(house)
  await announceAct('delivery-1', 2)(house)
  await house.close()
}

export const FILE_SCENARIOS: readonly FileScenario[] = [imported('node', writeNode), imported('hub', writeHub), nodeKeys, hubKeys]
