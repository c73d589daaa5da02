import type { UserView } from '@lotkeeper/protocol/api/hub-people.ts'
import type { Grant, Role } from '@lotkeeper/protocol/rules/access.ts'

/** A grant as a form holds it; `EVERY` among the sites stands for all of them. */
export interface GrantForm {
  readonly role?: Role
  readonly sites?: readonly string[]
}
export const EVERY = '*'

/** A user as the form holds them. */
export interface UserForm {
  readonly login: string
  readonly name: string
  readonly sso?: string
  readonly grants: readonly GrantForm[]
}

/** What the form grants; a line that is not whole yet grants nothing. */
export const grantsOf = (lines: readonly (GrantForm | undefined)[] | undefined): readonly Grant[] =>
  (lines ?? []).flatMap((line): readonly Grant[] => {
    if (!line?.role || !line.sites || line.sites.length === 0) return []
    return [{ role: line.role, sites: line.sites.includes(EVERY) ? 'all' : line.sites }]
  })

/** Choosing all sites drops the single ones, choosing a single one drops all. */
export const sitesPicked = (before: readonly string[] | undefined, picked: readonly string[]): readonly string[] => {
  if (!picked.includes(EVERY)) return picked
  return before?.includes(EVERY) ? picked.filter((site) => site !== EVERY) : [EVERY]
}

export const userFormOf = ({ login, name, sso, roles }: UserView): UserForm => ({
  login,
  name,
  sso: sso ?? '',
  grants: roles.map(({ role, sites }) => ({ role, sites: sites === 'all' ? [EVERY] : [...sites] })),
})

/** The id in the address that opens an empty form. */
export const NEW_USER = '+'

/** A one-time code somebody was given, and until when it counts. */
export interface Coded {
  readonly name: string
  readonly code: string
  readonly until: string
}
