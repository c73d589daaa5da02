import { join } from 'node:path'
import { HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC } from '@lotkeeper/protocol/wire/topics.ts'
import { openEnrolment } from './access/enrolment.ts'
import type { Identity } from './access/identity.ts'
import { openKeys } from './access/keys.ts'
import { type Logins, openLogins } from './access/logins.ts'
import { openRevoked } from './access/revoked.ts'
import { openSignIn } from './access/sign-in.ts'
import { openStanding, type Standing } from './access/standing.ts'
import { openApi } from './api/server.ts'
import { openBroker } from './broker/aedes.ts'
import type { Broker } from './broker/broker.ts'
import { logOffences } from './broker/offences.ts'
import { openCatalog } from './catalog/catalog.ts'
import { openFiles } from './catalog/files.ts'
import { openImports } from './imports/imports.ts'
import { openIngest } from './ingest/ingest.ts'
import type { HubLedger } from './ledger/contract.ts'
import { openHousekeeping } from './ledger/housekeeping.ts'
import { openLedgerThread } from './ledger/thread.ts'
import { openLive } from './live/live.ts'
import type { Log } from './log.ts'
import type { HubParts } from './parts.ts'
import { openReference } from './reference/reference.ts'
import type { Settings } from './settings.ts'

/** A hub that runs: where it is reached, and its end. */
export interface Hub {
  readonly addresses: { readonly http: string; readonly https: string; readonly broker: string }
  readonly epoch: string
  /** A password made at this start, to be shown once. */
  readonly made: Logins['made']
  readonly close: () => Promise<void>
}

/**
 * The way through the hub, top to bottom: bytes come to the broker, are judged and kept by the ledger, are asked for and told by API and live
 * view. `failed` is called when a part breaks that the hub cannot do without.
 */
export const openHub = async (settings: Settings, parts: FlowParts, facts: FlowFacts): Promise<Hub> => {
  const ends = openEnds()
  const world: World = { settings, parts, ...facts, opened: ends.opened }
  try {
    const people = await openPeople(world)
    const ledger = await openTruth(world, people)
    const { broker, standing } = await openLine(world, people, ledger)
    const { http, https } = await openAsked(world, people, { ledger, standing, brokerPort: broker.port })
    const addresses = {
      http: `http://${shownHost(http.host)}:${http.port}`,
      https: `https://${shownHost(https.host)}:${https.port}`,
      broker: `mqtts://${shownHost(settings.brokerHost)}:${broker.port}`,
    }
    return { addresses, epoch: ledger.epoch, made: people.made, close: ends.close }
  } catch (cause) {
    await ends.close()
    throw cause
  }
}

type FlowParts = Omit<HubParts, 'signer'>
interface FlowFacts {
  readonly version: string
  readonly log: Log
  readonly failed: (why: unknown) => void
}
interface World extends FlowFacts {
  readonly settings: Settings
  readonly parts: FlowParts
  /** Remembers how a part ends; all of them end in the reverse of the order in which they were opened. */
  readonly opened: <Part>(part: Part, end: (part: Part) => unknown) => Part
}

const openEnds = () => {
  const ends: (() => unknown)[] = []
  const opened: World['opened'] = (part, end) => {
    ends.unshift(() => end(part))
    return part
  }
  const close = async () => {
    for (const end of ends.splice(0)) await end()
  }
  return { opened, close }
}

/** Who we are and who may come: the county's keys, apart from the database; who may sign in. */
const openPeople = async ({ settings, parts: { crypto, clock } }: World) => {
  const folder = join(settings.home, 'keys')
  const keys = await openKeys(folder, crypto, settings.names, clock.now())
  const { logins, made } = await openLogins(folder, settings.login)
  const signIn = openSignIn(logins, keys.sessionSecret, keys.adminToken, clock.now)
  // Sent whole, so that a node that knows only the authority's fingerprint can find it in the handshake.
  const chain = `${keys.tls.certificate}\n${keys.authority.certificate}\n`
  return { keys, made, signIn, chain }
}
type People = Awaited<ReturnType<typeof openPeople>>

/** What is true: the ledger, in its own thread, under an epoch of its own. */
const openTruth = async ({ settings, parts, version, log, failed, opened }: World, { keys }: People): Promise<HubLedger> => {
  const options = {
    file: join(settings.home, 'hub.sqlite'),
    mbMax: settings.databaseMbMax,
    countyKey: keys.county.publicKey,
    signingKey: keys.identity.now().key,
    epoch: Buffer.from(parts.random.bytes(8)).toString('hex'),
    zone: settings.zone,
    software: version,
    transitDueMs: settings.transitDueHours * 3_600_000,
    secondCopy: settings.secondCopy,
  }
  const ledger = opened(await openLedgerThread(options, failed), (part) => part.close())
  const said = ledger.follow(({ entries }) => log.debug('entries were committed', { entries }))
  opened(said, (unfollow) => unfollow())
  opened(openHousekeeping(parts, ledger, { zone: settings.zone, log, failed }), (part) => part.close())
  return ledger
}

