import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { Cursor } from '@lotkeeper/protocol/api/live.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { scopeIn } from '../access/authorise.ts'
import { hiddenFrom } from '../access/masking.ts'
import { openOwnRecords } from '../access/own-records.ts'
import type { Renewals } from '../access/renewals.ts'
import { auditAnswers } from '../audit/answers.ts'
import type { Audit } from '../audit/audit.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { withDevices } from '../catalog/devices.ts'
import type { Files } from '../catalog/files.ts'
import type { Imports } from '../imports/imports.ts'
import { type Labels, openLabels } from '../labels/labels.ts'
import type { HubLedger, NarrowedQuestions, Sight } from '../ledger/contract.ts'
import type { Oidc } from '../people/oidc.ts'
import type { People } from '../people/people.ts'
import type { Erasures } from '../persons/erasures.ts'
import type { Reference } from '../reference/reference.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import type { Answers, Asker } from './asker.ts'
import { peopleAnswers } from './people.ts'
import type { Asked } from './reading.ts'
import { openRepeats } from './repeats.ts'

/** Who may come in: what the house's access room lends the API. */
export interface ApiAccess {
  /** Makes an enrolment code for a node whose site is known. */
  readonly create: (wish: { readonly node: NodeId; readonly replace: boolean }) => Promise<HubAnswer<'createEnrolment'> | Refusal>
  readonly redeem: (body: Asked<'enrol'>['body']) => Promise<HubAnswer<'enrol'> | Refusal>
  readonly revokeKeys: (body: Asked<'revokeKeys'>['body'], actor: string) => Promise<HubAnswer<'revokeKeys'> | Refusal>
  readonly renewals: Pick<Renewals, 'rows' | 'want'>
  readonly rotateHubKey: (body: Asked<'rotateHubKey'>['body'], actor: string) => Promise<HubAnswer<'rotateHubKey'> | Refusal>
}

export interface AnswerParts {
  readonly audit: Audit
  readonly access: ApiAccess
  readonly people: People
  /** The county's identity provider, where one is set. */
  readonly oidc?: Oidc | null
  readonly catalog: Catalog
  readonly files: Files
  readonly reference: Reference
  readonly imports: Imports
  readonly webhooks: Webhooks
  readonly erasures: Erasures
  readonly ledger: Pick<HubLedger, 'storage' | 'checkpoint' | 'inclusion' | 'decideAside'> & {
    readonly ask: NarrowedQuestions
    readonly asides: (...asked: Required<Parameters<HubLedger['asides']>>) => ReturnType<HubLedger['asides']>
    readonly aside: (...asked: Required<Parameters<HubLedger['aside']>>) => ReturnType<HubLedger['aside']>
  }
  /** What this hub is: how often it was made anew. */
  readonly hub: { readonly incarnation: () => number }
  /** Where the live view stands: a page that asks the overview goes on from there over the socket. */
  readonly cursor: () => Cursor
  readonly now: () => number
  readonly version: string
}

