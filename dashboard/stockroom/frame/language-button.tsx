import { Icon } from '../../parts/icons.tsx'
import { useLanguage } from '../../parts/language.ts'
import { useSay } from '../words.ts'

/** Shows the other language by its own name. */
export const LanguageButton = () => {
  const { language, choose } = useLanguage()
  const say = useSay()
  return (
    <button type="button" className="bar-button" onClick={() => choose(language === 'zh' ? 'en' : 'zh')} data-testid="language">
      <Icon name="globe" size={24} />
      <span>{say('language.other')}</span>
    </button>
  )
}
