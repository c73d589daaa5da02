import type { Right, SiteScope } from '@lotkeeper/protocol/rules/access.ts'

/** Whether a right is held for the whole county: what belongs to no site is asked of nobody who holds it for some sites only. */
export const mayEverywhere = (session: { readonly rights: Readonly<Partial<Record<Right, SiteScope>>> }, right: Right): boolean =>
  session.rights[right] === 'all'