export const openAnswers = ({
  access,
  audit,
  people,
  oidc = null,
  catalog,
  files,
  reference,
  imports,
  webhooks,
  erasures,
  ledger,
  hub,
  cursor,
  now,
  version,
}: AnswerParts): Answers => {
  const { ask } = ledger
  const repeats = openRepeats()
  const entrance = () => ({ isSetUp: people.setUpCode() === null, sso: oidc?.name ?? null })
  const here = () => ({ ...cursor(), at: new Date(now()).toISOString() })
  return {
    ...peopleAnswers(people, repeats),
    health: async () => {
      const { state, secondCopy } = await ledger.storage()
      return {
        state: state === 'full' || audit.mayAct() !== null ? 'disk-full' : 'ok',
        version,
        hub: here(),
        incarnation: hub.incarnation(),
        secondCopy,
        ...entrance(),
      }
    },
    overview: async (_, asker) => {
      // The cursor first: what is committed in between is told again by a delta, never left out.
      const at = here()
      return { cursor: at, ...(await ask.overview(sightOf(asker))) }
    },
    stock: ({ query }, { scope }) => ask.stock(query, scope),
    stockAsOf: ({ query }, { scope }) => ask.stockAsOf(query, scope),
    movements: ({ query }, { scope }) => ask.movements(query, scope),
    lot: ({ query }, { scope }) => ask.lot(query, scope),
    genealogy: ({ query }, { scope }) => ask.genealogy(query, scope),
    tag: ({ query }, { scope }) => ask.tag(query, scope),
    tagLife: ({ query }, { scope }) => ask.tagLife(query, scope),
    labelActs: ({ query }, { scope }) => ask.labelActs(query, scope),
    counts: ({ query }, { scope }) => ask.counts(query, scope),
    documents: ({ query }, { scope }) => ask.documents(query, scope),
    askNode: ({ body }, { user }) => catalog.askNode(body, user),
    passOwnership: ({ body }, { user }) => catalog.passOwnership(body, user),
    openings: ({ query }, { scope }) => ask.openings(query, scope),
    openingLines: ({ query }, { scope }) => ask.openingLines(query, scope),
    tellOpening: ({ body }, { user }) => catalog.tellOpening(body, user),
    withdrawOpening: ({ body }, { user }) => catalog.withdrawOpening(body, user),
    settleExpiry: ({ body }, { user }) => catalog.settleExpiry(body, user),
    checkpoint: () => ledger.checkpoint(),
    inclusion: ({ query }) => ledger.inclusion(query.entry),
    asides: ({ query }, { scope }) => ledger.asides(query, scope),
    aside: ({ query }, { scope }) => ledger.aside(query.aside, scope),
    decideAside: ({ body }, { user }) => ledger.decideAside({ ...body, actor: user }),
    nodes: (_, asker) => ask.nodes(sightOf(asker)),
    sites: (_, { scope }) => ask.sites(scope),
    createSite: ({ body }, { user }) => catalog.createSite(body, user),
    ...catalogAnswers({ ask, catalog, files }),
    ...findAnswers(reference, ask),
    ...labelAnswers(openLabels({ ask, registerTags: catalog.registerTags, now })),
    ...importAnswers(imports),
    ...auditAnswers(audit),
    ...webhookAnswers(webhooks),
    ...personAnswers(erasures),
    tags: ({ query }, { scope }) => ask.tags(query, scope),
    registerTags: ({ body }, { user }) => catalog.registerTags(body, user),
    discrepancies: ({ query }, { scope }) => ask.discrepancies(query, scope),
    createEnrolment: ({ body }, asker) =>
      repeats('createEnrolment', asker, body, async () => {
        const refused = await catalog.announceSite(body, asker.user)
        return refused ?? access.create({ node: body.node, replace: body.replace ?? false })
      }),
    enrol: ({ body }) => access.redeem(body),
    revokeKeys: ({ body }, { user }) => access.revokeKeys(body, user),
    nodeCertificates: ({ query }, { scope }) => access.renewals.rows(query, scope),
    renewNodeCertificate: ({ body }) => access.renewals.want(body),
    rotateHubKey: ({ body }, { user }) => access.rotateHubKey(body, user),
  }
}

/** What the catalogue answers: the questions by the ledger, the acts by the catalogue, papers by the folder they lie in. */
const catalogAnswers = ({ ask, catalog, files }: Pick<AnswerParts, 'catalog' | 'files'> & Pick<AnswerParts['ledger'], 'ask'>) => {
  const strayed = openOwnRecords(ask)
  return {
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
    portals: ({ query }, { scope }) => ask.portals(query, scope),
    portal: ({ query }, { scope }) => ask.portal(query, scope),
    savePortal: async ({ body }, { user, scope }) => (await strayed('portal', body, scope)) ?? catalog.savePortal(body, user),
    costCentres: ({ query }, { scope }) => ask.costCentres(query, scope),
    costCentre: ({ query }, { scope }) => ask.costCentre(query, scope),
    saveCostCentre: async ({ body }, { user, scope }) => (await strayed('cost-centre', body, scope)) ?? catalog.saveCostCentre(body, user),
    mergeRecords: ({ body }, { user }) => catalog.mergeRecords(body, user),
    decideProvisional: ({ body }, { user }) => catalog.decideProvisional(body, user),
    permits: ({ query }) => ask.permits(query),
  } satisfies Partial<Answers>
}

