import { join } from 'node:path'
import { HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC } from '@lotkeeper/protocol/wire/topics.ts'
import { openEnrolment } from './access/enrolment.ts'
import { openKeyFolder } from './access/folder.ts'
import type { Identity } from './access/identity.ts'
import { openKeys } from './access/keys.ts'
import { openPapers } from './access/papers.ts'
import { openRenewals, type Renewals } from './access/renewals.ts'
import { openRevoked } from './access/revoked.ts'
import { openRosters, type Rosters } from './access/rosters.ts'
import { openStanding, type Standing } from './access/standing.ts'
import { chainOf, openUpkeep } from './access/upkeep.ts'
import { openHosts } from './api/hosts.ts'
import { type Api, openApi } from './api/server.ts'
import { type Audit, openAudit } from './audit/audit.ts'
import { eraserOf } from './audit/erasing.ts'
import { headBeside } from './audit/head.ts'
import { auditOffences } from './audit/offences.ts'
import { openBroker } from './broker/aedes.ts'
import type { Broker, BrokerEvents } from './broker/broker.ts'
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
import { openOutgoing, ownNames } from './outgoing/outgoing.ts'
import { allowedIn } from './outgoing/target.ts'
import type { HubParts } from './parts.ts'
import { earlierLogin } from './people/earlier.ts'
import { openOidc } from './people/oidc.ts'
import { openPeople, type People } from './people/people.ts'
import { ledgerWithTexts, settleTexts } from './persons/beside.ts'
import { openErasures } from './persons/erasures.ts'
import { openPersonTexts } from './persons/texts.ts'
import { openReference } from './reference/reference.ts'
import type { Settings } from './settings.ts'
import { openWebhooks, type Webhooks } from './webhooks/webhooks.ts'

