import { type Grant, ROLES, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { useMemo } from 'react'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useSites } from '../county.ts'
import { useSay } from '../words.ts'

/** Grants in words, those of the same sites in one line: `全部站点：库管员、财务`. */
export const useGrantLines = (): ((grants: readonly Grant[]) => readonly string[]) => {
  const { language } = useLanguage()
  const where = useScopeWords()
  return (grants) => {
    const lines = new Map<string, string[]>()
    for (const { role, sites } of grants) {
      const scope = where(sites)
      lines.set(scope, [...(lines.get(scope) ?? []), nameIn(ROLES[role], language)])
    }
    const [colon, comma] = language === 'zh' ? ['：', '、'] : [': ', ', ']
    return [...lines].map(([scope, roles]) => `${scope}${colon}${roles.join(comma)}`)
  }
}

/** The sites of a scope by name; one that is not known by its id. */
export const useScopeWords = (): ((scope: SiteScope) => string) => {
  const sites = useSites()
  const { language } = useLanguage()
  const say = useSay()
  return useMemo(
    () => (scope: SiteScope) => {
      if (scope === 'all') return say('grant.all-sites')
      const names = scope.map((site) => nameIn(sites.get(site)?.name ?? { zh: site, en: site }, language))
      return names.join(language === 'zh' ? '、' : ', ')
    },
    [sites, language, say],
  )
}
