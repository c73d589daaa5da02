import type { NodeId } from '../names.ts'

/** What somebody may do or see. Each row of a route table names one; what is not named here cannot be allowed. */
export const RIGHTS = {
  'stock.see': { zh: '看库存、流水、批次和标签', en: 'see stock, movements, lots and tags' },
  'catalogue.see': { zh: '看品种、往来单位、注册证和站点', en: 'see items, parties, certificates and sites' },
  'discrepancies.see': { zh: '看差异', en: 'see discrepancies' },
  'nodes.see': { zh: '看节点和设备状态', en: 'see nodes and their devices' },
  'asides.see': { zh: '看隔离与暂存的记录', en: 'see what is kept aside' },
  'audit.see': { zh: '查谁在什么时候做了什么', en: 'search who did what and when' },
  'users.see': { zh: '看用户、角色和登录', en: 'see users, roles and sessions' },
  'contacts.see': { zh: '看联系人和电话', en: 'see contacts and telephone numbers' },
  'prices.see': { zh: '看价格和金额', en: 'see prices and amounts' },
  'cases.see': { zh: '看病例号', en: 'see case numbers' },
  'catalogue.write': { zh: '维护品种、往来单位、注册证和门', en: 'keep items, parties, certificates and doorways' },
  'cost-centres.write': { zh: '维护成本中心', en: 'keep cost centres' },
  'sites.write': { zh: '新建和修改站点、库房', en: 'make and change sites and rooms' },
  'provisionals.decide': { zh: '确认基层遇到的新品种和新批号', en: 'confirm what townships met first' },
  'expiry.settle': { zh: '判定批号的有效期', en: 'settle the last day of a lot' },
  'openings.tell': { zh: '下发期初库存', en: 'tell opening stock' },
  'stock.ask': { zh: '要求站点补录、报废或调整', en: 'ask a site to book something' },
  'ownership.pass': { zh: '移交已撤站点的库位', en: 'pass the places of a site that is gone' },
  'tags.register': { zh: '登记标签', en: 'register tags' },
  'labels.print': { zh: '打印标签', en: 'print labels' },
  'tables.import': { zh: '导入表格', en: 'import tables' },
  'tables.export': { zh: '导出表格', en: 'export tables' },
  'reference.import': { zh: '导入国家器械数据库', en: 'import the device database' },
  'asides.decide': { zh: '决定隔离的记录收或不收', en: 'decide on what is kept aside' },
  'nodes.enrol': { zh: '让节点入网、换证', en: 'enrol nodes and renew their certificates' },
  'nodes.revoke': { zh: '把节点关在门外', en: 'shut a node out' },
  'hub.key': { zh: '更换县中心的签名密钥', en: "change the hub's signing key" },
  'users.write': { zh: '管理用户、角色和登录', en: 'manage users, roles and sessions' },
  'machines.write': { zh: '管理接口密钥和回调', en: 'manage API keys and webhooks' },
  'people.erase': { zh: '导出和抹去一个人的资料', en: "export and erase a person's data" },
} as const
export type Right = keyof typeof RIGHTS

const SEEING = ['stock.see', 'catalogue.see', 'discrepancies.see', 'nodes.see'] as const satisfies readonly Right[]

/** The roles of the county, and the rights each has where it is granted. Nobody has any other. */
export const ROLES = {
  keeper: {
    ...{ zh: '库管员', en: 'keeper' },
    rights: [...SEEING, 'labels.print', 'tags.register'],
  },
  'county-store': {
    ...{ zh: '县级库房', en: 'county store' },
    rights: [
      ...SEEING,
      ...(['asides.see', 'contacts.see', 'catalogue.write', 'cost-centres.write', 'sites.write', 'provisionals.decide'] as const),
      ...(['expiry.settle', 'openings.tell', 'stock.ask', 'ownership.pass', 'tags.register', 'labels.print'] as const),
      ...(['tables.import', 'tables.export', 'reference.import'] as const),
    ],
  },
  purchaser: {
    ...{ zh: '采购员', en: 'purchaser' },
    rights: [...SEEING, 'contacts.see', 'prices.see', 'catalogue.write', 'tables.export'],
  },
  inspector: {
    ...{ zh: '验收员', en: 'inspector' },
    rights: [...SEEING, 'tags.register', 'labels.print'],
  },
  quality: {
    ...{ zh: '质量管理员', en: 'quality manager' },
    rights: [
      ...SEEING,
      'asides.see',
      'cases.see',
      'contacts.see',
      'provisionals.decide',
      'expiry.settle',
      'asides.decide',
      'tables.export',
    ],
  },
  finance: {
    ...{ zh: '财务', en: 'finance' },
    rights: ['stock.see', 'catalogue.see', 'prices.see', 'cost-centres.write', 'tables.export'],
  },
  auditor: {
    ...{ zh: '审计员', en: 'auditor' },
    rights: [...SEEING, 'asides.see', 'audit.see', 'users.see', 'prices.see'],
  },
  administrator: {
    ...{ zh: '系统管理员', en: 'administrator' },
    rights: [
      ...(['catalogue.see', 'nodes.see', 'asides.see', 'audit.see', 'users.see', 'sites.write', 'nodes.enrol', 'nodes.revoke'] as const),
      ...(['hub.key', 'users.write', 'machines.write', 'people.erase'] as const),
    ],
  },
  integrator: {
    ...{ zh: '对接系统', en: 'integrator' },
    rights: [...SEEING, 'catalogue.write', 'openings.tell', 'tags.register', 'tables.import', 'tables.export'],
  },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string; readonly rights: readonly Right[] }>>
export type Role = keyof typeof ROLES

/** The sites a right holds for. */
export type SiteScope = 'all' | readonly NodeId[]

/** A role, and where it holds. */
export interface Grant {
  readonly role: Role
  readonly sites: SiteScope
}

/** Whoever asks: the rights follow from the grants; a machine's are narrowed to its `scopes`, where it has any. */
export interface Holder {
  readonly grants: readonly Grant[]
  readonly scopes?: readonly Right[] | null
}

/** Where a holder has a right; `null`: nowhere. */
export const scopeOf = ({ grants, scopes }: Holder, right: Right): SiteScope | null => {
  if (scopes && !scopes.includes(right)) return null
  const sites = new Set<NodeId>()
  for (const { role, sites: where } of grants) {
    const rights: readonly Right[] = ROLES[role].rights
    if (!rights.includes(right)) continue
    if (where === 'all') return 'all'
    for (const site of where) sites.add(site)
  }
  return sites.size === 0 ? null : [...sites]
}

/** Whether a site lies in a scope. */
export const isWithin = (scope: SiteScope, site: NodeId): boolean => scope === 'all' || scope.includes(site)

/** Every right a holder has, and where: what the pages show and what "what may this person see" says. */
export const rightsOf = (holder: Holder): Readonly<Partial<Record<Right, SiteScope>>> => {
  const held: Partial<Record<Right, SiteScope>> = {}
  for (const right of Object.keys(RIGHTS) as Right[]) {
    const scope = scopeOf(holder, right)
    if (scope !== null) held[right] = scope
  }
  return held
}
