import type { HubAnswer, HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { Cursor } from '@lotkeeper/protocol/api/live.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Check, Session, tokenOf } from '../access/caller.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { withDevices } from '../catalog/devices.ts'
import type { Files } from '../catalog/files.ts'
import type { Imports } from '../imports/imports.ts'
import { type Labels, openLabels } from '../labels/labels.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { Reference } from '../reference/reference.ts'
import type { Asked } from './reading.ts'

/** Who may come in: what the house's access room lends the API. */
export interface ApiAccess {
  readonly signIn: (user: string, password: string) => Promise<Session | Refusal>
  readonly check: Check
  /** Makes an enrolment code for a node whose site is known. */
  readonly create: (wish: { readonly node: NodeId; readonly replace: boolean }) => Promise<HubAnswer<'createEnrolment'> | Refusal>
  readonly redeem: (body: Asked<'enrol'>['body']) => Promise<HubAnswer<'enrol'> | Refusal>
  readonly revokeKeys: (body: Asked<'revokeKeys'>['body'], actor: string) => Promise<HubAnswer<'revokeKeys'> | Refusal>
  readonly rotateHubKey: (body: Asked<'rotateHubKey'>['body'], actor: string) => Promise<HubAnswer<'rotateHubKey'> | Refusal>
}

export interface AnswerParts {
  readonly access: ApiAccess
  readonly catalog: Catalog
  readonly files: Files
  readonly reference: Reference
  readonly imports: Imports
  readonly ledger: Pick<HubLedger, 'ask' | 'storage' | 'checkpoint' | 'inclusion' | 'asides' | 'aside' | 'decideAside'>
  /** What this hub is: how often it was made anew. */
  readonly hub: { readonly incarnation: () => number }
  /** Where the live view stands: a page that asks the overview goes on from there over the socket. */
  readonly cursor: () => Cursor
  readonly now: () => number
  readonly version: string
}

/** One answer for each row of `HUB_ROUTES`. `session` is null on open routes only. */
export type Answers = {
  readonly [R in HubRoute]: (asked: Asked<R>, session: Session) => Promise<HubAnswer<R> | Refusal>
}

export const openAnswers = ({ access, catalog, files, reference, imports, ledger, hub, cursor, now, version }: AnswerParts): Answers => {
  const { ask } = ledger
  const repeats = openRepeats<HubAnswer<'createEnrolment'>>()
  const here = () => ({ ...cursor(), at: new Date(now()).toISOString() })
  return {
    signIn: ({ body }) => access.signIn(body.user, body.password),
    session: async (_, session) => session,
    signOut: async () => ({}),
    health: async () => {
      const { state, secondCopy } = await ledger.storage()
      return { state: state === 'full' ? 'disk-full' : 'ok', version, hub: here(), incarnation: hub.incarnation(), secondCopy }
    },
    overview: async () => {
      // The cursor first: what is committed in between is told again by a delta, never left out.
      const at = here()
      return { cursor: at, ...(await ask.overview()) }
    },
    stock: ({ query }) => ask.stock(query),
    stockAsOf: ({ query }) => ask.stockAsOf(query),
    movements: ({ query }) => ask.movements(query),
    lot: ({ query }) => ask.lot(query),
    genealogy: ({ query }) => ask.genealogy(query),
    tag: ({ query }) => ask.tag(query),
    tagLife: ({ query }) => ask.tagLife(query),
    labelActs: ({ query }) => ask.labelActs(query),
    counts: ({ query }) => ask.counts(query),
    documents: ({ query }) => ask.documents(query),
    askNode: ({ body }, { user }) => catalog.askNode(body, user),
    passOwnership: ({ body }, { user }) => catalog.passOwnership(body, user),
    openings: ({ query }) => ask.openings(query),
    openingLines: ({ query }) => ask.openingLines(query),
    tellOpening: ({ body }, { user }) => catalog.tellOpening(body, user),
    withdrawOpening: ({ body }, { user }) => catalog.withdrawOpening(body, user),
    settleExpiry: ({ body }, { user }) => catalog.settleExpiry(body, user),
    checkpoint: () => ledger.checkpoint(),
    inclusion: ({ query }) => ledger.inclusion(query.entry),
    asides: ({ query }) => ledger.asides(query),
    aside: ({ query }) => ledger.aside(query.aside),
    decideAside: ({ body }, { user }) => ledger.decideAside({ ...body, actor: user }),
    nodes: () => ask.nodes(),
    sites: () => ask.sites(),
    createSite: ({ body }, { user }) => catalog.createSite(body, user),
    ...catalogAnswers({ ask, catalog, files }),
    ...findAnswers(reference, ask),
    ...labelAnswers(openLabels({ ask, registerTags: catalog.registerTags, now })),
    ...importAnswers(imports),
    tags: ({ query }) => ask.tags(query),
    registerTags: ({ body }, { user }) => catalog.registerTags(body, user),
    discrepancies: ({ query }) => ask.discrepancies(query),
    createEnrolment: ({ body }, { user }) =>
      repeats(body, async () => {
        const refused = await catalog.announceSite(body, user)
        return refused ?? access.create({ node: body.node, replace: body.replace ?? false })
      }),
    enrol: ({ body }) => access.redeem(body),
    revokeKeys: ({ body }, { user }) => access.revokeKeys(body, user),
    rotateHubKey: ({ body }, { user }) => access.rotateHubKey(body, user),
  }
}

/** What the catalogue answers: the questions by the ledger, the acts by the catalogue, papers by the folder they lie in. */
const catalogAnswers = ({ ask, catalog, files }: Pick<AnswerParts, 'catalog' | 'files'> & Pick<AnswerParts['ledger'], 'ask'>) =>
  ({
    items: ({ query }) => ask.items(query),
    item: ({ query }) => ask.item(query),
    createItem: ({ body }, { user }) => catalog.createItem(body, user),
    parties: ({ query }) => ask.parties(query),
    party: ({ query }) => ask.party(query),
    saveParty: ({ body }, { user }) => catalog.saveParty(body, user),
    certificates: ({ query }) => ask.certificates(query),
    certificate: ({ query }) => ask.certificate(query),
    saveCertificate: ({ body }, { user }) => catalog.saveCertificate(body, user),
    saveFile: async ({ bytes }) => files.save(bytes),
    file: async ({ query }) => {
      const read = files.read(query.file)
      return isRefusal(read) ? read : read.view
    },
    portals: ({ query }) => ask.portals(query),
    portal: ({ query }) => ask.portal(query),
    savePortal: ({ body }, { user }) => catalog.savePortal(body, user),
    costCentres: ({ query }) => ask.costCentres(query),
    costCentre: ({ query }) => ask.costCentre(query),
    saveCostCentre: ({ body }, { user }) => catalog.saveCostCentre(body, user),
    mergeRecords: ({ body }, { user }) => catalog.mergeRecords(body, user),
    decideProvisional: ({ body }, { user }) => catalog.decideProvisional(body, user),
    permits: ({ query }) => ask.permits(query),
  }) satisfies Partial<Answers>

const labelAnswers = (labels: Labels) =>
  ({
    labelForms: async () => labels.forms(),
    previewLabels: ({ body }) => labels.preview(body),
    printLabels: ({ body }, { user }) => labels.print(body, user),
  }) satisfies Partial<Answers>

const importAnswers = (imports: Imports) =>
  ({
    tableKinds: async () => imports.kinds(),
    tableImports: async () => imports.list(),
    startTableImport: ({ query, stream }, { user }) => imports.receive(stream, query, user),
    tableImport: async ({ query }) => imports.show(query),
    tableRows: async ({ query }) => imports.rows(query),
    chooseTableRow: ({ body }) => imports.choose(body),
    chooseTableRows: ({ body }) => imports.chooseMany(body),
    commitTableImport: async ({ body }) => imports.commit(body),
    undoTableImport: ({ body }) => imports.undo(body),
    cancelTableImport: async ({ body }) => imports.cancel(body),
    tableErrors: ({ query }) => imports.errors(query),
    tableTemplate: ({ query }) => imports.template(query),
    exportTable: ({ query }) => imports.exported(query),
  }) satisfies Partial<Answers>

/** What the one box answers, and the database it looks through. */
const findAnswers = (reference: Reference, ask: HubLedger['ask']) =>
  ({
    provisionals: async ({ query }) => {
      const page = await ask.provisionals(query)
      return isRefusal(page) ? page : { ...page, rows: await withDevices(page.rows, (di) => reference.device({ di })) }
    },
    find: ({ query }) => reference.find(query),
    device: ({ query }) => reference.device(query),
    imports: () => reference.imports(),
    importRelease: ({ query: { name = 'release.zip', keep = '' }, stream }, { user }) =>
      reference.receive(stream, { name, keep, actor: user }),
    cancelImport: async ({ body }) => reference.cancel(body.import),
  }) satisfies Partial<Answers>

/**
 * Who asks: nobody on open routes; elsewhere a signed-in person or a refusal. A token that came by cookie is not told again: the cookie
 * exists so that no script need hold it.
 */
export const admit = (access: Pick<ApiAccess, 'check'>, open: boolean, brought: ReturnType<typeof tokenOf>): Session | Refusal => {
  if (open) return NOBODY
  const session = brought === null ? null : access.check(brought.token)
  if (!session) return refuse('access.not-signed-in')
  return brought?.by === 'cookie' ? { ...session, token: '' } : session
}

/** Actions whose answers are remembered. */
const REPEATS_MAX = 200

/**
 * Answers a repeated action with its first answer while this process lives. For acts that leave no entry behind: a code's secret is kept
 * nowhere else, and a lost answer must not cost a second code.
 */
const openRepeats = <Answer>() => {
  const known = new Map<string, { readonly asked: string; readonly answer: Answer }>()
  return async (body: { readonly action: string }, act: () => Promise<Answer | Refusal>): Promise<Answer | Refusal> => {
    const asked = canonicalText(body)
    const before = known.get(body.action)
    if (before) return before.asked === asked ? before.answer : refuse('api.action-reused')
    const answer = await act()
    if (isRefusal(answer)) return answer
    const [oldest] = known.keys()
    if (known.size >= REPEATS_MAX && oldest !== undefined) known.delete(oldest)
    known.set(body.action, { asked, answer })
    return answer
  }
}

const NOBODY: Session = { user: '', name: '', token: '', until: '' }
