import { Icon } from '../../parts/icons.tsx'
import { useLanguage } from '../../parts/language.ts'
import { useSay } from '../words.ts'

/** Shows the other language by its own name. */
export const LanguageSwitch = () => {
  const { language, choose } = useLanguage()
  const say = useSay()
  return (
    <button
      type="button"
      className="quiet-button"
      onClick={() => choose(language === 'zh' ? 'en' : 'zh')}
      title={say('language.switch')}
      data-testid="language"
    >
      <Icon name="globe" size={18} />
      <span className="language-name">{say('language.other')}</span>
    </button>
  )
}
