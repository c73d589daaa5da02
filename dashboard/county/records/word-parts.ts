import { useMemo } from 'react'
import { useLanguage } from '../../parts/language.ts'
import { useSites } from '../county.ts'
import { useSay } from '../words.ts'
import type { WordParts } from './fields.ts'

/** What the words of records are made with, in the reader's language. */
export const useWordParts = (): WordParts => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  return useMemo(() => ({ say, language, sites }), [say, language, sites])
}
