import { ROUTE_RIGHTS } from '@lotkeeper/protocol/api/hub-rights.ts'
import { type Grant, RIGHTS, type Right, rightsOf, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'

/** What somebody with these grants may see, do and administer, each where: rights of one kind that hold at the same sites stand together. */
export interface SeesGroup {
  readonly group: RightGroup
  readonly where: readonly { readonly sites: SiteScope; readonly rights: readonly Right[] }[]
}
export type RightGroup = 'look' | 'act' | 'lead'

export const seesOf = (grants: readonly Grant[], scopes: readonly Right[] | null = null): readonly SeesGroup[] => {
  const held = rightsOf({ grants, scopes })
  return GROUPS.flatMap((group) => {
    const where = new Map<string, { readonly sites: SiteScope; readonly rights: Right[] }>()
    for (const right of rightsIn(group)) {
      const sites = held[right]
      if (sites === undefined || isIdle(right, sites)) continue
      const name = sites === 'all' ? 'all' : JSON.stringify([...sites].sort())
      const there = where.get(name) ?? { sites, rights: [] }
      where.set(name, there)
      there.rights.push(right)
    }
    return where.size === 0 ? [] : [{ group, where: [...where.values()].sort(wholeFirst) }]
  })
}

/** What only some may see and these grants do not show. */
export const unseenOf = (grants: readonly Grant[], scopes: readonly Right[] | null = null): readonly Right[] =>
  SENSITIVE.filter((right) => rightsOf({ grants, scopes })[right] === undefined)

/** Rights that were given for some sites and do nothing there: all they allow belongs to the county as a whole. */
export const idleOf = (grants: readonly Grant[]): readonly Right[] =>
  (Object.entries(rightsOf({ grants })) as [Right, SiteScope][]).filter(([right, sites]) => isIdle(right, sites)).map(([right]) => right)

export const GROUPS: readonly RightGroup[] = ['look', 'act', 'lead']

/** The rights of a kind, in the order of the table. */
export const rightsIn = (group: RightGroup): readonly Right[] =>
  (Object.keys(RIGHTS) as Right[]).filter((right) => groupOf(right) === group)

const groupOf = (right: Right): RightGroup => (right.endsWith('.see') ? 'look' : LEADING.has(right) ? 'lead' : 'act')

const isIdle = (right: Right, sites: SiteScope): boolean => sites !== 'all' && COUNTY_ONLY.has(right)

const wholeFirst = (one: { readonly sites: SiteScope }, other: { readonly sites: SiteScope }): number =>
  Number(other.sites === 'all') - Number(one.sites === 'all')

/** Whoever may come in, and what the hub and its nodes are. */
const LEADING: ReadonlySet<Right> = new Set<Right>([
  'nodes.enrol',
  'nodes.revoke',
  'hub.key',
  'users.write',
  'machines.write',
  'people.erase',
])
const SENSITIVE: readonly Right[] = ['prices.see', 'contacts.see', 'cases.see']

/** Every question that asks for such a right asks for it everywhere. */
const COUNTY_ONLY: ReadonlySet<Right> = new Set(
  (Object.keys(RIGHTS) as Right[]).filter((right) => {
    const rows = Object.values(ROUTE_RIGHTS).filter((row) => row.right === right)
    return rows.length > 0 && rows.every(({ site }) => site === 'county')
  }),
)
