import type { Right, SiteScope } from '@lotkeeper/protocol/rules/access.ts'

/** Whether somebody signed in holds a right anywhere: what a page shows follows from it, what the hub allows does not. */
export const may = (session: { readonly rights: Readonly<Partial<Record<Right, SiteScope>>> }, right: Right): boolean =>
  session.rights[right] !== undefined
