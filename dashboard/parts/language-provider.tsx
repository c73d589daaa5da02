import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { type Language, LanguageContext } from './language.ts'
import type { Memory } from './memory.ts'

/** Keeps the reader's language for the page and for the next visit; the document says it too, for screen readers and hyphenation. */
export const LanguageProvider = ({ memory, children }: { readonly memory: Memory; readonly children: ReactNode }) => {
  const [language, setLanguage] = useState<Language>(() => (memory.read('language') === 'en' ? 'en' : 'zh'))
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  }, [language])
  const choice = useMemo(
    () => ({
      language,
      choose: (next: Language) => {
        memory.write('language', next)
        setLanguage(next)
      },
    }),
    [language, memory],
  )
  return <LanguageContext value={choice}>{children}</LanguageContext>
}