/** A hub that runs: where it is reached, and its end. */
export interface Hub {
  readonly addresses: { readonly http: string; readonly https: string; readonly broker: string }
  readonly epoch: string
  /** What the first administrator is made with, while there is none. */
  readonly setUpCode: () => string | null
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
    const ours = await openOurs(world)
    const ledger = await openTruth(world, ours)
    const people = { ...ours, people: openPeopleOf(world, ours) }
    const audit = openRecord(world)
    const line = await openLine(world, people, { ledger, audit })
    const { broker } = line
    const api = await openAsked(world, people, { ...line, ledger, audit })
    tendCertificates(world, people, { ...line, api })
    const { http, https } = await api.listen()
    const addresses = {
      http: `http://${shownHost(http.host)}:${http.port}`,
      https: `https://${shownHost(https.host)}:${https.port}`,
      broker: `mqtts://${shownHost(settings.brokerHost)}:${broker.port}`,
    }
    return { addresses, epoch: ledger.epoch, setUpCode: people.people.setUpCode, close: ends.close }
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

/** Who we are: the county's keys, apart from the database. */
const openOurs = async ({ settings, log, parts: { crypto, clock } }: World) => {
  const keys = await openKeys(join(settings.home, 'keys'), crypto, settings.names, clock.now())
  const papers = openPapers(join(settings.home, 'certificates.json'), (err) =>
    log.warn('the list of certificates was not written', { err }),
  )
  return { keys, papers, chain: chainOf(keys.tls.certificate, keys.authority.certificate) }
}
type Ours = Awaited<ReturnType<typeof openOurs>>

/** Who may come in: people and machines, in a file of their own. */
const openPeopleOf = ({ settings, parts, opened }: World, { keys }: Ours): People => {
  const login = settings.login ?? earlierLogin(join(settings.home, 'keys'))
  const asked = { file: join(settings.home, 'people.sqlite'), login, adminToken: keys.adminToken, now: parts.clock.now }
  return opened(openPeople(asked), (part) => part.close())
}
type Who = Ours & { readonly people: People }

/** What is true: the ledger, in its own thread, under an epoch of its own. */
const openTruth = async ({ settings, parts, version, log, failed, opened }: World, { keys }: Ours): Promise<HubLedger> => {
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

/** Who did what: on record before anybody may do anything. */
const openRecord = ({ settings, parts, log, opened }: World): Audit => {
  const file = join(settings.home, 'audit.sqlite')
  const note = (error: unknown, where: string) => log.error('the audit could not be written', { where, err: error })
  return opened(openAudit({ file, headFile: headBeside(file), now: parts.clock.now, note }), (part) => part.close())
}

interface Truth {
  readonly ledger: HubLedger
  readonly audit: Audit
}
interface Line {
  readonly broker: Broker
  readonly standing: Standing
  readonly renewals: Renewals
}

/** What comes in and goes down: the broker for bytes, ingest for what they mean. */
const openLine = async (world: World, { keys, people, papers, chain }: Who, { ledger, audit }: Truth): Promise<Line> => {
  const { settings, parts, log, failed, opened } = world
  let broker: Broker | null = null
  const brokerNow = (): Broker => {
    if (!broker) throw new Error('the broker speaks before it is opened')
    return broker
  }
  const revoked = opened(await openRevoked(parts.crypto, ledger, { fresh: () => broker?.dropRevoked(), failed }), (part) => part.close())
  const sayWho = () => broker?.publish(HUB_STATE_TOPIC, stateOf(parts.clock.now(), ledger.epoch, keys.identity.now()), true)
  const standing = openStanding({ parts, identity: keys.identity, ledger, told: sayWho })
  await standing.open()
  const ingest = opened(openIngest(parts, ledger, brokerNow, failed, standing), (part) => part.close())
  const line = { host: settings.brokerHost, port: settings.brokerPort, key: keys.tls.key, certificate: chain }
  const admission = { authority: keys.authority.certificate, isRevoked: revoked.has }
  const note = (err: unknown) => log.error('a certificate was not renewed', { err })
  const renewals = openRenewals({ parts, authority: keys.authority, papers, ledger, broker: () => broker, note })
  let rosters: Rosters | null = null
  const events: BrokerEvents = {
    ...ingest.events,
    ...renewals.events,
    listening: (node) => {
      ingest.events.listening(node)
      rosters?.listening(node)
    },
    roster: (node, payload) => rosters?.asked(node, payload),
  }
  const watched = auditOffences(logOffences(events, parts, log), audit, parts.clock.now)
  broker = opened(await openBroker({ ...line, ...admission }, watched, parts), (part) => part.close())
  const told = (what: string, facts: Readonly<Record<string, unknown>>) => log.warn(what, facts)
  const kept = { countyKey: keys.county.publicKey, folder: openKeyFolder(join(settings.home, 'keys')) }
  const keepers = { keepersOf: people.keepersOf, follow: people.followKeepers }
  rosters = opened(openRosters({ parts, ledger, broker, people: keepers, ...kept, note: told, failed }), (part) => part.close())
  sayWho()
  return { broker, standing, renewals }
}

/** Certificates end; the hub's own is renewed while it runs, and the nodes are asked in time. */
const tendCertificates = (
  { parts, log, opened }: World,
  { keys }: Who,
  { broker, renewals, api }: Pick<Line, 'broker' | 'renewals'> & { readonly api: Api },
): void => {
  const shown = (chain: string) => {
    broker.showCertificate(chain)
    api.showCertificate(chain)
    log.info("the hub's certificate was renewed")
  }
  const failed = (err: unknown) => log.error("the hub's certificate was not renewed", { err })
  opened(openUpkeep(parts, keys, { shown, look: renewals.sweep, failed }), (part) => part.close())
}

/** What is asked and told: the county's own work, the API, the live view. */
const openAsked = async (
  world: World,
  { keys, chain, papers, people }: Who,
  { ledger: bare, audit, standing, renewals, broker }: Line & Truth,
): Promise<Api> => {
  const { settings, parts, version, log, opened } = world
  const { clock, timers } = parts
  // Texts of persons, in no entry: the rooms from here on read and write them with the records that name them.
  const texts = opened(openPersonTexts(join(settings.home, 'persons.sqlite'), clock.now), (part) => part.close())
  await settleTexts(bare, texts)
  const ledger = ledgerWithTexts(bare, texts)
  const known = (site: string) => ledger.ask.known({ items: [], sites: [site], lots: [], epcs: [] })
  const siteOf = async (site: string) => (await known(site)).sites[0] ?? null
  const enrolment = openEnrolment({ parts, keys, ledger, papers, siteOf, broker: () => brokerUrl(settings, broker.port) })
  const note = (error: unknown, where = 'live view') => log.error('a question failed', { where, err: error })
  const names = [...settings.names, ...(settings.oidc ? [new URL(settings.oidc.base).hostname] : [])]
  const live = opened(openLive({ ledger, check: people.check, clock, timers, note, isOwnHost: openHosts(names) }), (part) => part.close())
  // Whoever was ended, or may see something else now, is asked anew.
  opened(
    people.follow((who) => live.dropWhere(({ user }) => user === who)),
    (unfollow) => unfollow(),
  )
  const files = openFiles(join(settings.home, 'files'))
  const reference = opened(openReference({ file: join(settings.home, 'reference.sqlite'), ledger, now: clock.now, note }), (part) =>
    part.close(),
  )
  const catalog = openCatalog(ledger, files.has)
  const staged = { file: join(settings.home, 'imports.sqlite'), ledger, catalog, now: clock.now, timers, note }
  const imports = opened(openImports(staged), (part) => part.close())
  const oidc = settings.oidc ? openOidc(settings.oidc, { now: clock.now, note: (error) => note(error, 'identity provider') }) : null
  const webhooks = openTold(world, keys.webhookSecret, ledger)
  const erasures = openErasures({
    texts,
    ask: bare.ask,
    meanwhile: catalog.meanwhile,
    imports,
    now: clock.now,
    eraseUser: eraserOf(people, audit),
  })
  const api = await openApi({
    oidc,
    people,
    audit,
    access: { ...enrolment, rotateHubKey: standing.rotateHubKey, revokeKeys: standing.revokeKeys, renewals },
    catalog,
    files,
    reference,
    imports,
    webhooks,
    erasures,
    ledger,
    hub: { incarnation: () => keys.identity.now().incarnation },
    cursor: live.cursor,
    now: clock.now,
    timers,
    version,
    pages: settings.pages,
    names,
    http: { host: settings.httpHost, port: settings.httpPort },
    https: { host: settings.httpsHost, port: settings.httpsPort, key: keys.tls.key, certificate: chain },
    note,
  })
  for (const server of api.servers) live.attach(server)
  return opened(api, (part) => part.close())
}

/** Whom it is told: receivers somebody set, called through the one door that lets nobody's wish reach the inside. */
const openTold = ({ settings, parts, log, opened }: World, key: Uint8Array, ledger: HubLedger): Webhooks => {
  const { clock, timers, random } = parts
  const outgoing = openOutgoing({ allowed: allowedIn(settings.outgoingHosts), own: () => ownNames(settings.names), timers })
  const note = (error: unknown, where: string) => log.error('a part failed', { where, err: error })
  const file = join(settings.home, 'webhooks.sqlite')
  return opened(openWebhooks({ file, key, ledger, outgoing, now: clock.now, timers, random, note }), (part) => part.close())
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
