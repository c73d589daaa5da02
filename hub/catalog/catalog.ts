import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { HubLedger, HubQuestions } from '../ledger/contract.ts'
import { ASKS } from './asks.ts'
import { ITEMS } from './items.ts'
import type { CatalogKind } from './kind.ts'
import { LOT_EXPIRIES } from './lot-expiries.ts'
import { MERGES } from './merges.ts'
import { OPENING_WITHDRAWALS, OPENINGS } from './openings.ts'
import { OWNERSHIP } from './ownership.ts'
import { CERTIFICATES, PARTIES } from './parties.ts'
import { COST_CENTRES, PORTALS } from './places.ts'
import { decisionOn } from './provisionals.ts'
import { SITES, siteFor } from './sites.ts'
import { TAGS } from './tags.ts'
import { actTogether } from './together.ts'
import { openTurns } from './turns.ts'

/** The county's master data and its word to nodes: the hub is their only writer, and every change is an entry its nodes are told. */
export interface Catalog {
  readonly createItem: Act<'createItem'>
  readonly saveParty: Act<'saveParty'>
  readonly saveCertificate: Act<'saveCertificate'>
  readonly savePortal: Act<'savePortal'>
  readonly saveCostCentre: Act<'saveCostCentre'>
  /** Says that one record is another, or takes that back. */
  readonly mergeRecords: Act<'mergeRecords'>
  /** Answers, once and for good, what a node met that the county did not know. */
  readonly decideProvisional: Act<'decideProvisional'>
  readonly createSite: Act<'createSite'>
  readonly registerTags: Act<'registerTags'>
  /** Asks the owner of a place to act there, for nobody else may. */
  readonly askNode: Act<'askNode'>
  readonly passOwnership: Act<'passOwnership'>
  /** Tells a site what of an old system's stock it is to take over. */
  readonly tellOpening: Act<'tellOpening'>
  readonly withdrawOpening: Act<'withdrawOpening'>
  /** Says which last day of a lot is right. */
  readonly settleExpiry: Act<'settleExpiry'>
  /** Acts of one kind as one commit, each answered as it would be by itself: for whole tables of records. */
  readonly together: {
    readonly item: Acts<'createItem'>
    readonly party: Acts<'saveParty'>
    readonly certificate: Acts<'saveCertificate'>
  }
  /** Does something while no act is judged or written. */
  readonly meanwhile: <Made>(act: () => Promise<Made>) => Promise<Made>
  /** Makes the site of a node that is about to be enrolled, unless it is known: then it stays as it is. */
  readonly announceSite: (wish: HubBody<'createEnrolment'>, actor: string) => Promise<Refusal | null>
}
/** One act of a signed-in person; repeating its `action` answers what the first time answered. */
type ActRoute =
  | 'createItem'
  | 'saveParty'
  | 'saveCertificate'
  | 'savePortal'
  | 'saveCostCentre'
  | 'mergeRecords'
  | 'decideProvisional'
  | 'createSite'
  | 'registerTags'
  | 'askNode'
  | 'passOwnership'
  | 'tellOpening'
  | 'withdrawOpening'
  | 'settleExpiry'
export type Act<Route extends ActRoute> = (body: HubBody<Route>, actor: string) => Promise<HubAnswer<Route> | Refusal>

type Acts<Route extends ActRoute> = (bodies: readonly HubBody<Route>[], actor: string) => Promise<readonly (HubAnswer<Route> | Refusal)[]>

/** What the catalogue needs of the ledger. */
export type CatalogLedger = Pick<HubLedger, 'write'> & { readonly ask: Pick<HubQuestions, 'known' | 'acted' | 'provisional'> }

/** Whether a file was uploaded. A county that keeps none knows none. */
export type HasFile = (file: string) => boolean

export const openCatalog = (ledger: CatalogLedger, hasFile: HasFile = () => false): Catalog => {
  const inTurn = openTurns()
  const alone = async <Body extends { readonly action: string }, View>(
    kind: CatalogKind<Body, View>,
    body: Body,
    actor: string,
  ): Promise<View | Refusal> => {
    const before = await ledger.ask.acted(body.action)
    if (before) {
      // Whoever names somebody else's action is told nothing of what came of it.
      const same = before[0]?.actor === actor && kind.same(kind.unmasked?.(body, { acted: before }) ?? body, before)
      return same ? kind.view(before) : refuse('api.action-reused')
    }
    const missing = kind.files?.(body).find((file) => !hasFile(file))
    if (missing !== undefined) return refuse('catalog.file-unknown', { file: missing })
    const known = await ledger.ask.known(kind.names(body))
    const judged = kind.judge(kind.unmasked?.(body, { known }) ?? body, known)
    if (isRefusal(judged)) return judged
    if ('already' in judged) return judged.already
    const written = await ledger.write(judged.drafts.map((draft, part) => ({ ...draft, action: body.action, part, actor })))
    if (isRefusal(written)) return written
    return kind.view((await ledger.ask.acted(body.action)) ?? [])
  }
  // What is checked must still be true when it is written: one act at a time.
  const act =
    <Body extends { readonly action: string }, View>(kind: CatalogKind<Body, View>) =>
    (body: Body, actor: string): Promise<View | Refusal> =>
      inTurn(() => alone(kind, body, actor))
  const acts =
    <Body extends { readonly action: string }, View>(kind: CatalogKind<Body, View>) =>
    (bodies: readonly Body[], actor: string): Promise<readonly (View | Refusal)[]> =>
      inTurn(() => actTogether(ledger, kind, { bodies, actor, alone: (body) => alone(kind, body, actor) }))
  const createSite = act(SITES)
  return {
    createSite,
    createItem: act(ITEMS),
    saveParty: act(PARTIES),
    saveCertificate: act(CERTIFICATES),
    savePortal: act(PORTALS),
    saveCostCentre: act(COST_CENTRES),
    mergeRecords: act(MERGES),
    decideProvisional: async (body, actor) => {
      const met = await ledger.ask.provisional(body.entry)
      return met ? act(decisionOn(met))(body, actor) : refuse('catalog.provisional-unknown', { entry: body.entry })
    },
    registerTags: act(TAGS),
    askNode: act(ASKS),
    passOwnership: act(OWNERSHIP),
    tellOpening: async (body, actor) => {
      const told = await act(OPENINGS)(body, actor)
      return isRefusal(told) ? told : { act: body.action, ...told }
    },
    withdrawOpening: act(OPENING_WITHDRAWALS),
    settleExpiry: act(LOT_EXPIRIES),
    together: { item: acts(ITEMS), party: acts(PARTIES), certificate: acts(CERTIFICATES) },
    meanwhile: inTurn,
    announceSite: async (wish, actor) => {
      const { sites } = await ledger.ask.known({ items: [], sites: [wish.node], lots: [], epcs: [] })
      const made = sites.length > 0 ? null : await createSite(siteFor(wish), actor)
      return isRefusal(made) ? made : null
    },
  }
}