interface Line {
  readonly broker: Broker
  readonly standing: Standing
}

/** What comes in and goes down: the broker for bytes, ingest for what they mean. */
const openLine = async (world: World, { keys, chain }: People, ledger: HubLedger): Promise<Line> => {
  const { settings, parts, log, failed, opened } = world
  let broker: Broker | null = null
  const brokerNow = (): Broker => {
    if (!broker) throw new Error('the broker speaks before it is opened')
    return broker
  }
  const dropAll = () => broker?.online().forEach(broker.drop)
  const revoked = opened(await openRevoked(parts.crypto, ledger, { fresh: dropAll, failed }), (part) => part.close())
  const sayWho = () => broker?.publish(HUB_STATE_TOPIC, stateOf(parts.clock.now(), ledger.epoch, keys.identity.now()), true)
  const standing = openStanding({ parts, identity: keys.identity, ledger, told: sayWho })
  await standing.open()
  const ingest = opened(openIngest(parts, ledger, brokerNow, failed, standing), (part) => part.close())
  const line = { host: settings.brokerHost, port: settings.brokerPort, key: keys.tls.key, certificate: chain }
  const admission = { authority: keys.authority.certificate, isRevoked: revoked.has }
  broker = opened(await openBroker({ ...line, ...admission }, logOffences(ingest.events, parts, log), parts), (part) => part.close())
  sayWho()
  return { broker, standing }
}

/** What is asked and told: the county's own work, the API, the live view. */
const openAsked = async (
  world: World,
  { keys, chain, signIn }: People,
  { ledger, standing, brokerPort }: { readonly ledger: HubLedger; readonly standing: Standing; readonly brokerPort: number },
) => {
  const { settings, parts, version, log, opened } = world
  const { clock, timers } = parts
  const known = (site: string) => ledger.ask.known({ items: [], sites: [site], lots: [], epcs: [] })
  const siteOf = async (site: string) => (await known(site)).sites[0] ?? null
  const enrolment = openEnrolment({ parts, keys, ledger, siteOf, broker: () => brokerUrl(settings, brokerPort) })
  const note = (error: unknown, where = 'live view') => log.error('a question failed', { where, err: error })
  const live = opened(openLive({ ledger, check: signIn.check, clock, timers, note }), (part) => part.close())
  const files = openFiles(join(settings.home, 'files'))
  const reference = opened(openReference({ file: join(settings.home, 'reference.sqlite'), ledger, now: clock.now, note }), (part) =>
    part.close(),
  )
  const catalog = openCatalog(ledger, files.has)
  const staged = { file: join(settings.home, 'imports.sqlite'), ledger, catalog, now: clock.now, timers, note }
  const imports = opened(openImports(staged), (part) => part.close())
  const api = await openApi({
    access: { ...signIn, ...enrolment, rotateHubKey: standing.rotateHubKey, revokeKeys: standing.revokeKeys },
    catalog,
    files,
    reference,
    imports,
    ledger,
    hub: { incarnation: () => keys.identity.now().incarnation },
    cursor: live.cursor,
    now: clock.now,
    timers,
    version,
    pages: settings.pages,
    http: { host: settings.httpHost, port: settings.httpPort },
    https: { host: settings.httpsHost, port: settings.httpsPort, key: keys.tls.key, certificate: chain },
    note,
  })
  for (const server of api.servers) live.attach(server)
  opened(api, (part) => part.close())
  return api.listen()
}

/** The hub's retained word: which hub this is, by the county's own certificate. */
const stateOf = (nowMs: number, epoch: string, { certificate, incarnation }: Pick<Identity, 'certificate' | 'incarnation'>): string => {
  const at = new Date(nowMs).toISOString()
  return HUB_STATE.write({ id: `state-${epoch}`, source: '/hub', time: at }, { epoch, incarnation, at, ...certificate })
}

/** How nodes reach the broker; they put the host in by which they reached the hub, for it may stand behind a router. */
const brokerUrl = (settings: Settings, port: number): string => `mqtts://${settings.names[0] ?? 'localhost'}:${port}`

/** An address to reach a listener by from this machine. */
const shownHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