const labelAnswers = (labels: Labels) =>
  ({
    labelForms: async () => labels.forms(),
    previewLabels: ({ body }, asker) => labels.preview(body, asker.user, lotsSeen(asker)),
    printLabels: ({ body }, asker) => labels.print(body, asker.user, lotsSeen(asker)),
  }) satisfies Partial<Answers>

const importAnswers = (imports: Imports) =>
  ({
    tableKinds: async () => imports.kinds(),
    tableImports: async () => imports.list(),
    startTableImport: ({ query, stream }, { user, rights }) => imports.receive(stream, query, { actor: user, hidden: hiddenFrom(rights) }),
    tableImport: async ({ query }) => imports.show(query),
    tableRows: async ({ query }, { rights }) => imports.rows(query, hiddenFrom(rights)),
    chooseTableRow: ({ body }, { rights }) => imports.choose(body, hiddenFrom(rights)),
    chooseTableRows: ({ body }) => imports.chooseMany(body),
    commitTableImport: async ({ body }) => imports.commit(body),
    undoTableImport: ({ body }) => imports.undo(body),
    cancelTableImport: async ({ body }) => imports.cancel(body),
    tableErrors: ({ query }, { rights }) => imports.errors(query, hiddenFrom(rights)),
    tableTemplate: ({ query }) => imports.template(query),
    exportTable: ({ query }, { rights }) => imports.exported(query, hiddenFrom(rights)),
  }) satisfies Partial<Answers>

const personAnswers = (erasures: Erasures) =>
  ({
    erase: ({ body }, { user }) => erasures.erase(body, user),
    erasures: async () => erasures.list(),
    personTexts: ({ body }) => erasures.find(body),
  }) satisfies Partial<Answers>

const webhookAnswers = (webhooks: Webhooks) =>
  ({
    webhooks: async () => webhooks.list(),
    saveWebhook: ({ body }, { user }) => webhooks.save(body, user),
    endWebhook: ({ body }, { user }) => webhooks.end(body, user),
    rotateWebhookSecret: ({ body }, { user }) => webhooks.rotate(body, user),
    testWebhook: ({ body }) => webhooks.test(body),
    webhookDeliveries: async ({ query }) => webhooks.deliveries(query),
  }) satisfies Partial<Answers>

/** What the one box answers, and the database it looks through. */
const findAnswers = (reference: Reference, ask: NarrowedQuestions) =>
  ({
    provisionals: async ({ query }, { scope }) => {
      const page = await ask.provisionals(query, scope)
      return isRefusal(page) ? page : { ...page, rows: await withDevices(page.rows, (di) => reference.device({ di })) }
    },
    // Whoever sees the catalogue only finds what is in it, and no lot or tag.
    find: ({ query }, asker) => reference.find(query, scopeIn(asker, 'stock.see') ?? []),
    device: ({ query }) => reference.device(query),
    imports: () => reference.imports(),
    importRelease: ({ query: { name = 'release.zip', keep = '' }, stream }, { user }) =>
      reference.receive(stream, { name, keep, actor: user }),
    cancelImport: async ({ body }) => reference.cancel(body.import),
  }) satisfies Partial<Answers>

/** The board of whoever asks: discrepancies are a right of their own. */
const sightOf = (asker: Asker): Sight => ({ sites: asker.scope, discrepancies: scopeIn(asker, 'discrepancies.see') })
/** Whose lots somebody knows who prints labels. */
const lotsSeen = (asker: Asker): SiteScope => scopeIn(asker, 'stock.see') ?? []
